package nearest_test

import (
	"slices"
	"testing"

	"github.com/albumwright/albumwright/internal/nearest"
)

func TestTheNearestWordIsTheOneWithTheFewestLettersWrong(t *testing.T) {
	for _, c := range []struct {
		word  string
		words []string
		most  int
		want  []string
	}{
		{"imprt", []string{"import", "ingest"}, 1, []string{"import"}},
		{"cover", []string{"rename", "cover"}, 1, []string{"cover"}},
		{"gartn", []string{"Pier", "garden", "gärten"}, 2, []string{"garden", "gärten"}},
		{"b", []string{"a", "c"}, 1, []string{"a"}}, // of equals the first
		{"a", nil, 3, nil},
	} {
		if got := nearest.Of(c.word, c.words, c.most); !slices.Equal(got, c.want) {
			t.Errorf("nearest to %q of %q: %q, want %q", c.word, c.words, got, c.want)
		}
	}
}

func TestChangesCountsLettersAndNotBytes(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     int
	}{{"", "", 0}, {"", "ab", 2}, {"ab", "", 2}, {"grün", "grun", 1}, {"pier", "peer", 1}, {"pier", "per", 1}, {"abc", "cab", 2}} {
		if got := nearest.Changes(c.from, c.to); got != c.want {
			t.Errorf("from %q to %q it takes %d changes, want %d", c.from, c.to, got, c.want)
		}
	}
}
