package card_test

import (
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/card/cardtest"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
	"github.com/albumwright/albumwright/internal/property"
)

func TestEveryFileOfAnyCardIsVisitedOnceAndTakenForWhatItIs(t *testing.T) {
	for seed := range uint64(100) {
		disk, c, drawn := inserted(t, seed)
		got, all, err := listed(t, c, disk)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(drawn.Files) {
			t.Errorf("card %d: %d files, want %d", seed, len(got), len(drawn.Files))
		}
		for _, f := range drawn.Files {
			g := got[f.Rel]
			want := card.File{Rel: f.Rel, Size: int64(len(f.Content)), ModTime: f.ModTime, Class: f.Class, Upload: f.Upload, Tree: f.Tree}
			if (g.Why != "") != (f.Class == card.Junk || f.Class == card.Media && !f.Upload) {
				t.Errorf("card %d: %s is %s, upload %v, because: %q", seed, f.Rel, g.Class, g.Upload, g.Why)
			}
			g.Why = ""
			if diff := cmp.Diff(want, g); diff != "" {
				t.Errorf("card %d: %s", seed, diff)
			}
		}
		groups(t, drawn, all)
	}
}

// groups checks that what was drawn as a set, and nothing else, is a group.
func groups(t *testing.T, drawn cardtest.Card, all []card.File) {
	t.Helper()
	want := map[string]string{}
	for _, f := range drawn.Files {
		if f.Class != card.Junk {
			want[f.Rel] = f.Set
		}
	}
	grouped := map[string]string{}
	for i, g := range card.Groups(all) {
		for _, f := range g.Files {
			if want[f.Rel] != want[g.Files[0].Rel] || f.Tree != g.Tree {
				t.Errorf("card %d: %s is with %s", drawn.Seed, f.Rel, g.Files[0].Rel)
			}
			if _, ok := grouped[f.Rel]; ok {
				t.Errorf("card %d: %s is in two groups", drawn.Seed, f.Rel)
			}
			grouped[f.Rel] = want[f.Rel]
			if f.Class == card.Media && g.Files[0].Class != card.Media {
				t.Errorf("card %d: group %d is led by %s", drawn.Seed, i, g.Files[0].Rel)
			}
		}
	}
	if diff := cmp.Diff(want, grouped); diff != "" {
		t.Errorf("card %d: %s", drawn.Seed, diff)
	}
	if n := len(card.Groups(all)); n != countSets(want) {
		t.Errorf("card %d: %d groups, want %d", drawn.Seed, n, countSets(want))
	}
}

func countSets(sets map[string]string) int {
	seen := map[string]bool{}
	for _, s := range sets {
		seen[s] = true
	}
	return len(seen)
}

func TestTheSameSeedDrawsTheSameCard(t *testing.T) {
	for seed := range uint64(20) {
		if !reflect.DeepEqual(cardtest.New(seed, true), cardtest.New(seed, true)) {
			t.Errorf("card %d is another one when it is drawn again", seed)
		}
	}
}

func TestACardInAFolderIsTheSameAsOneInMemory(t *testing.T) {
	dir := t.TempDir()
	drawn := cardtest.New(7, false)
	if err := drawn.WriteTo(dir); err != nil {
		t.Fatal(err)
	}
	c, err := card.At(offload.OS(), dir)
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := listed(t, c, offload.OS())
	if err != nil || len(got) != len(drawn.Files) {
		t.Fatalf("%d files, want %d (%v)", len(got), len(drawn.Files), err)
	}
	for _, f := range drawn.Files {
		if g := got[f.Rel]; g.Class != f.Class || g.Size != int64(len(f.Content)) || !card.SameTime(g.ModTime, f.ModTime) {
			t.Errorf("%+v, want %s of %d bytes at %s", g, f.Class, len(f.Content), f.ModTime)
		}
	}
}

