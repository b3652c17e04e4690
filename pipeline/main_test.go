package pipeline_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/albumwright/albumwright/internal/ledger"
)

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := 0, drawTheSame()
	if err == nil {
		code, err = runTests(m)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// checksGiven tells that -rapid.checks says how much is tried.
var checksGiven bool

// drawTheSame lets properties draw the same every time, and not much, so that none fails by chance; with -rapid.checks, as make soak has it, they draw anew.
func drawTheSame() error {
	seedGiven := false
	flag.Visit(func(f *flag.Flag) {
		checksGiven = checksGiven || f.Name == "rapid.checks"
		seedGiven = seedGiven || f.Name == "rapid.seed"
	})
	if checksGiven {
		return nil
	}
	if err := flag.Set("rapid.checks", "25"); err != nil || seedGiven {
		return err
	}
	return flag.Set("rapid.seed", "1")
}

// emptyLedger is what worlds begin with: to make it takes longer than most tests.
var emptyLedger []byte

// runTests runs the tests with their folders in memory, where that can be had: the ledger waits for the disk at each commit.
func runTests(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp(ramDisk(), "albumwright-test-")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Setenv("TMPDIR", dir); err != nil {
		return 0, err
	}
	path := filepath.Join(dir, "empty.db")
	l, err := ledger.Open(context.Background(), path)
	if err != nil {
		return 0, err
	}
	if err := l.Close(); err != nil {
		return 0, err
	}
	if emptyLedger, err = os.ReadFile(path); err != nil {
		return 0, err
	}
	return m.Run(), nil
}
