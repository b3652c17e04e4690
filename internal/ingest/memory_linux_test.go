package ingest_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/race"
)

var many = flag.Int("files", 1000, "files of the card whose ingest is measured")

// hasty makes nothing durable, and reads from memory: a measurement of that need not wait for a disk.
type hasty struct{ offload.FS }

func (h hasty) OpenCold(name string) (offload.Reader, bool, error) {
	r, err := h.Open(name)
	return r, false, err
}

func (hasty) SyncDir(string) error { return nil }

func (hasty) Create(name string) (offload.Writer, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	return hastyFile{f}, err
}

type hastyFile struct{ *os.File }

func (f hastyFile) Commit(modTime time.Time) error {
	if err := os.Chtimes(f.Name(), modTime, modTime); err != nil {
		return err
	}
	return f.Close()
}

// What an ingest holds in memory grows with the number of files alone, and by little: so that a card of any camera fits into a small machine. It is measured in a
// process of its own, once for few files and once for many.
func TestMemoryOfManyFilesIsBounded(t *testing.T) {
	if dir := os.Getenv("INGEST_MEASURED"); dir != "" {
		measured(t, dir)
		return
	}
	if race.Enabled {
		t.Skip("the race detector takes memory for itself")
	}
	const base, each = 64 << 10, 6 // KiB: the program and its buffers; what is known of one file
	few, all := peak(t, 100), peak(t, *many)
	t.Logf("peak of memory: %d KiB for 100 files, %d KiB for %d, %.1f KiB for each more", few, all, *many, float64(all-few)/float64(*many-100))
	if most := base + each**many; all > most {
		t.Errorf("%d KiB for %d files, more than %d", all, *many, most)
	}
}

// peak is how many KiB a process had at most that ingested so many files.
func peak(t *testing.T, files int) int {
	t.Helper()
	dir := t.TempDir()
	for i := range files {
		name := filepath.Join(dir, "card", "DCIM", fmt.Sprintf("%dCANON", 100+i/1000), fmt.Sprintf("IMG_%04d.JPG", i%10_000))
		if i%1000 == 0 {
			if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
				t.Fatal(err)
			}
		}
		when := noon.Add(time.Duration(i) * 7 * time.Second)
		if err := os.WriteFile(name, []byte(fmt.Sprintf("photo %*d", 1+i%997, i)), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, when, when); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMemoryOfManyFilesIsBounded$", "-test.v")
	cmd.Env = append(os.Environ(), "INGEST_MEASURED="+dir)
	out, err := cmd.CombinedOutput()
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(out)
	if err != nil || m == nil {
		t.Fatalf("the measured process: %v\n%s", err, out)
	}
	n, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// measured is the process: an ingest with its reports, and what the kernel says of it.
func measured(t *testing.T, dir string) {
	c, err := card.At(offload.OS(), filepath.Join(dir, "card"))
	if err != nil {
		t.Fatal(err)
	}
	res, err := ingest.Run(t.Context(), ingest.Config{Card: c, History: remember(t).history, FS: hasty{offload.OS()}, Dests: []string{filepath.Join(dir, "dest")}})
	if err != nil || !res.Report.Verdict.Safe {
		t.Fatalf("%v, %v %q", err, res.Report.Verdict, res.Report.Verdict.Reasons)
	}
	for _, ending := range []string{"html", "json"} {
		if err := ingest.Save(filepath.Join(dir, "report."+ending), res); err != nil {
			t.Fatal(err)
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("%s\n", status)
}
