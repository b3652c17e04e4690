package ledger_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// sector is what a disk writes as a whole, or not at all.
const sector = 512

// disk is a folder on a disk with a cache: what was written is safe only when it was synced. That files are made and taken away is safe at once.
type disk map[string]*diskFile

// diskFile is a file: what is safe of it, and what happened since, in order.
type diskFile struct {
	safe    []byte
	since   []diskWrite
	syncing int // of since, are being synced
}

// diskWrite puts bytes at a place, or ends the file there.
type diskWrite struct {
	at   int64
	data []byte // nil: ends the file
}

// file is a file that is there.
func (d disk) file(name string) *diskFile {
	if d[name] == nil {
		d[name] = &diskFile{}
	}
	return d[name]
}

// do carries out what a program asked of the system.
func (d disk) do(c syscallMade) {
	switch c.what {
	case made:
		d.file(c.file)
	case taken:
		delete(d, c.file)
	case written:
		f := d.file(c.file)
		f.since = append(f.since, diskWrite{c.at, c.data})
	case cutOff:
		f := d.file(c.file)
		f.since = append(f.since, diskWrite{at: c.at})
	case syncing:
		f := d.file(c.file)
		f.syncing = len(f.since)
	case synced:
		f := d.file(c.file)
		for _, w := range f.since[:f.syncing] {
			f.safe = w.on(f.safe, func() bool { return true })
		}
		f.since, f.syncing = f.since[f.syncing:], 0
	}
}

// on carries a write out on a file's bytes, as far as its sectors survive.
func (w diskWrite) on(b []byte, survives func() bool) []byte {
	if w.data == nil {
		if !survives() {
			return b
		}
		return resized(b, w.at)
	}
	for from := int64(0); from < int64(len(w.data)); {
		to := min((w.at+from)/sector*sector+sector-w.at, int64(len(w.data)))
		if survives() {
			if end := w.at + to; end > int64(len(b)) {
				b = resized(b, end)
			}
			copy(b[w.at+from:], w.data[from:to])
		}
		from = to
	}
	return b
}

func resized(b []byte, size int64) []byte {
	if size <= int64(len(b)) {
		return b[:size]
	}
	return append(b, make([]byte, size-int64(len(b)))...)
}

// powerCut writes into a folder what is there after the power was cut: of what was not synced each sector survives with the probability p.
func (d disk) powerCut(t *testing.T, dir string, random *rand.Rand, p float64) {
	t.Helper()
	for name, f := range d {
		b := append([]byte{}, f.safe...)
		for _, w := range f.since {
			b = w.on(b, func() bool { return random.Float64() < p })
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
