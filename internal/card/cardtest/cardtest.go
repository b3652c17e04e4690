// Package cardtest makes cards of cameras for tests: any number of them, each from a number, always the same from the same one.
//
// [New] draws a card; [Card.PutOn] lays it on a disk in memory, [Card.WriteTo] in a folder. Each file says what it must be taken for. Media are valid tiny
// files, but for those that are cut short or empty, as cards have them.
package cardtest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
)

// File is a file of a card, and what it is.
type File struct {
	Rel     string // with slashes
	Content []byte
	ModTime time.Time // in steps of FAT: even seconds
	Class   card.Class
	Upload  bool
	Tree    string
	Set     string // files of one set belong together; "" for junk
}

// Card is a card.
type Card struct {
	Seed  uint64
	Files []File
}

// New draws a card. With twins it may have names that differ only in case or in their Unicode form, as only some file systems do.
func New(seed uint64, twins bool) Card {
	m := &maker{
		rand: rand.New(rand.NewPCG(seed, 0xca4d)),
		seed: seed,
		now:  time.Date(2024, 5, 18, 9, 0, 0, 0, time.UTC).Add(time.Duration(seed%300) * 24 * time.Hour),
		have: map[string]bool{},
	}
	m.dcim()
	m.sometimes(3, m.phone)
	m.sometimes(3, m.goPro)
	m.sometimes(3, m.avchd)
	m.sometimes(3, m.xavc)
	m.sometimes(2, m.junk)
	m.sometimes(2, m.oddities)
	if twins {
		m.sometimes(2, m.twins)
	}
	return Card{Seed: seed, Files: m.files}
}

// WriteTo lays the card in a folder.
func (c Card) WriteTo(dir string) error {
	for _, f := range c.Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Rel))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.Content, 0o666); err != nil {
			return err
		}
		if err := os.Chtimes(path, f.ModTime, f.ModTime); err != nil {
			return err
		}
	}
	return nil
}

// PutOn lays the card on a disk in memory.
func (c Card) PutOn(d *offloadtest.Disk, mount string) {
	for _, f := range c.Files {
		d.Put(filepath.Join(mount, filepath.FromSlash(f.Rel)), f.Content, f.ModTime)
	}
}

// maker draws a card.
type maker struct {
	rand   *rand.Rand
	seed   uint64
	now    time.Time // of the last shot
	number int       // of the last file, so that no two have the same bytes by chance
	files  []File
	have   map[string]bool
}

// sometimes does something once in n cards.
func (m *maker) sometimes(n int, do func()) {
	if m.rand.IntN(n) == 0 {
		do()
	}
}

// tick is when the next shot is taken.
func (m *maker) tick() time.Time {
	m.now = m.now.Add(time.Duration(2+2*m.rand.IntN(900)) * time.Second)
	return m.now
}

// add puts a file on the card. The first of a name stays.
func (m *maker) add(f File) {
	if m.have[f.Rel] {
		return
	}
	m.have[f.Rel] = true
	if f.ModTime.IsZero() {
		f.ModTime = m.now
	}
	m.files = append(m.files, f)
}

// media adds a photo or video.
func (m *maker) media(set, rel string, content []byte) {
	m.add(File{Rel: rel, Content: content, Class: card.Media, Upload: len(content) > 0, Set: set})
}

// beside adds what belongs to a photo or video.
func (m *maker) beside(set, rel, content string) {
	m.add(File{Rel: rel, Content: []byte(content), Class: card.Sidecar, Set: set})
}

// part adds a part of a tree.
func (m *maker) part(tree, rel string, content []byte) {
	m.add(File{Rel: tree + "/" + rel, Content: content, Class: card.Tree, Tree: tree, Set: tree})
}

// scrap adds junk.
func (m *maker) scrap(rel, content string) {
	m.add(File{Rel: rel, Content: []byte(content), Class: card.Junk})
}

// unique are a few bytes that no other file has.
func (m *maker) unique() string {
	m.number++
	return fmt.Sprintf("card %d file %d", m.seed, m.number)
}
