package emulator_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// BenchmarkSmallCall is the cheapest request that there is, a listing of nothing:
// what each request costs beside its work, with the page of requests closed and
// open in a browser.
func BenchmarkSmallCall(b *testing.B) {
	for _, open := range []bool{false, true} {
		name := "closed"
		if open {
			name = "open"
		}
		b.Run(name, func(b *testing.B) {
			s, err := emulator.New(emulator.Config{})
			if err != nil {
				b.Fatal(err)
			}
			if open {
				defer watchEvents(b, s)()
			}
			b.ReportAllocs()
			for b.Loop() {
				ask(b, s, http.MethodGet, "/v1/albums", "")
			}
		})
	}
}

// watchEvents holds a stream of events open until stop is called.
func watchEvents(b *testing.B, s *emulator.Server) (stop func()) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	begun, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		s.ServeHTTP(&events{httptest.NewRecorder(), begun}, httptest.NewRequestWithContext(ctx, http.MethodGet, "/events", nil))
	}()
	<-begun
	return func() { cancel(); <-ended }
}

// events is an answer that tells when its first words are sent.
type events struct {
	*httptest.ResponseRecorder
	begun chan struct{}
}

// Flush implements http.Flusher.
func (e *events) Flush() {
	if !e.Flushed {
		close(e.begun)
	}
	e.ResponseRecorder.Flush()
}

// BenchmarkGallery is a page of the gallery over a library of a million items.
func BenchmarkGallery(b *testing.B) {
	s := manyItems()
	for _, path := range []string{"/", "/library", "/library?page=2000", "/library?page=4167", "/trash", "/requests", "/service"} {
		b.Run(path, func(b *testing.B) {
			clocked(b, longestPage, nothing, func() {
				w := httptest.NewRecorder()
				if s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil)); w.Code != http.StatusOK {
					b.Fatal(w.Code, w.Body)
				}
			}, nothing)
		})
	}
}
