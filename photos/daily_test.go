package photos_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/albumwright/albumwright/photos"
)

// spent is the refusal of someone who counts requests.
type spent struct{ until time.Time }

func (spent) Error() string           { return "the budget is used up" }
func (s spent) DailyQuota() time.Time { return s.until }

func TestATransportThatRefusesForTheDayIsAsFinalAsTheServicesOwnRefusal(t *testing.T) {
	refusal := spent{time.Now().Add(time.Hour)}
	for op, err := range bothCalls(t, wire(func(*http.Request) (*http.Response, error) { return nil, refusal })) {
		var d photos.DailyQuota
		if photos.Classify(err) != photos.ClassDailyQuota || !errors.As(err, &d) || !d.DailyQuota().Equal(refusal.until) {
			t.Errorf("%s: class %v of %v, want the daily quota with its end", op, photos.Classify(err), err)
		}
	}
	if got := photos.Classify(refusal); got != photos.ClassDailyQuota {
		t.Errorf("from someone else than this package: class %v, want the daily quota", got)
	}
}
