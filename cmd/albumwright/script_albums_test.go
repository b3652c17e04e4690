package main

import (
	"encoding/json"
	"io"
	"net/http"

	"github.com/rogpeppe/go-internal/testscript"
)

// deleteAlbum deletes an album of an emulator by its title, as the user does.
func deleteAlbum(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: deletealbum URL TITLE")
	}
	control := func(method, path string) []byte {
		req, err := http.NewRequest(method, args[0]+path, nil)
		ts.Check(err)
		req.Header.Set("X-Control-Token", ts.Getenv("ALBUMWRIGHT_CONTROL_TOKEN"))
		resp, err := http.DefaultClient.Do(req)
		ts.Check(err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		ts.Check(err)
		if resp.StatusCode != http.StatusOK {
			ts.Fatalf("%s %s: %s %s", method, path, resp.Status, body)
		}
		return body
	}
	var all struct {
		Albums []struct{ ID, Title string }
	}
	ts.Check(json.Unmarshal(control(http.MethodGet, "/control/albums"), &all))
	for _, a := range all.Albums {
		if a.Title == args[1] {
			control(http.MethodPost, "/control/albums/"+a.ID+"/delete")
			return
		}
	}
	ts.Fatalf("there is no album %q", args[1])
}
