package ingest_test

import (
	"fmt"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload"
)

// Groups are copied side by side; which number a name gets is not left to who comes first.
func TestManyGroupsOfOneNameGetTheirNumbersInTheOrderOfTheCard(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos", "/disk2/photos")
	var shots []shot
	for i := range 12 {
		for _, ext := range []string{".CR3", ".JPG"} {
			name := fmt.Sprintf("DCIM/%dCANON/IMG_0001%s", 100+i, ext)
			shots = append(shots, shot{name, []byte(strings.Repeat(name, 1+i)), noon.Add(time.Duration(i) * time.Minute), false})
		}
	}
	w.lay(shots)
	var seen []string
	res := w.must(func(c *ingest.Config) { c.Observe = func(f ingest.File) { seen = append(seen, f.Path) } })
	if !res.Report.Verdict.Safe {
		t.Errorf("reasons %q", res.Report.Verdict.Reasons)
	}
	for i, s := range seen {
		if want := fmt.Sprintf("DCIM/%dCANON/", 100+i/2); !strings.HasPrefix(s, want) {
			t.Errorf("%s was told as number %d", s, i)
		}
	}
	for _, f := range res.Files {
		number := ""
		if n := strings.TrimSuffix(strings.TrimPrefix(path.Dir(f.Path), "DCIM/1"), "CANON"); n != "00" {
			number = "-" + strings.TrimPrefix(n, "0")
		}
		for _, c := range f.Copies {
			if want := "2026/2026-05-02/IMG_0001" + number + path.Ext(f.Path); c.Path != want {
				t.Errorf("%s went to %s in %s, want %s", f.Path, c.Path, c.Dir, want)
			}
		}
	}
}

func TestTwinsOnOneCardAreCopiedOnce(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos")
	shots := photos("DCIM/100CANON/IMG_0001.JPG")
	for i := range 5 {
		twin := shots[0]
		twin.rel = fmt.Sprintf("DCIM/100CANON/IMG_%04d.JPG", 2+i)
		shots = append(shots, twin)
	}
	w.lay(shots)
	if res := w.must(); res.Report.Places[0].New.Files != 1 || !res.Report.Verdict.Safe {
		t.Errorf("%d copies of one content, %v %q", res.Report.Places[0].New.Files, res.Report.Verdict, res.Report.Verdict.Reasons)
	}
}

// reads counts the files of a card that are open at the same time.
type reads struct {
	offload.FS
	mu        sync.Mutex
	now, most int
}

func (r *reads) Open(name string) (offload.Reader, error) {
	f, err := r.FS.Open(name)
	if err != nil || !strings.HasPrefix(name, mount) {
		return f, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now++
	r.most = max(r.most, r.now)
	return &counted{f, r}, nil
}

type counted struct {
	offload.Reader
	of *reads
}

func (c *counted) Close() error {
	c.of.mu.Lock()
	defer c.of.mu.Unlock()
	c.of.now--
	return c.Reader.Close()
}

func TestACardIsReadAFewFilesAtATime(t *testing.T) {
	w := newWorld(t, remember(t), "A", "/disk1/photos")
	var names []string
	for i := range 40 {
		names = append(names, fmt.Sprintf("DCIM/100CANON/%s%04d.MTS", strings.Repeat("M", 1+i), i)) // of 40 sizes
	}
	w.lay(photos(names...))
	seen := &reads{FS: w.disk}
	w.must(func(c *ingest.Config) { c.FS, c.Depth = seen, offload.ByHash })
	if seen.most > 3 || seen.now != 0 { // two that are copied, and the header of one that says where it goes
		t.Errorf("%d files were open at the same time, and %d at the end", seen.most, seen.now)
	}
}
