package main

import (
	"encoding/json"
	"net/http"

	"github.com/rogpeppe/go-internal/testscript"
)

// A story that is about what happens while a request is under way holds that back, so that it comes out alike on a machine of any speed.

func hold(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: hold OPERATION")
	}
	steer(ts, http.MethodPost, "faults", `{"operation":"`+args[0]+`","times":-1,"effect":{"name":"slow","delay":"24h"}}`)
}

func held(ts *testscript.TestScript, _ bool, _ []string) {
	until(ts, "a request is held back", func() bool {
		var faults struct{ HeldUp int }
		ts.Check(json.Unmarshal(steer(ts, http.MethodGet, "faults", ""), &faults))
		return faults.HeldUp > 0
	})
}

func letGo(ts *testscript.TestScript, _ bool, _ []string) {
	steer(ts, http.MethodPost, "faults/forget", "")
}

// steer tells the emulator that the program talks to what it shall do, or asks it.
func steer(ts *testscript.TestScript, method, path, body string) []byte {
	return goodAnswer(ts, method, ts.Getenv("ALBUMWRIGHT_ENDPOINT")+"/control/"+path, "X-Control-Token", ts.Getenv(controlTokenVar), body)
}
