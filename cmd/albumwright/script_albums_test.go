package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// shareAlbum shares an album of an emulator of 2024 by its title, as an app could.
func shareAlbum(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: sharealbum URL TITLE")
	}
	id := albumTitled(ts, args[0], args[1])
	goodAnswer(ts, http.MethodPost, args[0]+"/v1/albums/"+id+":share", "Authorization", "Bearer "+ts.Getenv(accessTokenVar), "{}")
}

// deleteAlbum deletes an album of an emulator by its title, as the user does.
func deleteAlbum(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: deletealbum URL TITLE")
	}
	id := albumTitled(ts, args[0], args[1])
	goodAnswer(ts, http.MethodPost, args[0]+"/control/albums/"+id+"/delete", "X-Control-Token", ts.Getenv(controlTokenVar), "{}")
}

// trashPhoto throws a media item of an emulator away, by its file name, as the user does.
func trashPhoto(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: trashphoto URL NAME")
	}
	var all struct {
		MediaItems []struct{ ID, Filename string }
	}
	ts.Check(json.Unmarshal(goodAnswer(ts, http.MethodGet, args[0]+"/control/items", "X-Control-Token", ts.Getenv(controlTokenVar), ""), &all))
	for _, it := range all.MediaItems {
		if it.Filename == args[1] {
			goodAnswer(ts, http.MethodPost, args[0]+"/control/items/"+it.ID+"/marks", "X-Control-Token", ts.Getenv(controlTokenVar), `{"trashed": true}`)
			return
		}
	}
	ts.Fatalf("there is no photo %q", args[1])
}

// emptyTrash deletes for good what is in the trash of an emulator.
func emptyTrash(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: emptytrash URL")
	}
	goodAnswer(ts, http.MethodPost, args[0]+"/control/trash/empty", "X-Control-Token", ts.Getenv(controlTokenVar), "{}")
}

// albumTitled is the id of an album.
func albumTitled(ts *testscript.TestScript, url, title string) string {
	var all struct {
		Albums []struct{ ID, Title string }
	}
	ts.Check(json.Unmarshal(goodAnswer(ts, http.MethodGet, url+"/control/albums", "X-Control-Token", ts.Getenv(controlTokenVar), ""), &all))
	for _, a := range all.Albums {
		if a.Title == title {
			return a.ID
		}
	}
	ts.Fatalf("there is no album %q", title)
	return ""
}

// goodAnswer is the body of an answer that must be good.
func goodAnswer(ts *testscript.TestScript, method, url, header, secret, send string) []byte {
	req, err := http.NewRequest(method, url, strings.NewReader(send))
	ts.Check(err)
	req.Header.Set(header, secret)
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	ts.Check(err)
	if resp.StatusCode != http.StatusOK {
		ts.Fatalf("%s %s: %s %s", method, url, resp.Status, text)
	}
	return text
}
