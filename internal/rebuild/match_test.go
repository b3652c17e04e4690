package rebuild_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/rebuild"
)

func photo(name string, second, width, height int) rebuild.Facts {
	return rebuild.Facts{Name: name, Taken: time.Date(2024, 5, 18, 12, 0, second, 0, time.UTC), Width: width, Height: height}
}

func video(name string, second, width, height int) rebuild.Facts {
	f := photo(name, second, width, height)
	f.Video = true
	return f
}

func undated(name string) rebuild.Facts { return rebuild.Facts{Name: name, Width: 4, Height: 3} }

func TestFilesAndItemsThatLookTheSameAreGrouped(t *testing.T) {
	type group struct {
		Files []int
		Items []string
	}
	for name, c := range map[string]struct {
		files []rebuild.Facts
		items map[string]rebuild.Facts
		want  []group
	}{
		"one and one": {
			[]rebuild.Facts{photo("a.jpg", 1, 4, 3)}, map[string]rebuild.Facts{"i": photo("a.jpg", 1, 4, 3)}, []group{{[]int{0}, []string{"i"}}},
		},
		"turned": {
			[]rebuild.Facts{photo("a.jpg", 1, 4, 3)}, map[string]rebuild.Facts{"i": photo("a.jpg", 1, 3, 4)}, []group{{[]int{0}, []string{"i"}}},
		},
		"another name": {
			[]rebuild.Facts{photo("a.jpg", 1, 4, 3)}, map[string]rebuild.Facts{"i": photo("A.jpg", 1, 4, 3)}, []group{{[]int{0}, nil}},
		},
		"another second": {
			[]rebuild.Facts{photo("a.jpg", 1, 4, 3)}, map[string]rebuild.Facts{"i": photo("a.jpg", 2, 4, 3)}, []group{{[]int{0}, nil}},
		},
		"another size": {
			[]rebuild.Facts{photo("a.jpg", 1, 4, 3)}, map[string]rebuild.Facts{"i": photo("a.jpg", 1, 8, 6)}, []group{{[]int{0}, nil}},
		},
		"another kind": {
			[]rebuild.Facts{photo("a", 1, 4, 3)}, map[string]rebuild.Facts{"i": video("a", 1, 4, 3)}, []group{{[]int{0}, nil}},
		},
		"a photo of unknown size": {
			[]rebuild.Facts{photo("a.jpg", 1, 0, 0)}, map[string]rebuild.Facts{"i": photo("a.jpg", 1, 0, 0)}, []group{{[]int{0}, nil}},
		},
		"a photo whose item's size is unknown": {
			[]rebuild.Facts{photo("a.jpg", 1, 4, 3)}, map[string]rebuild.Facts{"i": photo("a.jpg", 1, 0, 0)}, []group{{[]int{0}, nil}},
		},
		"a file without a time": {
			[]rebuild.Facts{undated("a.jpg"), undated("a.jpg")}, map[string]rebuild.Facts{"i": undated("a.jpg")}, []group{{[]int{0}, nil}, {[]int{1}, nil}},
		},
		"a video that the service is not done with": {
			[]rebuild.Facts{video("a.mp4", 1, 4, 3)}, map[string]rebuild.Facts{"i": video("a.mp4", 1, 0, 0)}, []group{{[]int{0}, []string{"i"}}},
		},
		"a video of another size": {
			[]rebuild.Facts{video("a.mp4", 1, 4, 3)}, map[string]rebuild.Facts{"i": video("a.mp4", 1, 8, 6)}, []group{{[]int{0}, nil}},
		},
		"twins": {
			[]rebuild.Facts{photo("a.jpg", 1, 4, 3), photo("b.jpg", 1, 4, 3), photo("a.jpg", 1, 3, 4)},
			map[string]rebuild.Facts{"i": photo("a.jpg", 1, 4, 3), "j": photo("a.jpg", 1, 4, 3), "k": photo("b.jpg", 1, 4, 3), "l": photo("c.jpg", 1, 4, 3)},
			[]group{{[]int{0, 2}, []string{"i", "j"}}, {[]int{1}, []string{"k"}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var items []rebuild.Item
			for _, id := range []string{"i", "j", "i", "k", "l", "j"} { // as a listing that repeats itself
				if f, ok := c.items[id]; ok {
					items = append(items, rebuild.Item{ID: id, Facts: f})
				}
			}
			var got []group
			for _, g := range rebuild.Groups(c.files, items) {
				out := group{Files: g.Files}
				for _, it := range g.Items {
					out.Items = append(out.Items, it.ID)
				}
				got = append(got, out)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
		})
	}
}
