package emulator_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/albumwright/albumwright/emulator"
)

// A user who signs in may leave out a box. A program finds out by a 403, and
// by a 401 where it uploads.
func ExampleServer_NewAccessToken() {
	service, err := emulator.New(emulator.Config{})
	if err != nil {
		panic(err)
	}
	defer service.Close()

	client := &http.Client{Transport: service.Transport()}
	token := service.NewAccessToken(emulator.ScopeReadAppCreated)
	for _, request := range []string{"GET albums", "POST albums", "POST uploads"} {
		method, path, _ := strings.Cut(request, " ")
		r, _ := http.NewRequest(method, "https://photoslibrary.googleapis.com/v1/"+path, nil)
		r.Header.Set("Authorization", "Bearer "+token)
		res, err := client.Do(r)
		if err != nil {
			panic(err)
		}
		_ = res.Body.Close()
		fmt.Println(request, res.Status)
	}
	// Output:
	// GET albums 200 OK
	// POST albums 403 Forbidden
	// POST uploads 401 Unauthorized
}
