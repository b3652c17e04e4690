package pipeline_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/pipeline"
)

// The answer is lost, and the call is made again by itself, or by running again: both are told from a refusal.
func TestTakingOutIsSafeToRepeat(t *testing.T) {
	for _, tries := range []int{1, 3} {
		inBubble(t, fmt.Sprintf("%d tries", tries), func(t *testing.T) {
			w := newWorld(t)
			w.series("Trip", "t", 4, 0)
			w.run()
			w.cfg.Tries = tries
			cut := false
			w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
				resp, err := next.RoundTrip(req)
				if strings.HasSuffix(req.URL.Path, ":batchRemoveMediaItems") && !cut {
					cut = true
					return nil, errors.Join(err, resp.Body.Close(), errCut)
				}
				return resp, err
			})
			remove := pipeline.AlbumEdit{Album: "Trip", Remove: []string{w.path("Trip/t001.jpg"), w.path("Trip/t002.jpg")}}
			out, err := w.tryChange(t.Context(), remove)
			if tries == 1 {
				if err == nil {
					t.Error("it ended well")
				}
				out = w.change(remove)
			} else if err != nil {
				t.Error(err)
			}
			wantStates(t, states(out), map[string]string{"t001.jpg": "already", "t002.jpg": "already"})
			w.wantAlbums(map[string][]string{"Trip": {"t004.jpg", "t003.jpg"}})
			wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 4})
			w.wantAlbums(map[string][]string{"Trip": {"t004.jpg", "t003.jpg"}})
		})
	}
}

// The answer is lost, and the service refuses what an album holds already: the album is looked at before anything is put in once more, by the command itself, by
// running it again, or by the next import.
func TestPuttingInIsSafeToRepeat(t *testing.T) {
	for _, c := range []struct {
		name  string
		tries int
		then  func(w *world, add pipeline.AlbumEdit) map[string]string
		want  map[string]string
		calls map[string]int // of what comes then
	}{
		{"the command tries again", 3, nil, map[string]string{"x.jpg": "added", "y.jpg": "added"}, nil},
		{"it is run again", 1, func(w *world, add pipeline.AlbumEdit) map[string]string { return states(w.change(add)) },
			map[string]string{"x.jpg": "already", "y.jpg": "already"}, map[string]int{"mediaItems.search": 1}},
		{"an import comes", 1, func(w *world, add pipeline.AlbumEdit) map[string]string { w.run(); return states(w.change(add)) },
			map[string]string{"x.jpg": "already", "y.jpg": "already"}, map[string]int{"mediaItems.search": 1}},
		{"they are taken out", 1, func(w *world, add pipeline.AlbumEdit) map[string]string {
			return states(w.change(pipeline.AlbumEdit{Album: "Trip", Remove: add.Add}))
		}, map[string]string{"x.jpg": "removed", "y.jpg": "removed"}, map[string]int{"albums.batchRemoveMediaItems": 2}},
	} {
		for _, applied := range []bool{true, false} {
			if c.then == nil && !applied {
				continue // an ordinary call that is tried again
			}
			inBubble(t, fmt.Sprintf("%s, applied: %v", c.name, applied), func(t *testing.T) {
				w := newWorld(t)
				w.unseen = true
				w.photo("Trip/b.jpg", 20)
				w.photo("Other/x.jpg", 1)
				w.photo("Other/y.jpg", 2)
				w.run()
				w.cfg.Tries = c.tries
				cut := false
				refuse := jealous(w)
				w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
					if !strings.HasSuffix(req.URL.Path, ":batchAddMediaItems") || cut {
						return refuse(next, req)
					}
					cut = true
					if !applied {
						return nil, errCut
					}
					resp, err := next.RoundTrip(req)
					return nil, errors.Join(err, resp.Body.Close(), errCut)
				})
				add := pipeline.AlbumEdit{Album: "Trip", Add: []string{w.path("Other/x.jpg"), w.path("Other/y.jpg")}}
				out, err := w.tryChange(t.Context(), add)
				got := states(out)
				if c.then != nil {
					if err == nil {
						t.Error("it ended well")
					}
					before := w.service.Calls()
					got = c.then(w, add)
					if applied {
						wantCalls(t, w.calls(before), c.calls)
					}
				} else if err != nil {
					t.Error(err)
				}
				if want := c.want; applied {
					wantStates(t, got, want)
				}
				held := []string{"b.jpg", "x.jpg", "y.jpg"}
				if c.name == "they are taken out" {
					held = held[:1]
				}
				w.wantAlbums(map[string][]string{"Trip": held, "Other": {"x.jpg", "y.jpg"}})
			})
		}
	}
}
