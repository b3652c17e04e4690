package browser

import (
	"errors"
	"fmt"
	"sync"
	"testing"
)

// ForTest starts a browser for one test and closes it at its end. A machine without Chromium skips the test.
func ForTest(t testing.TB) *Browser {
	t.Helper()
	b, err := Start()
	skipOrFail(t, err)
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error("closing the browser:", err)
		}
	})
	return b
}

func skipOrFail(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Shared is one browser for all tests of a package, started when the first one asks for a page. The zero value is ready.
type Shared struct {
	once sync.Once
	b    *Browser
	err  error
}

// Page is an empty tab. A machine without Chromium skips the test: the pages' other tests run everywhere.
func (s *Shared) Page(t testing.TB) *Page {
	t.Helper()
	s.once.Do(func() { s.b, s.err = Start() })
	skipOrFail(t, s.err)
	return s.b.Page(t)
}

// Tests runs a package's tests and closes the browser behind them.
func (s *Shared) Tests(m *testing.M) SharedTests { return SharedTests{m, s} }

// SharedTests are a package's tests, for a TestMain.
type SharedTests struct {
	tests  *testing.M
	shared *Shared
}

// Run returns the exit code.
func (t SharedTests) Run() int {
	code := t.tests.Run()
	if t.shared.b == nil {
		return code
	}
	if err := t.shared.b.Close(); err != nil {
		panic(fmt.Errorf("closing the browser: %w", err)) // no test is left that could fail
	}
	return code
}
