package emulator_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/albumwright/albumwright/emulator"
)

// The limits of the service, one of them lower so that it is soon reached: a
// second album within the minute is refused. In a testing/synctest bubble a
// minute, and a day, pass in no time.
func ExampleServiceQuota() {
	quota := emulator.ServiceQuota()
	quota.WritesPerMinutePerUser = 1
	service, err := emulator.New(emulator.Config{Quota: quota})
	if err != nil {
		panic(err)
	}
	defer service.Close()

	client := &http.Client{Transport: service.Transport()}
	for range 2 {
		r, _ := http.NewRequest(http.MethodPost, "https://photoslibrary.googleapis.com/v1/albums", strings.NewReader(`{"album":{"title":"Lake"}}`))
		r.Header.Set("Authorization", "Bearer "+service.AccessToken())
		res, err := client.Do(r)
		if err != nil {
			panic(err)
		}
		_ = res.Body.Close()
		fmt.Println(res.Status)
	}
	spent := service.Spent()
	fmt.Println(spent.Requests, "of", quota.RequestsPerDay, "requests,", spent.Writes, "of", quota.WritesPerMinutePerUser, "writes")
	// Output:
	// 200 OK
	// 429 Too Many Requests
	// 2 of 10000 requests, 1 of 1 writes
}

// A test in another language steers the emulator over HTTP.
func ExampleServer_ControlToken() {
	service, err := emulator.New(emulator.Config{ControlToken: "control-example"})
	if err != nil {
		panic(err)
	}
	defer service.Close()

	client := &http.Client{Transport: service.Transport()}
	r, _ := http.NewRequest(http.MethodPost, "http://emulator.test/control/faults?prettyPrint=false", strings.NewReader(
		`{"operation": "uploads", "nth": 3, "effect": {"name": "503"}}`))
	r.Header.Set("X-Control-Token", service.ControlToken())
	res, err := client.Do(r)
	if err != nil {
		panic(err)
	}
	defer res.Body.Close()
	answer, _ := io.ReadAll(res.Body)
	fmt.Printf("%s %s", res.Status, answer)
	fmt.Println(len(service.Unmet()), "fault is planned")
	// Output:
	// 200 OK {"planned":1}
	// 1 fault is planned
}
