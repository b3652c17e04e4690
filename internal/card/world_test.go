package card_test

import (
	"path/filepath"
	"testing"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/card/cardtest"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
)

// at is a path of a disk in memory.
func at(path string) string { return string(filepath.Separator) + filepath.FromSlash(path) }

// mount puts a card of a label on a disk.
func mount(label string) offloadtest.Volume {
	return offloadtest.Volume{Volume: offload.Volume{Mount: at("media/" + label), Device: "/dev/" + label, FSID: "6657-E919", Label: label, Type: "exfat"}}
}

// inserted is a drawn card on a disk of its own.
func inserted(t testing.TB, seed uint64) (*offloadtest.Disk, card.Card, cardtest.Card) {
	t.Helper()
	disk := offloadtest.New(mount("EOS"))
	drawn := cardtest.New(seed, true)
	drawn.PutOn(disk, at("media/EOS"))
	c, err := card.At(disk, at("media/EOS"))
	if err != nil {
		t.Fatal(err)
	}
	return disk, c, drawn
}

// listed are all that a listing visits, by path.
func listed(t testing.TB, c card.Card, fsys card.FS) (map[string]card.File, []card.File, error) {
	t.Helper()
	byPath, all := map[string]card.File{}, []card.File(nil)
	err := c.List(t.Context(), fsys, func(f card.File) error {
		if _, ok := byPath[f.Rel]; ok {
			t.Errorf("%s is visited twice", f.Rel)
		}
		byPath[f.Rel] = f
		all = append(all, f)
		return nil
	})
	return byPath, all, err
}
