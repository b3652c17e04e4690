package after_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/after"
)

// moveWork makes the test program a program that moves one file and ends: "PATH TO".
const moveWork = "AFTER_TEST_MOVE"

func TestMain(m *testing.M) {
	if from, to, ok := strings.Cut(os.Getenv(moveWork), " "); ok {
		if err := moveOne(from, to); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func moveOne(from, to string) error {
	body, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	a, err := after.Parse("move:"+to, "")
	if err == nil {
		_, err = a.Do(context.Background(), filepath.Dir(filepath.Dir(from)), from, sha256.Sum256(body))
	}
	return err
}

// A copy that is read back well is still lost in a power cut if nobody put its name on the disk.
func TestAFileGoesOnlyWhenTheNameOfItsCopyIsSafe(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil || runtime.GOOS != "linux" {
		t.Skip("strace is not installed: it tells what is put on the disk, and when")
	}
	const other = "/dev/shm"
	to, err := os.MkdirTemp(other, "after-")
	if err != nil {
		t.Skipf("there is no other file system at %s: %v", other, err)
	}
	defer os.RemoveAll(to)
	from, trace := filepath.Join(t.TempDir(), "pics", "Pier", "a.jpg"), filepath.Join(t.TempDir(), "trace")
	write(t, from, "body")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(to, "sent")
	cmd := exec.Command(strace, "-f", "-y", "-e", "signal=none", "-e", "trace=fsync,unlinkat,?unlink", "-o", trace, self)
	cmd.Env = append(os.Environ(), moveWork+"="+from+" "+target, "GODEBUG=asyncpreemptoff=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		if strings.Contains(string(out), "ptrace") {
			t.Skipf("strace may not watch another program here: %s", bytes.TrimSpace(out))
		}
		t.Fatalf("strace: %v\n%s", err, out)
	}
	calls, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(calls), "\n")
	at := func(call, path string) int {
		return slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, call) && strings.Contains(l, path) })
	}
	gone := at("unlink", `"`+from+`"`)
	if gone < 0 {
		t.Fatalf("the file is not taken away:\n%s", calls)
	}
	for _, path := range []string{to, target, filepath.Join(target, "Pier"), filepath.Join(target, "Pier", "a.jpg")} {
		if safe := at("fsync(", "<"+path+">"); safe < 0 || safe > gone {
			t.Errorf("%s is not on the disk when the file goes:\n%s", path, calls)
		}
	}
}
