package planpage_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/albumwright/albumwright/internal/browser"
)

var chromium browser.Shared

func TestMain(m *testing.M) { goleak.VerifyTestMain(chromium.Tests(m)) }

// newPage is an empty tab.
func newPage(t *testing.T) *browser.Page {
	t.Helper()
	return chromium.Page(t)
}
