package pipeline_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/albumwright/albumwright/internal/ledger"
)

func TestMain(m *testing.M) {
	code, err := runTests(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
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