func TestCardsAreFoundByTheirFoldersAndKnownAgain(t *testing.T) {
	disk := offloadtest.New(mount("EOS"), mount("GOPRO"), mount("BACKUP"))
	disk.Put(at("media/EOS/dcim/100CANON/IMG_0001.JPG"), nil, time.Time{})
	disk.Put(at("media/GOPRO/DCIM/x"), nil, time.Time{})
	disk.Put(at("media/GOPRO/PRIVATE/x"), nil, time.Time{})
	disk.Put(at("media/BACKUP/Photos/DCIM.jpg"), nil, time.Time{})
	disk.Put(at("media/BACKUP/PRIVATE"), nil, time.Time{}) // a file
	cards, err := card.Find(disk, at("media"), at("media/EOS"), at("not/there"))
	if err != nil || len(cards) != 2 {
		t.Fatalf("%+v, %v", cards, err)
	}
	if c := cards[0]; c.Mount != at("media/EOS") || c.Kind != "DCIM" || c.ID.Label != "EOS" || c.Type != "exfat" {
		t.Errorf("%+v", c)
	}
	if c := cards[1]; c.Kind != "DCIM, PRIVATE" || c.ID == cards[0].ID || c.ID.String() == cards[0].ID.String() {
		t.Errorf("%+v", c)
	}
	again, err := card.At(disk, at("media/EOS"))
	if err != nil || again != cards[0] {
		t.Errorf("%+v, %v, want the same again", again, err)
	}
}

func TestACopyOfACardInAFolderIsNotTheDiskThatItIsOn(t *testing.T) {
	disk := offloadtest.New(mount("DISK"))
	disk.Put(at("media/DISK/one/DCIM/x"), nil, time.Time{})
	disk.Put(at("media/DISK/two/DCIM/x"), nil, time.Time{})
	one, err1 := card.At(disk, at("media/DISK/one"))
	two, err2 := card.At(disk, at("media/DISK/two"))
	if err1 != nil || err2 != nil || one.ID == two.ID || one.ID.Folder != "one" {
		t.Errorf("%+v and %+v, %v, %v", one.ID, two.ID, err1, err2)
	}
}

func TestWhatIsNoCardIsToldWhatItLacks(t *testing.T) {
	disk := offloadtest.New(mount("DISK"))
	disk.Put(at("media/DISK/Photos/a.jpg"), nil, time.Time{})
	disk.Put(at("media/DISK/DCIM/100CANON/a.jpg"), nil, time.Time{})
	_, err := card.At(disk, at("media/DISK/Photos"))
	if !errors.Is(err, card.ErrNoCard) || !strings.Contains(err.Error(), "no DCIM") || !strings.Contains(err.Error(), "import") {
		t.Errorf("%v", err)
	}
	if _, err := card.At(disk, at("media/DISK/DCIM")); !errors.Is(err, card.ErrNoCard) || !strings.Contains(err.Error(), at("media/DISK")+",") {
		t.Errorf("%v, want the folder above to be named", err)
	}
	if _, err := card.At(disk, at("media/DISK/nothing")); err == nil || errors.Is(err, card.ErrNoCard) {
		t.Errorf("%v, want that there is no such folder", err)
	}
}

func TestACardThatIsGoneOrAnotherIsNotTheSame(t *testing.T) {
	for _, how := range []offloadtest.Pulled{offloadtest.NoDevice, offloadtest.FromCache, offloadtest.Unmounted} {
		disk, c, _ := inserted(t, 1)
		if err := c.Same(t.Context(), disk); err != nil {
			t.Fatal(err)
		}
		disk.Pull(c.Mount, how)
		if err := c.Same(t.Context(), disk); !errors.Is(err, offload.ErrGone) {
			t.Errorf("%s: %v, want ErrGone", how, err)
		}
		if _, _, err := listed(t, c, disk); !errors.Is(err, offload.ErrGone) {
			t.Errorf("%s: listing says %v, want ErrGone", how, err)
		}
		disk.Insert(c.Mount)
		if err := c.Same(t.Context(), disk); err != nil {
			t.Errorf("%s: inserted again: %v", how, err)
		}
		other := mount("EOS")
		other.FSID = "1111-2222"
		disk.Mount(other)
		cardtest.New(1, false).PutOn(disk, c.Mount)
		if err := c.Same(t.Context(), disk); !errors.Is(err, offload.ErrGone) {
			t.Errorf("another card: %v, want ErrGone", err)
		}
	}
}

// Whenever a card is pulled, a listing says so: one that says nothing is whole.
func TestAListingThatIsCutShortNeverLooksWhole(t *testing.T) {
	for _, how := range []offloadtest.Pulled{offloadtest.NoDevice, offloadtest.FromCache, offloadtest.Unmounted} {
		for n := 1; ; n++ {
			disk, c, drawn := inserted(t, 3)
			pulled := false
			disk.In(n, func() { disk.Pull(c.Mount, how); pulled = true })
			got, all, err := listed(t, c, disk)
			unread := slices.ContainsFunc(all, func(f card.File) bool { return f.Err != nil })
			if err == nil && (len(got) != len(drawn.Files) || unread) {
				t.Fatalf("%s at %d: %d files of %d, and no error", how, n, len(got), len(drawn.Files))
			}
			if !pulled {
				break
			}
		}
	}
}

