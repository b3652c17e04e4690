package ledger_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/ledger"
)

func exported(t testing.TB, path string) string {
	t.Helper()
	var out bytes.Buffer
	if err := read(t, path).Export(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestAnExportMakesALedgerThatIsExportedTheSame(t *testing.T) {
	first := exported(t, story(t))
	path := filepath.Join(t.TempDir(), "new", "l.db")
	must(t, ledger.Import(t.Context(), path, strings.NewReader(first)))
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 2 { // with its lock
		t.Errorf("beside the new ledger lie %v", entries)
	}
	if second := exported(t, path); second != first {
		t.Errorf("exported again:\n%s\nfirst:\n%s", second, first)
	}
	if strings.Contains(first, "secret") {
		t.Errorf("a secret is exported: %s", first)
	}
	if !strings.Contains(first, `"the <pier> & \"more\""`) || !strings.Contains(first, `{"hex":"6e6f746573ff"}`) {
		t.Errorf("words and names are not as they are: %s", first)
	}
	if found := check(t, path); found != "[]" {
		t.Errorf("the new ledger is not sound: %s", found)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the new ledger: %v, %v; want a file for its owner only", info, err)
	}
}

func TestWhatTheServiceHasIsKnownAfterAnImport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.db")
	must(t, ledger.Import(t.Context(), path, strings.NewReader(exported(t, story(t)))))
	l := open(t, path)
	defer l.Close()
	known, err := l.Folder(t.Context(), "/p")
	must(t, err)
	for name, want := range map[string]ledger.State{
		"made": ledger.Created, "twin": ledger.Duplicate, "junk": ledger.Failed, "notes\xff": ledger.Skipped,
		"a.jpg": ledger.Described, "film": ledger.Described, "token": ledger.Described, // what was sent has to be sent again
	} {
		if it := known.Known(name).Items; len(it) != 1 || it[0].State != want {
			t.Errorf("%q is known as %+v, want %s", name, it, want)
		}
	}
	c, ok, err := l.Content(t.Context(), [32]byte{2})
	if err != nil || !ok || c.MediaItem != "media-2" || c.Token != "" || c.Given == nil || *c.Given != "the <pier>" {
		t.Errorf("the content is known as %+v, %v, %v", c, ok, err)
	}
	if a, err := l.Album(t.Context(), 2); err != nil || a.Title != "B" || !a.Intended {
		t.Errorf("the album that was being made is %+v (%v)", a, err)
	}
}

// Whatever files, facts and names there are, an export brings all of it over.
func TestAnyLedgerGoesThroughAnExport(t *testing.T) {
	for seed := range 20 {
		dir := t.TempDir()
		path := filepath.Join(dir, "l.db")
		l := open(t, path)
		run, err := l.BeginRun(t.Context(), rapid.String().Example(seed))
		must(t, err)
		must(t, l.Record(t.Context(), run, rapid.SliceOfN(sightings(), 0, 20).Example(seed)))
		must(t, l.Close())
		first := exported(t, path)
		to := filepath.Join(dir, "to.db")
		must(t, ledger.Import(t.Context(), to, strings.NewReader(first)))
		if second := exported(t, to); second != first {
			t.Fatalf("seed %d, exported again:\n%s\nfirst:\n%s", seed, second, first)
		}
	}
}

func sightings() *rapid.Generator[ledger.Sighting] {
	times := rapid.Map(rapid.Int64(), func(ns int64) time.Time { return time.Unix(0, ns) })
	text := rapid.Custom(func(rt *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 1, 6).Draw(rt, "bytes")) })
	return rapid.Custom(func(rt *rapid.T) ledger.Sighting {
		s := ledger.Sighting{
			Dir: "/" + text.Draw(rt, "dir"), Name: text.Draw(rt, "name"), Size: rapid.Int64().Draw(rt, "size"), ModTime: times.Draw(rt, "mtime"),
			Changed: times.Draw(rt, "ctime"), Device: rapid.Uint64().Draw(rt, "device"), Inode: rapid.Uint64().Draw(rt, "inode"),
			Album: rapid.SampledFrom([]string{"", "A", "B"}).Draw(rt, "album"), Sort: []byte(text.Draw(rt, "sort")),
			Facts: ledger.Facts{
				Captured: times.Draw(rt, "captured"), Make: rapid.String().Draw(rt, "make"), Description: rapid.String().Draw(rt, "words"),
				Width: rapid.Int().Draw(rt, "width"),
			},
		}
		if rapid.Bool().Draw(rt, "place") {
			lat, offset := rapid.Float64Range(-90, 90).Draw(rt, "lat"), rapid.IntRange(-50000, 50000).Draw(rt, "offset")
			s.Facts.Latitude, s.Facts.Longitude, s.Facts.Offset = &lat, &lat, &offset
		}
		return s
	})
}

