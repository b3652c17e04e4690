package order_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/order"
	"github.com/albumwright/albumwright/internal/property"
)

// keys makes a list of keys that may move. An upper case letter is a key that is fixed.
func keys(text string) []order.Key {
	var list []order.Key
	for _, b := range []byte(text) {
		list = append(list, order.Key{Sort: bytes.ToLower([]byte{b}), Fixed: b < 'a'})
	}
	return list
}

func TestAsManyKeysAsPossibleStay(t *testing.T) {
	for _, c := range []struct{ name, list, stay string }{
		{"as it was", "abcde", "abcde"},
		{"one moved to the end", "bcdea", "bcde"},
		{"one moved to the front", "eabcd", "abcd"},
		{"two changed places", "adcbe", "abe"},
		{"the other way round", "edcba", "a"},
		{"what is there cannot move", "bcA", "A"},
		{"what is there decides about the others", "dBcAe", "BAe"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := keys(c.list)
			stay := ""
			for i, key := range order.Follow(list) {
				if bytes.Equal(key, list[i].Sort) {
					stay += string(c.list[i])
				}
			}
			if len(stay) != len(c.stay) {
				t.Errorf("%q stay, want as many as %q", stay, c.stay)
			}
		})
	}
}

func TestWhatMovesStandsDirectlyBehindTheOneBefore(t *testing.T) {
	got := order.Follow(keys("bzxc"))
	late := []byte("b later than b")
	for i := 1; i < 3; i++ {
		if bytes.Compare(got[0], got[i]) >= 0 || bytes.Compare(got[i], late) >= 0 {
			t.Errorf("key %q does not stand between %q and %q, which sorts next", got[i], got[0], late)
		}
	}
}

func TestWhatMovesToTheFrontStandsDirectlyBeforeTheFirst(t *testing.T) {
	got := order.Follow([]order.Key{{Sort: []byte("z/9")}, {Sort: []byte("m/5")}, {Sort: []byte("n/5")}})
	early := []byte("m/4zzz")
	if bytes.Compare(early, got[0]) >= 0 || bytes.Compare(got[0], got[1]) >= 0 || string(got[1]) != "m/5" {
		t.Errorf("keys %q: the first does not stand between %q and the second", got, early)
	}
}

func TestAListThatIsChangedAgainStillFindsRoom(t *testing.T) {
	first := order.Follow(keys("bdae")) // a stands behind d
	list := []order.Key{{Sort: []byte("d"), Fixed: true}, {Sort: []byte("x")}, {Sort: []byte("y")}, {Sort: first[2], Fixed: true}, {Sort: []byte("e")}}
	if got := order.Follow(list); !slices.IsSortedFunc(got, bytes.Compare) || len(slices.CompactFunc(got, bytes.Equal)) != len(list) {
		t.Errorf("keys %q are not in the order of the list", got)
	}
}

// Lists of any keys, moved about in any way: the keys that come out increase, whatever stays is unchanged, and following again changes nothing.
func TestKeysFollowAnyList(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		sorts := rapid.SliceOfDistinct(rapid.SliceOfN(rapid.ByteRange(1, 3), 1, 6), func(b []byte) string { return string(b) }).Draw(t, "keys")
		list := make([]order.Key, len(sorts))
		for i, sort := range rapid.Permutation(sorts).Draw(t, "list") {
			list[i].Sort = sort
		}
		var fixed [][]byte
		for i := range list {
			list[i].Fixed = rapid.Bool().Draw(t, fmt.Sprint("fixed ", i)) && (len(fixed) == 0 || bytes.Compare(fixed[len(fixed)-1], list[i].Sort) < 0)
			if list[i].Fixed {
				fixed = append(fixed, list[i].Sort)
			}
		}
		got := order.Follow(list)
		for i := range got {
			if i > 0 && bytes.Compare(got[i-1], got[i]) >= 0 {
				t.Fatalf("%q does not sort before %q", got[i-1], got[i])
			}
			if list[i].Fixed && !bytes.Equal(got[i], list[i].Sort) {
				t.Fatalf("%q is fixed and became %q", list[i].Sort, got[i])
			}
			list[i].Sort = got[i]
		}
		for i, key := range order.Follow(list) {
			if !bytes.Equal(key, got[i]) {
				t.Fatalf("following again made %q of %q", key, got[i])
			}
		}
	})
}

func BenchmarkFollowAnAlbumTurnedRound(b *testing.B) {
	list := make([]order.Key, 20_000)
	for i := range list {
		list[i].Sort = fmt.Appendf(nil, "%09d/IMG_%d.jpg", len(list)-i, i)
	}
	for b.Loop() {
		order.Follow(list)
	}
}
