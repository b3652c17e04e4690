package ratelimit_test

import (
	"context"
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

// Lanes go around uploads: many goroutines may want to send, and as many do as the link bears.
func ExampleLanes() {
	lanes, err := ratelimit.NewLanes(ratelimit.LanesConfig{})
	if err != nil {
		log.Fatal(err)
	}
	send := func(ctx context.Context, photo []byte) (err error) {
		leave, err := lanes.Enter(ctx)
		if err != nil {
			return err
		}
		defer func() { leave(err) }()
		lanes.Moved(len(photo)) // as the bytes leave
		return nil
	}
	fmt.Println(send(context.Background(), []byte("a photo")), lanes.Number())
	// Output: <nil> 4
}

// A limit for office hours, another one for the evening, and none at night.
func ExampleParseTimetable() {
	table, err := ratelimit.ParseTimetable("08:00,512k 19:00,10M 23:00,off")
	if err != nil {
		log.Fatal(err)
	}
	for _, hour := range []int{9, 20, 2} {
		fmt.Println(table.At(time.Date(2026, 11, 23, hour, 0, 0, 0, time.Local)))
	}
	// Output:
	// 524288
	// 10485760
	// 0
}
