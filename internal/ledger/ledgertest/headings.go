package ledgertest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/albumwright/albumwright/internal/ledger"
)

// headings: those that are wanted are replaced by every new look, those that may be there are kept; an item goes directly behind one only if nothing stands in
// between; one that was being sent is given up.
func headings(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	record(t, l, run, sighting("a", "Pier", 3), sighting("b", "Pier", 5))
	album, page := pending(t, l, run)
	create(t, l, run, album, page[0].Item, "a")
	var shots []string
	must(l.AlbumShots(t.Context(), run, album, func(s ledger.AlbumShot) {
		shots = append(shots, string(s.Sort)+" "+s.Captured.Format("05")+" "+s.Source)
	}))
	if diff := cmp.Diff([]string{"\x03 03 EXIF:DateTimeOriginal", "\x05 05 EXIF:DateTimeOriginal"}, shots); diff != "" {
		t.Errorf("files of the album, held and to come (-want +got):\n%s", diff)
	}
	place := func(n byte, text string) ledger.Heading { return ledger.Heading{Sort: []byte{n}, Text: text} }
	must(l.GroupHeadings(t.Context(), run, album, "day", nil, []ledger.Heading{place(1, "never"), place(9, "there")}))
	must(l.GroupHeadings(t.Context(), run, album, "day", nil, []ledger.Heading{place(3, "there"), place(5, "lost")}))
	all, err := l.Headings(t.Context(), album)
	must(err)
	must(l.SetHeading(t.Context(), run, all[0].ID, ledger.HeadingThere, "enrichment"))
	must(l.SetHeading(t.Context(), run, all[1].ID, ledger.HeadingIntended, ""))
	lost, err := l.LoseHeadings(t.Context())
	if must(err); len(lost) != 1 || lost[0].Text != "lost" {
		t.Errorf("lost %+v, want the one that was being sent", lost)
	}
	if lost, err = l.LoseHeadings(t.Context()); len(lost) != 0 || err != nil {
		t.Errorf("lost again: %+v, %v", lost, err)
	}
	moved := all[0]
	moved.Sort = []byte{2}
	must(l.GroupHeadings(t.Context(), run, album, "day", []ledger.Heading{moved}, []ledger.Heading{place(7, "wanted")}))
	all, err = l.Headings(t.Context(), album)
	want := []ledger.Heading{
		{Album: album, Kind: "day", Sort: []byte{2}, Text: "there", State: ledger.HeadingThere, Enrichment: "enrichment"},
		{Album: album, Kind: "day", Sort: []byte{5}, Text: "lost", State: ledger.HeadingUnknown},
		{Album: album, Kind: "day", Sort: []byte{7}, Text: "wanted", State: ledger.HeadingWanted},
	}
	if diff := cmp.Diff(want, all, cmpopts.IgnoreFields(ledger.Heading{}, "ID")); diff != "" || err != nil {
		t.Errorf("headings (-want +got), %v:\n%s", err, diff)
	}
	for at, want := range map[byte]string{1: "", 2: "enrichment", 3: "enrichment", 4: ""} { // the item stands at 3
		if got, err := l.HeadingAbove(t.Context(), album, []byte{at}); got != want || err != nil {
			t.Errorf("an item at %d goes behind %q (%v), want %q", at, got, err, want)
		}
	}
	for at, want := range map[byte]string{2: "", 3: "enrichment", 4: ""} {
		if got, err := l.HeadingBefore(t.Context(), album, []byte{at}); got != want || err != nil {
			t.Errorf("a heading at %d goes behind %q (%v), want %q", at, got, err, want)
		}
	}
	if albums, err := l.HeadingAlbums(t.Context(), run+1, "day"); len(albums) != 1 || err != nil {
		t.Errorf("headings are missing in %v (%v), want the one album", albums, err)
	}
	if albums, err := l.HeadingAlbums(t.Context(), run+1, "place"); len(albums) != 0 || err != nil {
		t.Errorf("headings of places are missing in %v (%v)", albums, err)
	}
	must(l.SetHeading(t.Context(), run, all[1].ID, ledger.HeadingRemoved, ""))
	held, err := l.Placements(t.Context(), album, run+1)
	must(err)
	must(l.SetRemoved(t.Context(), album, []ledger.ContentID{held[0].Content}))
	var removed []bool
	must(l.AlbumShots(t.Context(), run, album, func(s ledger.AlbumShot) { removed = append(removed, s.Removed) }))
	if diff := cmp.Diff([]bool{true, false}, removed); diff != "" {
		t.Errorf("files that were taken out (-want +got):\n%s", diff)
	}
	must(l.LoseAlbum(t.Context(), album))
	all, err = l.Headings(t.Context(), album)
	for _, h := range all {
		if h.Text != "lost" && h.State != ledger.HeadingWanted || h.Text == "lost" && h.State != ledger.HeadingRemoved || h.Enrichment != "" {
			t.Errorf("an album that is gone has the heading %+v", h)
		}
	}
	if len(all) != 3 || err != nil {
		t.Errorf("the headings of an album that is gone are %+v (%v), want all again but for the one that the user took away", all, err)
	}
}
