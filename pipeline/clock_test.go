package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/clock"
	"github.com/albumwright/albumwright/pipeline"
)

// wrongClock is a clock that somebody has set.
type wrongClock struct {
	clock.Real
	ahead time.Duration
}

func (c wrongClock) Now() time.Time { return time.Now().Add(c.ahead) }

// A clock that is a year off between two runs costs at most that what was under way is sent again. It loses nothing and doubles nothing.
func TestAClockThatIsSetBackOrAheadByAYearDoublesNothing(t *testing.T) {
	const year = 365 * 24 * time.Hour
	for _, ahead := range [][3]time.Duration{{0, -year, 0}, {0, year, 0}, {year, 0, -year}, {-year, year, 0}} {
		inBubble(t, fmt.Sprint(ahead), func(t *testing.T) {
			w := newWorld(t)
			names := w.series("Pier", "p", 20, 0)
			body := w.film("Pier/film.mp4", 30)
			ctx, kill := context.WithCancelCause(t.Context())
			died := errors.New("died")
			w.cfg.Observe = func(ev pipeline.Event) {
				if p, ok := ev.(pipeline.Progress); ok && p.Stage == pipeline.StageUpload && (p.Done == 12 || p.Bytes > filmSize) {
					kill(died)
				}
			}
			w.cfg.Clock = wrongClock{ahead: ahead[0]}
			if _, err := w.try(ctx); !errors.Is(err, died) {
				t.Fatal(err)
			}
			w.cfg.Observe = nil
			w.cfg.Clock = wrongClock{ahead: ahead[1]}
			rep := w.run()
			wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 21})
			w.wantAlbums(map[string][]string{"Pier": append(names, "film.mp4")})
			if n := len(w.service.MediaItems()); n != 21 {
				t.Errorf("the service has %d media items of %d bytes, want 21", n, len(body))
			}
			w.cfg.Clock = wrongClock{ahead: ahead[2]}
			before := w.service.Calls()
			wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 21})
			wantCalls(t, w.calls(before), map[string]int{})
		})
	}
}
