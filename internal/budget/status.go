package budget

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"time"
)

// Status is how the budget stands.
type Status struct {
	Today Day       `json:"today"`
	Used  int       `json:"used"`  // of today's requests
	Held  int       `json:"held"`  // by jobs that are under way, for files that are on their way
	Jobs  int       `json:"jobs"`  // under way, all accounts together
	Limit int       `json:"limit"` // 0 = only counted
	Left  int       `json:"left"`  // what a job could hold now; of an unlimited budget, what the service's own quota leaves
	Reset time.Time `json:"reset"` // when the day's requests come back
	Days  []Day     `json:"days"`  // those with requests, today first; 400 at the most
}

// Read tells how the budget stands. It writes nothing, makes no one wait, and may run beside any job. Without a file nothing has been used.
func Read(ctx context.Context, cfg Config) (Status, error) {
	if err := cfg.valid(); err != nil {
		return Status{}, err
	}
	cfg = cfg.withDefaults()
	now := cfg.Now()
	s := Status{Limit: cfg.Limit, Reset: NextReset(now)}
	c, ids, err := look(ctx, cfg.Path)
	if err != nil {
		return Status{}, unusable(cfg.Path, err)
	}
	today := date(now)
	if _, counted := c.days[today]; today != c.last || !counted {
		c.turn(today)
	}
	s.Days = c.history(today)
	s.Today = s.Days[0]
	s.Used = s.Today.Used()
	for id, held := range ids {
		if alive((&store{path: cfg.Path}).lockPath(id)) {
			s.Held += held
			s.Jobs++
		}
	}
	s.Left = s.left(cfg.Anyway)
	return s, nil
}

func (s Status) left(anyway bool) int {
	if s.Today.Spent && !anyway {
		return 0
	}
	return max(0, Reservable(s.Limit)-s.Used-s.Held)
}

// Reservable is how many requests of a whole day can be held. A limit of 0 leaves the service's own.
func Reservable(limit int) int {
	if limit == 0 {
		limit = DefaultLimit
	}
	return limit - Slack(limit)
}

// look reads the database as of one moment.
func look(ctx context.Context, path string) (*calendar, map[string]int, error) {
	empty := &calendar{days: map[string]Day{}}
	switch _, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return empty, nil, nil
	case err != nil:
		return nil, nil, err
	}
	query := "mode=ro"
	if _, err := os.Stat(path + "-wal"); err != nil {
		query = "immutable=1" // nobody has it open: read it without leaving files beside it
	}
	db, err := sql.Open("sqlite", dsn(path, query))
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = db.Close() }()
	snapshot, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = snapshot.Rollback() }()
	if made, err := layout(ctx, snapshot); err != nil || !made {
		return empty, nil, err
	}
	c, err := readCalendar(ctx, snapshot)
	if err != nil {
		return nil, nil, err
	}
	jobs, err := readJobs(ctx, snapshot)
	return c, jobs, err
}

// readJobs reads what each job holds.
func readJobs(ctx context.Context, q querier) (map[string]int, error) {
	rows, err := q.QueryContext(ctx, "SELECT id, held FROM jobs")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	jobs := map[string]int{}
	for rows.Next() {
		var id string
		var held int
		if err := rows.Scan(&id, &held); err != nil {
			return nil, err
		}
		jobs[id] = held
	}
	return jobs, rows.Err()
}

// measuredFor is how long uploads must have been under way, in the newest days that make it up, for their rate to be believed.
const measuredFor = 10 * time.Second

// BytesPerSecond is how fast uploads went in the last runs; 0 if there were none that say much.
func (s Status) BytesPerSecond() float64 {
	var bytes int64
	var busy time.Duration
	for _, d := range s.Days {
		if bytes, busy = bytes+d.Bytes, busy+d.Busy; busy >= measuredFor {
			return float64(bytes) / busy.Seconds()
		}
	}
	return 0
}
