package cardtest

import (
	"fmt"
	"strings"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/fixture"
)

// maker of cameras.
type model struct {
	folder, prefix string // 100CANON, IMG_
	brand, name    string
	raw            func(fixture.Spec) []byte
	ext            string
}

func models() []model {
	return []model{
		{"CANON", "IMG_", "Canon", "Canon EOS R6", fixture.CR3, ".CR3"},
		{"NIKON", "DSC_", "NIKON CORPORATION", "NIKON Z 6", fixture.NEF, ".NEF"},
		{"MSDCF", "DSC0", "SONY", "ILCE-7M4", fixture.ARW, ".ARW"},
		{"_PANA", "P100", "Panasonic", "DC-G9", fixture.RW2, ".RW2"},
	}
}

// spec is the facts of the next shot.
func (m *maker) spec(c model) fixture.Spec {
	m.number++
	s := fixture.Spec{Captured: m.tick(), Make: c.brand, Model: c.name, Seed: int(m.seed)*1000 + m.number, Width: 8, Height: 8}
	if m.rand.IntN(60) == 0 {
		s.PadTo = 1<<20 + int64(m.rand.IntN(1<<19)) // more than is read at once
	}
	return s
}

// dcim has the folders of a camera: the numbers roll over from 9999 in one to 0001 in the next, or start again there.
func (m *maker) dcim() {
	c := models()[m.rand.IntN(len(models()))]
	n := 9999 - m.rand.IntN(6)
	folder := 100
	for range 4 + m.rand.IntN(10) {
		m.shot(c, fmt.Sprintf("DCIM/%03d%s", folder, c.folder), n)
		if n++; n > 9999 || m.rand.IntN(8) == 0 {
			folder++
			n = 1
		}
	}
}

// shot is a photo, with what may belong to it.
func (m *maker) shot(c model, dir string, n int) {
	stem := fmt.Sprintf("%s/%s%04d", dir, c.prefix, n)
	s := m.spec(c)
	switch m.rand.IntN(12) {
	case 0: // cut short: the battery was empty
		whole := fixture.JPEG(s)
		m.media(stem, stem+".JPG", whole[:len(whole)/2])
	case 1: // nothing of it was written
		m.add(File{Rel: stem + ".JPG", Class: card.Media, Set: stem})
	case 2:
		m.media(stem, stem+".MP4", fixture.MP4(s))
		m.beside(stem, stem+".THM", m.unique())
		return
	case 3, 4, 5:
		m.media(stem, stem+".JPG", fixture.JPEG(s))
		m.media(stem, stem+c.ext, c.raw(s))
	case 6:
		m.media(stem, stem+c.ext, c.raw(s))
		m.beside(stem, stem+c.ext+".xmp", "<x:xmpmeta>"+m.unique())
	default:
		m.media(stem, stem+".JPG", fixture.TinyJPEG(s.Seed, s.Captured))
	}
	if m.rand.IntN(6) == 0 {
		m.beside(stem, stem+".WAV", "RIFF voice "+m.unique())
	}
}

// phone has pairs of photo and film, and an edited copy.
func (m *maker) phone() {
	c := model{brand: "Apple", name: "iPhone 15"}
	for n := range 1 + m.rand.IntN(4) {
		stem := fmt.Sprintf("DCIM/100APPLE/IMG_%04d", n+1)
		s := m.spec(c)
		s.ContentID = fmt.Sprintf("%08X-0000-4000-8000-%012X", m.seed&0xffffffff, m.number)
		m.media(stem, stem+".HEIC", fixture.HEIC(s))
		m.media(stem, stem+".MOV", fixture.MOV(s))
		if m.rand.IntN(2) == 0 {
			edited := strings.Replace(stem, "IMG_", "IMG_E", 1)
			m.media(stem, edited+".JPG", fixture.JPEG(m.spec(c)))
			m.beside(stem, stem+".AAE", "<plist>"+m.unique())
			m.beside(stem, strings.Replace(stem, "IMG_", "IMG_O", 1)+".AAE", "<plist>"+m.unique())
		}
	}
}

// goPro has clips in chapters, each with its small version and picture.
func (m *maker) goPro() {
	c := model{brand: "GoPro", name: "HERO11 Black"}
	for clip := range 1 + m.rand.IntN(2) {
		for chapter := range 1 + m.rand.IntN(3) {
			id := fmt.Sprintf("%02d%04d", chapter+1, clip+1)
			set := "DCIM/100GOPRO/GX" + id
			m.media(set, set+".MP4", fixture.MP4(m.spec(c)))
			m.beside(set, "DCIM/100GOPRO/GL"+id+".LRV", m.unique())
			m.beside(set, set+".THM", m.unique())
		}
	}
}