func TestWhatIsNoWholeExportIsRefused(t *testing.T) {
	whole := exported(t, story(t))
	lines := strings.SplitAfter(strings.TrimSuffix(whole, "\n"), "\n")
	without := func(i int) string { return strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "") }
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"nothing":                 {"", ledger.ErrForm},
		"the last line is gone":   {without(len(lines) - 1), ledger.ErrForm},
		"it breaks off in a line": {whole[:len(whole)/2], ledger.ErrForm},
		"the first line is gone":  {without(0), ledger.ErrForm},
		"the run is gone":         {without(1), ledger.ErrForm},
		"an album is gone":        {without(2), ledger.ErrForm},
		"a line is there twice":   {strings.Replace(whole, lines[1], lines[1]+lines[1], 1), ledger.ErrForm},
		"something behind it":     {whole + lines[1], ledger.ErrForm},
		"an unknown kind":         {strings.Replace(whole, `"message_type":"run"`, `"message_type":"walk"`, 1), ledger.ErrForm},
		"an unknown field":        {strings.Replace(whole, `"message_type":"run"`, `"message_type":"run","mood":"good"`, 1), ledger.ErrForm},
		"an unknown state":        {strings.Replace(whole, `"state":"created"`, `"state":"half"`, 1), ledger.ErrForm},
		"a token's state":         {strings.Replace(whole, `"state":"created"`, `"state":"sent"`, 1), ledger.ErrForm},
		"a photo":                 {"\xff\xd8\xff\xe0", ledger.ErrForm},
		"a later format":          {strings.Replace(whole, `"format":1`, `"format":2`, 1), ledger.ErrNewer},
	} {
		path := filepath.Join(t.TempDir(), "l.db")
		if err := ledger.Import(t.Context(), path, strings.NewReader(c.text)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.db*")); len(left) != 1 { // the lock
			t.Errorf("%s: it leaves %v", name, left)
		}
	}
}

func TestALedgerIsNotReplacedByAnImport(t *testing.T) {
	path := ended(t)
	before := exported(t, path)
	if err := ledger.Import(t.Context(), path, strings.NewReader(exported(t, story(t)))); !errors.Is(err, fs.ErrExist) {
		t.Errorf("Import over a ledger: %v, want fs.ErrExist", err)
	}
	if after := exported(t, path); after != before {
		t.Errorf("the ledger has become %s", after)
	}
	l, path := begun(t)
	defer l.Close()
	if err := ledger.Import(t.Context(), path, strings.NewReader("")); !errors.Is(err, ledger.ErrLocked) {
		t.Errorf("Import while a run is under way: %v, want ErrLocked", err)
	}
}

// A column that is added to the ledger must be exported, or named here with the reason why not.
func TestAnExportLeavesOutOnlyWhatIsNamedHere(t *testing.T) {
	exportedColumns := []string{
		"albums.continues", "albums.filled", "albums.intended", "albums.missing", "albums.remote", "albums.title", "albums.volume", "contents.given", "contents.matched", "contents.media_item", "contents.refused", "contents.sha256", "contents.size", "dirs.path",
		"events.began", "events.captured", "events.file", "events.run", "events.scope", "events.zone_offset",
		"files.captured", "files.capture_source", "files.content", "files.content_id", "files.ctime", "files.description", "files.device", "files.dir", "files.duration", "files.height",
		"files.inode", "files.latitude", "files.longitude", "files.make", "files.media_type", "files.model", "files.mtime", "files.name",
		"files.orientation", "files.serial", "files.shifted", "files.size", "files.width", "files.zone_offset", "headings.album", "headings.enrichment", "headings.kind",
		"headings.run", "headings.sort", "headings.state", "headings.text", "items.album", "items.attempts", "items.file", "items.left_out",
		"items.permanent", "items.reason", "items.run", "items.sort", "items.state", "placements.album", "placements.content", "placements.lost",
		"placements.media_item", "placements.removed", "placements.run", "placements.sort", "runs.command", "runs.ended", "runs.id", "runs.outcome", "runs.started",
		"left_out.dir", "left_out.mtime", "left_out.name", "left_out.size", "watched.looked", "watched.root", "watched.since",
	}
	leftOut := map[string]string{
		"contents.token": "a secret", "contents.issued": "of the token", "contents.made": "whoever imports it is in a later run", "sessions": "secrets", "batches": "of items that count as not sent",
		"items.batch": "likewise", "events.root": "of files whose event is not known yet", "remote_albums": "a listing that can be had again", "meta": "when that was made",
		"albums.id": "a number that means nothing elsewhere", "contents.id": "likewise", "dirs.id": "likewise", "files.id": "likewise", "items.id": "likewise", "headings.id": "likewise",
	}
	rows, err := sqlOpen(t, ended(t)).Query(`
		SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'goose%' AND m.name NOT LIKE 'sqlite%'`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var table, column string
		must(t, rows.Scan(&table, &column))
		name := table + "." + column
		if leftOut[table] == "" && leftOut[name] == "" && !slices.Contains(exportedColumns, name) {
			t.Errorf("%s is neither exported nor named here as left out", name)
		}
	}
	must(t, rows.Err())
}