func TestWhatCannotBeReadIsVisitedWithItsError(t *testing.T) {
	disk, c, drawn := inserted(t, 5)
	bad := filepath.Dir(filepath.Join(c.Mount, filepath.FromSlash(drawn.Files[0].Rel)))
	disk.Before = func(op offloadtest.Op, name string) error {
		if op == offloadtest.ReadDir && name == bad {
			return syscall.EIO
		}
		return nil
	}
	got, all, err := listed(t, c, disk)
	if err != nil || len(got) == 0 {
		t.Fatalf("%d files, %v", len(got), err)
	}
	rel, _ := filepath.Rel(c.Mount, bad)
	if f := got[filepath.ToSlash(rel)]; !errors.Is(f.Err, syscall.EIO) {
		t.Errorf("%+v, want EIO for %s", f, rel)
	}
	for _, g := range card.Groups(all) {
		for _, f := range g.Files {
			if f.Err != nil {
				t.Errorf("%s is in a group", f.Rel)
			}
		}
	}
}

func TestAVisitorEndsAListing(t *testing.T) {
	disk, c, _ := inserted(t, 1)
	stop := errors.New("enough")
	if err := c.List(t.Context(), disk, func(card.File) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v, want the visitor's error", err)
	}
}

func TestTimesAreTheSameButForFATAndZones(t *testing.T) {
	base := time.Date(2024, 10, 27, 2, 30, 1, 0, time.UTC)
	for _, test := range []struct {
		by   time.Duration
		same bool
	}{
		{0, true}, {time.Second, true}, {2 * time.Second, true}, {3 * time.Second, false}, {time.Minute, false},
		{time.Hour, true}, {time.Hour + 2*time.Second, true}, {time.Hour - time.Second, true}, {time.Hour + 5*time.Second, false},
		{5*time.Hour + 45*time.Minute, true}, {5*time.Hour + 50*time.Minute, false},
		{24 * time.Hour, true}, {24*time.Hour + 15*time.Minute, false}, {48 * time.Hour, false}, {365 * 24 * time.Hour, false},
	} {
		if got := card.SameTime(base, base.Add(test.by)); got != test.same {
			t.Errorf("%s later: %v", test.by, got)
		}
		if got := card.SameTime(base.Add(test.by), base); got != test.same {
			t.Errorf("%s earlier: %v", test.by, got)
		}
	}
}

func TestAnyQuarterOfAnHourUpToADayIsTheSameTime(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		quarters := rapid.IntRange(-96, 96).Draw(t, "quarters")
		step := time.Duration(rapid.IntRange(-2000, 2000).Draw(t, "milliseconds")) * time.Millisecond
		a := time.Unix(rapid.Int64Range(0, 1<<32).Draw(t, "time"), 0)
		if !card.SameTime(a, a.Add(time.Duration(quarters)*15*time.Minute+step)) {
			t.Error("not the same")
		}
	})
}

func BenchmarkDrawACard(b *testing.B) {
	for n := 0; b.Loop(); n++ {
		cardtest.New(uint64(n), true)
	}
}

// What lies under another file system's mount nobody can list, so it is told of; and what that file system has is not the card's.
func TestWhatSomethingElseIsMountedOnIsVisitedAsHidden(t *testing.T) {
	disk, c, drawn := inserted(t, 5)
	hidden := filepath.ToSlash(filepath.Dir(filepath.FromSlash(drawn.Files[0].Rel)))
	disk.Mount(offloadtest.Volume{Volume: offload.Volume{Mount: filepath.Join(c.Mount, filepath.FromSlash(hidden)), Device: "other"}})
	disk.Put(filepath.Join(c.Mount, filepath.FromSlash(hidden), "of-the-other.jpg"), []byte("x"), time.Time{})
	got, _, err := listed(t, c, disk)
	if err != nil || !errors.Is(got[hidden].Err, card.ErrCovered) {
		t.Errorf("%v, %+v: want %s to be hidden", err, got[hidden], hidden)
	}
	for rel := range got {
		if strings.HasPrefix(rel, hidden+"/") {
			t.Errorf("%s is taken for a file of the card", rel)
		}
	}
}
