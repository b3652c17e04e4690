package ingest_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/ingest"
)

// However a camera's clock and zone move a time, the content is found again, also across the end of a quarter of an hour, and before 1970.
func TestContentIsKnownByItsTimeWhereverInAQuarterOfAnHour(t *testing.T) {
	for _, at := range []time.Time{noon, noon.Add(time.Second), noon.Add(-time.Second), noon.Add(14*time.Minute + 59*time.Second), time.Unix(-1, 0), time.Unix(1, 0)} {
		for _, by := range []time.Duration{0, 2 * time.Second, -2 * time.Second, 24 * time.Hour, -5*time.Hour - 45*time.Minute + time.Second} {
			m := remember(t)
			w := newWorld(t, m, "A", "/disk1/photos")
			w.lay([]shot{{"DCIM/1.JPG", []byte("a photo"), at, false}})
			w.must()
			other := newWorld(t, m, "B", "/disk1/photos")
			other.lay([]shot{{"DCIM/7.JPG", []byte("a photo"), at.Add(by), false}})
			for name, content := range w.disk.Files("/disk1") {
				other.disk.Put(name, content, at)
			}
			if res := other.must(); res.Report.Places[0].Known.Files != 1 {
				t.Errorf("%s and %s later: %+v", at, by, res.Report.Places)
			}
			_ = m.history.Close()
		}
	}
}

func TestAHistoryOfTheFirstLayoutIsTakenOver(t *testing.T) {
	m := remember(t)
	w := newWorld(t, m, "A", "/disk1/photos")
	w.lay(photos("DCIM/1.JPG"))
	w.must()
	if err := m.history.Close(); err != nil {
		t.Fatal(err)
	}
	tamper(t, m, `DROP INDEX files_by_clock; CREATE INDEX files_by_size ON files (size, modified); PRAGMA user_version = 1`)
	var err error
	for range 2 { // it is changed once
		if m.history, err = ingest.OpenHistory(t.Context(), m.state); err != nil {
			t.Fatal(err)
		}
		if res := w.must(); res.Report.New != 0 || !res.Report.Verdict.Safe {
			t.Errorf("%d new, %v", res.Report.New, res.Report.Verdict)
		}
		if err := m.history.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A history only saves copying. Whatever stands in it, a yes rests on bytes that were read back.
func TestAWrongHistoryNeverMakesAYes(t *testing.T) {
	for name, lie := range map[string]string{
		"other sums":                 `UPDATE files SET sha256 = randomblob(32), xxh64 = random()`,
		"the sums of each other":     `UPDATE files SET sha256 = (SELECT b.sha256 FROM files b WHERE b.id <> files.id), xxh64 = (SELECT b.xxh64 FROM files b WHERE b.id <> files.id)`,
		"the copies of each other":   `UPDATE copies SET path = (SELECT path FROM copies b WHERE b.file <> copies.file)`,
		"one copy for both":          `UPDATE copies SET path = (SELECT max(path) FROM copies)`,
		"a copy that is on the card": `UPDATE copies SET path = CAST('../../media/card/DCIM/1.JPG' AS BLOB)`,
		"other times":                `UPDATE files SET modified = (SELECT max(modified) FROM files)`,
		"another card":               `UPDATE cards SET name = 'other'`,
		"copies that are gone":       `UPDATE copies SET path = CAST('nowhere.JPG' AS BLOB)`,
	} {
		for _, gone := range []string{"", "2026/2026-05-02/1.JPG", "2026/2026-05-02/2.JPG"} {
			t.Run(name+" without "+gone, func(t *testing.T) {
				m := remember(t)
				w := newWorld(t, m, "A", "/disk1/photos")
				w.lay(photos("DCIM/1.JPG", "DCIM/2.JPG"))
				w.must()
				if gone != "" {
					w.disk.Delete("/disk1/photos/" + gone)
				}
				if err := m.history.Close(); err != nil {
					t.Fatal(err)
				}
				tamper(t, m, lie)
				m.open(t)
				for range 2 {
					if res := w.must(); res.Report.Verdict.Safe {
						if err := w.lacking(func(string) bool { return false }); err != nil {
							t.Errorf("yes, but %v", err)
						}
					}
				}
			})
		}
	}
}

func TestAHistoryThatCannotBeWrittenEndsAnIngestBeforeItBegins(t *testing.T) {
	m := remember(t)
	w := newWorld(t, m, "A", "/disk1/photos")
	w.lay(photos("DCIM/1.JPG"))
	tamper(t, m, `DROP TABLE copies; DROP TABLE files; DROP TABLE visits`)
	for range 2 { // the first leaves no lock behind
		if res, err := w.ingest(); !errors.Is(err, ingest.ErrHistory) || res.Report.Verdict.Safe {
			t.Errorf("%v, %v", err, res.Report.Verdict)
		}
	}
	if err := m.history.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ingest(); !errors.Is(err, ingest.ErrHistory) {
		t.Errorf("closed: %v", err)
	}
}

// tamper changes a history behind everyone's back.
func tamper(t *testing.T, m *memory, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(m.state, "cards.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
