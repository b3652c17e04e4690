package planpage_test

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/albumwright/albumwright/internal/browser"
)

// chromium is the one browser of all tests here, started when the first one asks
// for it.
var chromium = sync.OnceValues(browser.Start)

// asked is set by the first test that asks.
var asked sync.Once

func TestMain(m *testing.M) { goleak.VerifyTestMain(closing{m}) }

// closing closes the browser after the tests.
type closing struct{ *testing.M }

// Run implements goleak.TestingM.
func (c closing) Run() int {
	code := c.M.Run()
	used := true
	asked.Do(func() { used = false })
	if !used {
		return code
	}
	if b, err := chromium(); err == nil {
		if err := b.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "closing the browser:", err)
			return 1
		}
	}
	return code
}

// newPage is an empty tab. A machine without Chromium skips the test: the pages'
// other tests run everywhere.
func newPage(t *testing.T) *browser.Page {
	t.Helper()
	asked.Do(func() {})
	b, err := chromium()
	if errors.Is(err, browser.ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Page(t)
}
