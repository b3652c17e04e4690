package budget

import (
	"errors"
	"fmt"
	"time"
)

// Errors that say something about the job or the machine, not about the day.
var (
	// ErrTooFew is a reservation that no day can fulfil.
	ErrTooFew = errors.New("the limit of requests a day is too small")
	// ErrUnusable is a budget that cannot be read or written: no room, no permission, damage, a network file system. The text says what to do.
	ErrUnusable = errors.New("the request budget cannot be used")
)

// ErrSpent refuses a request, or a reservation, for which the day has no room. It passes at Until.
type ErrSpent struct {
	Until time.Time // when the day's requests come back
	Limit int       // requests a day, of this job; 0 = not limited
	Used  int       // of the day
	Held  int       // by jobs, for files that are on their way
	// Service is true when the service itself has said that the day is spent.
	Service bool

	loads bool // it is about loads of base URLs
}

// Error says what is used up, and until when.
func (e ErrSpent) Error() string {
	until := e.Until.Format("2006-01-02 15:04 MST")
	if e.Service {
		return fmt.Sprintf("the service has said that the day's requests are used up; they come back at %s", until)
	}
	if e.loads {
		return fmt.Sprintf("the day's %d loads of base URLs are used up; they come back at %s", e.Limit, until)
	}
	return fmt.Sprintf("the budget of %d requests a day is used up (%d used, %d held for files on their way); it comes back at %s", e.Limit, e.Used, e.Held, until)
}

// DailyQuota is when the day's requests come back. The method marks the error as one that a new day mends (photos.DailyQuota).
func (e ErrSpent) DailyQuota() time.Time { return e.Until }
