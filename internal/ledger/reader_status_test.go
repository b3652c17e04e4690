package ledger_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/ledger"
)

// story is a ledger with something of everything: its run is over.
func story(t testing.TB) (path string) {
	t.Helper()
	l, path := begun(t) // /p/a.jpg in A waits, of one byte
	ctx := t.Context()
	sight := func(name, album, skip string, size int64) ledger.Sighting {
		s := file
		s.Name, s.Album, s.Skip, s.Size, s.Sort = name, album, skip, size, []byte(name)
		s.Facts = ledger.Facts{Captured: time.Date(2024, 5, 18, 10, 0, 0, 7, time.UTC), Description: "the <pier> & \"more\""}
		return s
	}
	must(t, l.Record(ctx, 1, []ledger.Sighting{
		sight("made", "A", "", 10), sight("film", "B", "", 1000), sight("token", "B", "", 20), sight("junk", "B", "", 30), sight("lost", "B", "", 40),
		sight("notes\xff", "", "unsupported type", 50), sight("twin", "A", "", 10),
	})) // items 2 to 8
	must(t, l.Sent(ctx, 2, ledger.Content{SHA256: [32]byte{2}, Size: 10, Token: "token-secret-2", Issued: time.Unix(5000, 0)}))
	batch, err := l.BeginBatch(ctx, ledger.Batch{Run: 1, Album: 1, Items: []ledger.ItemID{2}})
	must(t, err)
	given := "the <pier>"
	must(t, l.FinishBatch(ctx, batch, []ledger.End{{Item: 2, State: ledger.Created, MediaItem: "media-2", Given: &given}}))
	must(t, l.SetAlbum(ctx, 1, "remote-A"))
	must(t, l.KeepSession(ctx, 3, ledger.Session{URL: "https://session-secret", Granularity: 256, Started: time.Unix(6000, 0), Hashed: 512}))
	must(t, l.Sent(ctx, 4, ledger.Content{SHA256: [32]byte{4}, Size: 20, Token: "token-secret-4", Issued: time.Unix(7000, 0)}))
	for item, end := range map[ledger.ItemID]ledger.End{
		5: {State: ledger.Failed, Reason: "NOT_IMAGE", Permanent: true}, 6: {State: ledger.Failed, Reason: "broken pipe"},
		8: {State: ledger.Duplicate, SHA256: &[32]byte{2}, Size: 10},
	} {
		end.Item = item
		must(t, l.Finish(ctx, end))
	}
	must(t, l.IntendAlbum(ctx, 2))
	_, err = l.AddVolume(ctx, 1, func(int) string { return " first by its name" })
	must(t, err)
	must(t, l.FillAlbum(ctx, 1))
	must(t, l.GroupHeadings(ctx, 1, 1, "day", nil, []ledger.Heading{{Sort: []byte("a"), Text: "a day"}, {Sort: []byte("b"), Text: "another"}}))
	must(t, l.SetHeading(ctx, 1, 1, ledger.HeadingThere, "enrichment-1"))
	must(t, l.EndRun(ctx, 1, `{"found":8,"ends":{"uploaded":1,"failed":2,"skipped":1,"duplicate":1,"unfinished":3}}`))
	must(t, l.Close())
	return path
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAStatusSaysWhatWaitsWhatFailedAndWhatIsLeftToDo(t *testing.T) {
	path := story(t)
	s, err := read(t, path).Status(t.Context(), time.Unix(6500, 0), 100)
	must(t, err)
	s.LastRun.Started, s.LastRun.Ended = time.Time{}, time.Time{}
	want := ledger.Status{
		States: map[ledger.State]int{
			ledger.Described: 1, ledger.Created: 1, ledger.Sending: 1, ledger.Sent: 1, ledger.Failed: 2, ledger.Skipped: 1, ledger.Duplicate: 1,
		},
		Albums: []ledger.AlbumStatus{
			{Title: "A", Known: true, States: map[ledger.State]int{ledger.Described: 1, ledger.Created: 1, ledger.Duplicate: 1}},
			{Title: "B", States: map[ledger.State]int{ledger.Sending: 1, ledger.Sent: 1, ledger.Failed: 2}},
		},
		Failures: []ledger.Failure{
			{Reason: "NOT_IMAGE", Permanent: true, Items: 1, Examples: []string{"/p/junk"}},
			{Reason: "broken pipe", Items: 1, Examples: []string{"/p/lost"}},
		},
		Remaining: ledger.Remaining{Uploads: 2, Large: 1, Bytes: 1001},
		Sessions:  ledger.Sessions{Open: 1, Sent: 512, Size: 1000},
		Tokens:    ledger.Tokens{Won: 1, Oldest: time.Unix(7000, 0).UTC()},
		LastRun: ledger.Run{ID: 1, Command: "import /p",
			Outcome: `{"found":8,"ends":{"uploaded":1,"failed":2,"skipped":1,"duplicate":1,"unfinished":3}}`},
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
	later, err := read(t, path).Status(t.Context(), time.Unix(7001, 0), 100)
	if err != nil || later.Remaining != (ledger.Remaining{Uploads: 3, Large: 1, Bytes: 1021}) {
		t.Errorf("when the token is too old, %+v is left (%v), want its file, too", later.Remaining, err)
	}
}

func TestAFailureHasAnEarlyAndALateExample(t *testing.T) {
	s := status(t, grown(t, 600))
	if len(s.Failures) != 7 || s.States[ledger.Failed] != 10 {
		t.Fatalf("%d reasons of %d files, want 7 of 10", len(s.Failures), s.States[ledger.Failed])
	}
	if f := s.Failures[0]; f.Items != 2 || len(f.Examples) != 2 || f.Examples[0] == f.Examples[1] {
		t.Errorf("the most frequent reason is %+v, want two files and both of them named", f)
	}
	if f := s.Failures[6]; f.Items != 1 || len(f.Examples) != 1 {
		t.Errorf("the rarest reason is %+v, want one file", f)
	}
}

func TestAFileIsFoundByItsContentAndBeforeItWasReadByItsPath(t *testing.T) {
	r := read(t, story(t))
	at := file.ModTime
	for _, c := range []struct {
		name     string
		sum      [32]byte
		path     string
		size     int64
		modified time.Time
		want     ledger.Found
	}{
		{"what is in the service, wherever it lies now", [32]byte{2}, "/elsewhere/x", 10, at, ledger.Found{Content: true, MediaItem: "media-2"}},
		{"what has a token", [32]byte{4}, "/elsewhere/x", 20, at, ledger.Found{Content: true, Items: []ledger.FoundItem{{State: ledger.Sent}}}},
		{"what was not read yet", [32]byte{9}, "/p/a.jpg", 1, at, ledger.Found{Items: []ledger.FoundItem{{State: ledger.Described}}}},
		{"another file in its place", [32]byte{9}, "/p/a.jpg", 2, at, ledger.Found{}},
		{"a file that was changed since", [32]byte{9}, "/p/a.jpg", 1, at.Add(1), ledger.Found{}},
		{"what failed", [32]byte{9}, "/p/junk", 30, at, ledger.Found{Items: []ledger.FoundItem{{State: ledger.Failed, Reason: "NOT_IMAGE"}}}},
		{"a name that is not UTF-8", [32]byte{9}, "/p/notes\xff", 50, at,
			ledger.Found{Items: []ledger.FoundItem{{State: ledger.Skipped, Reason: "unsupported type"}}}},
		{"what nobody has seen", [32]byte{9}, "/q/z", 1, at, ledger.Found{}},
	} {
		if got, err := r.Find(t.Context(), c.sum, c.path, c.size, c.modified); err != nil || !cmp.Equal(got, c.want) {
			t.Errorf("%s: %+v (%v), want %+v", c.name, got, err, c.want)
		}
	}
}

func TestFailedFilesComeByPath(t *testing.T) {
	var got []ledger.FailedFile
	must(t, read(t, story(t)).Failed(t.Context(), func(f ledger.FailedFile) error { got = append(got, f); return nil }))
	want := []ledger.FailedFile{
		{Path: "/p/junk", Size: 30, Album: "B", Reason: "NOT_IMAGE", Permanent: true}, {Path: "/p/lost", Size: 40, Album: "B", Reason: "broken pipe"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRunsAreRemembered(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.db")
	l := open(t, path)
	defer l.Close()
	for _, command := range []string{"import a", "import b", "import c"} {
		run, err := l.BeginRun(t.Context(), command)
		must(t, err)
		if command != "import c" {
			must(t, l.EndRun(t.Context(), run, "outcome of "+command))
		}
	}
	r := read(t, path)
	runs, err := r.Runs(t.Context(), 2)
	if err != nil || len(runs) != 2 || runs[0].Command != "import b" || runs[1].Command != "import c" || !runs[1].Ended.IsZero() {
		t.Errorf("the last two runs are %+v (%v)", runs, err)
	}
	run, ok, err := r.Run(t.Context(), 1)
	if err != nil || !ok || run.Outcome != "outcome of import a" || run.Started.IsZero() || run.Ended.Before(run.Started) {
		t.Errorf("run 1 is %+v, %v, %v", run, ok, err)
	}
	if _, ok, err := r.Run(t.Context(), 4); ok || err != nil {
		t.Errorf("run 4: %v, %v; want none", ok, err)
	}
}

// The counts of a large ledger come from indexes: a status takes a second or so for a million files.
func BenchmarkStatus(b *testing.B) {
	r := read(b, grown(b, 200_000))
	for b.Loop() {
		if _, err := r.Status(b.Context(), time.Unix(0, 0), 100); err != nil {
			b.Fatal(err)
		}
	}
}
