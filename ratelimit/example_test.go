package ratelimit_test

import (
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/albumwright/albumwright/ratelimit"
)

// One limiter belongs to one account. Its transport goes under the client, below any retry.
func Example() {
	limiter, err := ratelimit.New(ratelimit.Config{
		WritesPerMinute: ratelimit.DefaultWritesPerMinute,
		Observe: func(w ratelimit.Wait) {
			if !w.Until.IsZero() {
				fmt.Printf("waiting for %s, until %s\n", w.For, w.Until.Format(time.TimeOnly))
			}
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	client := &http.Client{Transport: limiter.Transport(http.DefaultTransport)}
	_ = client // give it, or the transport, to photos.New
}
