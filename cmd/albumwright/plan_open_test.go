package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/fixture"
)

// The page hands over what the command without a page prints for the settings that were chosen there.
func TestThePageOfAPlanWritesThePlanThatWasChosenThere(t *testing.T) {
	t.Setenv("PATH", "") // no browser
	dir := t.TempDir()
	begin := time.Date(2024, 5, 18, 9, 0, 0, 0, time.UTC)
	for i, minutes := range []int{0, 30, 100, 400, 990} {
		media := fixture.JPEG(fixture.Spec{Captured: begin.Add(time.Duration(minutes) * time.Minute), Seed: i})
		if err := os.WriteFile(filepath.Join(dir, string(rune('a'+i))+".jpg"), media, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	state := filepath.Join(t.TempDir(), "none")
	args := []string{"albumwright", "plan", "--album-template", "{event:%A %H:%M}", "--state-dir", state, dir}
	var plain bytes.Buffer
	if code := run(t.Context(), append(args, "--event-gap", "2h", "--day-start", "03:00"), terminal{out: &plain, err: io.Discard}); code != exitOK {
		t.Fatal(code)
	}

	told, tell := io.Pipe()
	var chosen bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(t.Context(), append(args, "--open"), terminal{out: &chosen, err: tell})
		_ = tell.Close()
	}()
	lines := bufio.NewScanner(told)
	address := ""
	for address == "" && lines.Scan() {
		address = regexp.MustCompile(`http://\S+/`).FindString(lines.Text())
	}
	go func() { _, _ = io.Copy(io.Discard, told) }()
	if address == "" {
		t.Fatal("no address; exit code", <-ended)
	}
	res, err := http.PostForm(address+"done", url.Values{"gap": {"2h"}, "day": {"3h"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if code := <-ended; code != exitOK {
		t.Error("exit code", code)
	}
	if got, want := withoutComments(chosen.String()), withoutComments(plain.String()); got != want || strings.Count(got, "album:") != 3 {
		t.Errorf("the page wrote:\n%s\nwithout it:\n%s", got, want)
	}
	if want := "# Made with --event-gap 2h0m0s --day-start 03:00\n"; !strings.Contains(chosen.String(), want) || !strings.Contains(plain.String(), want) {
		t.Errorf("the plan does not say %q:\n%s", want, chosen.String())
	}
	if _, err := os.Stat(state); err == nil {
		t.Error("a ledger was written")
	}
}

// withoutComments leaves out what tells of the time at which the plan was made.
func withoutComments(yaml string) string {
	return regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(yaml, "")
}