// avchd is a camcorder's tree, whose clips are called the same on every card.
func (m *maker) avchd() {
	const tree = "PRIVATE"
	c := model{brand: "Sony", name: "HDR-CX240"}
	for _, rel := range []string{"AVCHD/BDMV/INDEX.BDM", "AVCHD/BDMV/MOVIEOBJ.BDM", "AVCHD/AVCHDTN/THUMB.TDT"} {
		m.part(tree, rel, []byte(m.unique()))
	}
	for n := range 1 + m.rand.IntN(3) {
		s := m.spec(c)
		m.add(File{
			Rel: fmt.Sprintf("%s/AVCHD/BDMV/STREAM/%05d.MTS", tree, n), Content: fixture.MTS(s), Class: card.Media, Upload: true, Tree: tree, Set: tree,
		})
		m.part(tree, fmt.Sprintf("AVCHD/BDMV/CLIPINF/%05d.CPI", n), []byte(m.unique()))
		m.part(tree, fmt.Sprintf("AVCHD/BDMV/PLAYLIST/%05d.MPL", n), []byte(m.unique()))
	}
}

// xavc is another tree, with small versions of each clip.
func (m *maker) xavc() {
	const tree = "M4ROOT"
	c := model{brand: "Sony", name: "ILCE-7M4"}
	m.part(tree, "MEDIAPRO.XML", []byte(m.unique()))
	for n := range 1 + m.rand.IntN(3) {
		clip := fmt.Sprintf("C%04d", n+1)
		s := m.spec(c)
		m.add(File{Rel: tree + "/CLIP/" + clip + ".MP4", Content: fixture.MP4(s), Class: card.Media, Upload: true, Tree: tree, Set: tree})
		m.part(tree, "CLIP/"+clip+"M01.XML", []byte(m.unique()))
		m.part(tree, "THMBNL/"+clip+"T01.JPG", fixture.TinyJPEG(s.Seed, s.Captured))
		m.part(tree, "SUB/"+clip+"S03.MP4", []byte(m.unique()))
	}
}

// junk is what systems and cameras leave.
func (m *maker) junk() {
	m.scrap(".DS_Store", "\x00\x00\x00\x01Bud1")
	m.scrap("DCIM/.DS_Store", "\x00\x00\x00\x01Bud1")
	m.scrap("DCIM/._100CANON", "\x00\x05\x16\x07 fork")
	m.scrap("DCIM/._IMG_0001.JPG", "\x00\x05\x16\x07 fork")
	m.scrap("Thumbs.db", "\xd0\xcf\x11\xe0")
	m.scrap(".Trashes/._501", "\x00\x05\x16\x07")
	m.scrap(".fseventsd/fseventsd-uuid", m.unique())
	m.scrap(".Spotlight-V100/VolumeConfiguration.plist", m.unique())
	m.scrap("System Volume Information/WPSettings.dat", "\x0c\x00")
	m.scrap("MISC/AUTPRINT.MRK", "[HDR]")
	m.scrap("DCIM/CANONMSC/M0100.CTG", m.unique())
}

// oddities are legal, and easily lost.
func (m *maker) oddities() {
	at := m.tick()
	media := func(rel string, upload bool) {
		m.number++
		content := fixture.TinyJPEG(int(m.seed)*1000+m.number, at)
		m.add(File{Rel: rel, Content: content, Class: card.Media, Upload: upload, Set: rel})
	}
	media("DCIM/100CANON/Mu\u0308nchen.JPG", true) // decomposed, as macOS writes it
	media("DCIM/100CANON/ -'`~$&.JPG", true)
	media("DCIM/100CANON/._not a fork.JPG", true)
	media("DCIM/NO EXTENSION ABOVE.x/IMG_0001.JPG", true)
	media("IMG_0001.JPG", true)
	media(".Trashes/501/IMG_0002.JPG", false)
	m.add(File{Rel: "DCIM/100CANON/MVI_0001.MXF", Content: []byte(m.unique()), Class: card.Media, Set: "MVI_0001"})
	m.add(File{Rel: "NIKON001.DSC", Content: []byte(m.unique()), Class: card.Other, Set: "NIKON001"})
	m.add(File{Rel: "notes.txt", Content: []byte(m.unique()), Class: card.Other, Set: "notes"})
	if len(m.files) > 0 { // the same bytes under another name
		first := m.files[0]
		m.add(File{Rel: "DCIM/199COPY/" + m.lastName(first.Rel), Content: first.Content, ModTime: first.ModTime, Class: first.Class, Upload: first.Upload, Set: "copy"})
	}
}

func (m *maker) lastName(rel string) string { return rel[strings.LastIndex(rel, "/")+1:] }

// twins are names that some file systems take for one.
func (m *maker) twins() {
	for i, name := range []string{"TWIN.JPG", "twin.JPG", "Caf\u00e9.JPG", "Cafe\u0301.JPG"} {
		m.number++
		m.add(File{
			Rel: "DCIM/100CANON/" + name, Content: fixture.TinyJPEG(int(m.seed)*1000+m.number, m.tick()), Class: card.Media, Upload: true,
			Set: []string{"twin", "café"}[i/2],
		})
	}
}
