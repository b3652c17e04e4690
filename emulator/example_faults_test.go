package emulator_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/albumwright/albumwright/emulator"
)

// The first album is made, and the answer that says so is lost. A program that
// simply asks again has two of them.
func ExampleServer_Plan() {
	service, err := emulator.New(emulator.Config{})
	if err != nil {
		panic(err)
	}
	defer service.Close()
	if err := service.Plan(emulator.Fault{Operation: "albums.create", Match: "Lake", Effect: emulator.ApplyThenCut()}); err != nil {
		panic(err)
	}

	client := &http.Client{Transport: service.Transport()}
	for range 2 {
		r, _ := http.NewRequest(http.MethodPost, "https://photoslibrary.googleapis.com/v1/albums",
			strings.NewReader(`{"album":{"title":"At the Lake"}}`))
		r.Header.Set("Authorization", "Bearer "+service.AccessToken())
		if res, err := client.Do(r); err != nil {
			fmt.Println(err)
		} else {
			fmt.Println(res.Status)
			_ = res.Body.Close()
		}
	}
	fmt.Println(len(service.Albums()), "albums;", len(service.Unmet()), "faults unmet")
	// Output:
	// Post "https://photoslibrary.googleapis.com/v1/albums": unexpected EOF
	// 200 OK
	// 2 albums; 0 faults unmet
}

// A plan can stand in a file, one fault a line.
func ExampleLoadFaults() {
	faults, err := emulator.LoadFaults(strings.NewReader(
		`{"operation": "uploads", "match": "IMG_0042", "nth": 2, "effect": {"name": "503", "retryAfter": 30}}` + "\n" +
			`{"operation": "*", "times": -1, "effect": {"name": "slow", "delay": "1m30s"}}`))
	fmt.Println(len(faults), faults[0].Effect.Name, faults[1].Effect.Name, err)
	_, err = emulator.LoadFaults(strings.NewReader(`{"operation": "uploads", "effect": {"name": "503", "retry": 30}}`))
	fmt.Println(err)
	// Output:
	// 2 503 slow <nil>
	// faults: line 1: effect: unknown key "retry"; known are name, apply, retryAfter, delay, at, entry, nameEntry, code, message
}
