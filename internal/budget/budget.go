// Package budget counts the requests of a day, for all runs on this machine that belong to one project, and holds back what they will still need.
//
// The service allows a project (an OAuth client) 10,000 requests a day, uploads and listings included; the day ends at midnight Pacific
// (contract 6). The count lies in one small database that all processes share: several accounts of one project can run at once.
//
// [Begin] makes a [Job], one for each run. [Job.Reserve] holds what a file will need before its bytes are begun, so that nothing is sent up that
// could not be made a media item today; [Transport] puts [Job.Take] under an HTTP client, below any retry, so that every attempt is counted before
// it goes out. What does not fit is refused with an [ErrSpent], which says when it will. [Read] tells how the day stands, without disturbing anyone,
// and [Work.Forecast] what a job will cost.
//
// A hold is a promise: used + held never grows beyond the limit, so that what was held can be sent whatever other jobs do. A job that dies loses
// its holds at once, because a lock file that belongs to its process says whether it lives.
//
// The day is the one that the clock shows. If the clock is set back, what was used of the last day that it had shown counts for the day that it
// shows now as well; so a wrong clock never gives a second budget by going back, and never blocks anything beyond the next midnight.
package budget

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// The quotas of a project for a day (contract 6).
const (
	DefaultLimit = 10_000 // requests
	LoadLimit    = 75_000 // loads of base URLs, which are not among the requests
)

// Config says which budget, and how much of it. Path is required.
type Config struct {
	Path  string // of the database, see [Path]
	Limit int    // requests a day; 0 = only counted
	// Anyway sends requests even though the service has said that the day's are used up.
	Anyway bool
	Now    func() time.Time // the clock; nil is time.Now
}

func (c Config) valid() error {
	switch {
	case c.Path == "":
		return errors.New("budget: Config.Path is missing")
	case c.Limit < 0:
		return fmt.Errorf("budget: Config.Limit is %d, but must be 0 (only counted) or more", c.Limit)
	}
	return nil
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Path is where the budget of an endpoint and OAuth client lies in a state folder. The account is not part of it: the quota is the project's.
func Path(stateDir, endpoint, client string) string {
	host := endpoint
	if u, err := url.Parse(endpoint); err == nil && u.Host != "" {
		host = u.Host
	}
	readable := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '_'
	}, host)
	sum := sha256.Sum256([]byte(endpoint + "\x00" + client))
	return filepath.Join(stateDir, "budgets", readable[:min(len(readable), 100)]+"-"+hex.EncodeToString(sum[:4]), "budget.db")
}

// Slack is how many of a day's requests no hold may take: they are for repetitions. It is half a percent, 20 at the least, but never more than a
// fifth, so that a limit of ten, which is good for a test, still lets files through.
func Slack(limit int) int { return min(limit/5, max(20, limit/200)) }
