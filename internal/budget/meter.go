package budget

import (
	"sync"
	"time"
)

// meter measures how fast uploads go together: their bytes, over the time in which at least one was under way.
type meter struct {
	mu     sync.Mutex
	active int           // guarded by mu, as all below
	since  time.Time     // what is before is in busy
	busy   time.Duration // not yet written down
	bytes  int64         // likewise
}

func (m *meter) begin(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.active == 0 {
		m.since = now
	}
	m.active++
}

func (m *meter) end(now time.Time, bytes int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.active--
	m.bytes += bytes
	if m.active == 0 {
		m.busy += now.Sub(m.since)
	}
}

// read gives what was measured since it was asked last.
func (m *meter) read(now time.Time) (bytes int64, busy time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.active > 0 {
		m.busy += now.Sub(m.since)
		m.since = now
	}
	bytes, busy = m.bytes, m.busy
	m.bytes, m.busy = 0, 0
	return bytes, busy
}

// measure writes down what was measured.
func (t *tx) measure(m *meter) error {
	bytes, busy := m.read(time.Now())
	if busy == 0 {
		return nil
	}
	_, err := t.ExecContext(t.ctx, "UPDATE days SET bytes = bytes + ?, busy = busy + ? WHERE date = ?", bytes, busy, t.today)
	return err
}
