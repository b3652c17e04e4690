package budget

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// Job is one run's share of the budget. It is safe for concurrent use; the caller closes it.
type Job struct {
	cfg   Config
	store *store
	id    string
	lock  *flock.Flock
	meter meter
}

// Begin opens the budget, which is made if it does not exist, and enters a job. An error is an [ErrUnusable] and says what to do.
func Begin(ctx context.Context, cfg Config) (*Job, error) {
	if err := cfg.valid(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	s, err := open(ctx, cfg.Path)
	if err != nil {
		return nil, err
	}
	j := &Job{cfg: cfg, store: s}
	err = s.transact(ctx, cfg.Now, func(t *tx) (err error) {
		if err = t.buryDead(); err == nil {
			j.id, j.lock, err = t.enlist()
		}
		return err
	})
	if err != nil {
		return nil, errors.Join(err, j.leave(), s.close())
	}
	return j, nil
}

// Close ends the job and gives back what it still holds. Nothing else may be under way.
func (j *Job) Close() error {
	err := j.transact(context.Background(), func(t *tx) error {
		if err := t.measure(&j.meter); err != nil {
			return err
		}
		_, err := t.ExecContext(t.ctx, "DELETE FROM jobs WHERE id = ?", j.id)
		return err
	})
	return errors.Join(err, j.leave(), j.store.close())
}

// leave gives the lock file back. Somebody who finds it in between may remove it as well.
func (j *Job) leave() error {
	if j.lock == nil {
		return nil
	}
	err := j.lock.Close()
	if gone := os.Remove(j.lock.Path()); !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

func (j *Job) transact(ctx context.Context, fn func(*tx) error) error {
	return j.store.transact(ctx, j.cfg.Now, fn)
}

// Reserve holds n requests for something that is about to begin: what is sent for a file, and what makes a media item of it. It holds all or
// nothing. Without room the error is an [ErrSpent]; [ErrTooFew] if no day has room.
func (j *Job) Reserve(ctx context.Context, n int) error {
	room := j.cfg.Limit - Slack(j.cfg.Limit)
	switch {
	case n < 0:
		return fmt.Errorf("budget: a reservation of %d requests", n)
	case j.cfg.Limit > 0 && n > room:
		return fmt.Errorf("%w: of %d requests %d can be held, but %d are needed together", ErrTooFew, j.cfg.Limit, room, n)
	}
	fits := func(s standing) bool { return j.cfg.Limit == 0 || s.day.Used()+s.held+n <= room }
	return j.admit(ctx, fits, func(t *tx) error {
		_, err := t.ExecContext(t.ctx, "INSERT INTO jobs (id, held) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET held = held + excluded.held", j.id, n)
		return err
	})
}

// Take counts one request that goes out now, and uses up one of the job's holds if it has any. Without one it may only take what nobody holds. If
// there is no room the error is an [ErrSpent], and nothing may be sent. Loads of base URLs have a limit of their own, and no holds.
func (j *Job) Take(ctx context.Context, kind Kind) error {
	if kind == BaseURLLoad {
		return j.load(ctx)
	}
	fits := func(s standing) bool {
		others := s.held
		if s.own > 0 {
			others = 0 // what was held has room, unless the limit was lowered since
		}
		return j.cfg.Limit == 0 || s.day.Used()+others < j.cfg.Limit
	}
	return j.admit(ctx, fits, func(t *tx) error {
		if err := t.count(kind); err != nil {
			return err
		}
		if _, err := t.ExecContext(t.ctx, "UPDATE jobs SET held = held - 1 WHERE id = ? AND held > 0", j.id); err != nil {
			return err
		}
		return t.measure(&j.meter)
	})
}

// load counts one load of a base URL.
func (j *Job) load(ctx context.Context) error {
	var refused error
	err := j.transact(ctx, func(t *tx) error {
		d, err := t.day()
		if err == nil && d.Loads >= LoadLimit {
			refused = ErrSpent{Until: NextReset(t.now), Limit: LoadLimit, Used: d.Loads, loads: true}
			return nil
		}
		return errors.Join(err, t.count(BaseURLLoad))
	})
	if err != nil {
		return err
	}
	return refused
}

func (t *tx) count(kind Kind) error {
	column := kind.column()
	_, err := t.ExecContext(t.ctx, "UPDATE days SET "+column+" = "+column+" + 1 WHERE date = ?", t.today)
	return err
}

// Release gives back n holds that turned out not to be needed. If that fails they are given back when the job ends.
func (j *Job) Release(n int) {
	_ = j.transact(context.Background(), func(t *tx) error {
		_, err := t.ExecContext(t.ctx, "UPDATE jobs SET held = max(0, held - max(0, ?)) WHERE id = ?", n, j.id)
		return err
	})
}

// MarkSpent notes that the service has refused a request, sent at a time, because the day's are used up: until they come back nobody of this project
// tries another one. An answer that comes after midnight says nothing about the new day.
func (j *Job) MarkSpent(ctx context.Context, sent time.Time) error {
	return j.transact(ctx, func(t *tx) error {
		_, err := t.ExecContext(t.ctx, "UPDATE days SET spent = 1 WHERE date = ? AND date = ?", t.today, date(sent))
		return err
	})
}

// standing is how the day stands at one moment.
type standing struct {
	day       Day
	held, own int // by all jobs, by this one
}

// admit carries out what fits, or says why it does not. The dead are only looked for when there is no room.
func (j *Job) admit(ctx context.Context, fits func(standing) bool, then func(*tx) error) error {
	var refused error // not an error of the transaction: what it found out about the dead is kept
	err := j.transact(ctx, func(t *tx) error {
		s, err := t.standing(j.id)
		if err == nil && !fits(s) {
			if err = t.buryDead(); err == nil {
				s.held, s.own, err = t.held(j.id)
			}
		}
		if err != nil {
			return err
		}
		if refused = j.refusal(t, s, fits); refused != nil {
			return nil
		}
		return then(t)
	})
	if err != nil {
		return err
	}
	return refused
}

// refusal is why something may not be done, nil if it may.
func (j *Job) refusal(t *tx, s standing, fits func(standing) bool) error {
	spent := s.day.Spent && !j.cfg.Anyway
	if !spent && fits(s) {
		return nil
	}
	return ErrSpent{Until: NextReset(t.now), Limit: j.cfg.Limit, Used: s.day.Used(), Held: s.held, Service: spent}
}

func (t *tx) standing(id string) (s standing, err error) {
	if s.day, err = t.day(); err == nil {
		s.held, s.own, err = t.held(id)
	}
	return s, err
}
