package card

import (
	"path"
	"slices"
	"strings"

	"github.com/albumwright/albumwright/internal/media"
)

// The words for why media is not uploaded.
const (
	whyEmpty   = "empty"
	whyUnknown = "not among the types that the service takes"
	whyBin     = "in a folder that systems keep for themselves"
)

// trees are the folders right below a card's root whose structure has to be kept, in upper case: AVCHD, XAVC, XDCAM, XF and P2, and what phones of the
// same makers write.
func trees() []string {
	return []string{"PRIVATE", "AVCHD", "M4ROOT", "MP_ROOT", "CONTENTS", "BDMV", "BPAV", "XDROOT"}
}

// treeOf is the tree that a path is in, as it is written there.
func treeOf(rel string) string {
	first, _, below := strings.Cut(rel, "/")
	if below && slices.Contains(trees(), strings.ToUpper(first)) {
		return first
	}
	return ""
}

// classify says what a file is, by its path, and where a name can lie by its first bytes.
func (f *File) classify(head func(n int) ([]byte, error)) error {
	f.Tree = treeOf(f.Rel)
	name, isMedia := path.Base(f.Rel), isMedia(f.Rel)
	why := junkName(name)
	if why == "" && strings.HasPrefix(name, "._") {
		first, err := head(len(appleDouble))
		if err != nil {
			return err
		}
		if string(first) == appleDouble {
			why, isMedia = "written by macOS beside a file", false
		}
	}
	folder := junkFolder(f.Rel)
	switch {
	case why != "":
		f.Class, f.Why = Junk, why
	case isMedia && f.Tree != "" && isSmall(f.Rel):
		f.Class = Tree
	case isMedia:
		f.Class = Media
		f.Upload, f.Why = f.wanted(folder)
	case folder != "":
		f.Class, f.Why = Junk, folder
	case f.Tree != "":
		f.Class = Tree
	case isSidecar(name):
		f.Class = Sidecar
	default:
		f.Class = Other
	}
	if f.Class == Junk {
		f.Tree = ""
	}
	return nil
}

// wanted tells whether media is to be uploaded, and why not.
func (f *File) wanted(folder string) (upload bool, why string) {
	_, taken := media.ByName(f.Rel)
	switch {
	case f.Size == 0:
		return false, whyEmpty
	case !taken:
		return false, whyUnknown
	case folder != "":
		return false, whyBin
	}
	return true, ""
}

// appleDouble is how a file begins in which macOS keeps what FAT has no place for. "._IMG_1.JPG" is one; a photo may be called so, too.
const appleDouble = "\x00\x05\x16\x07"

func extension(name string) string { return strings.ToLower(path.Ext(name)) }

// isMedia tells photos and videos by their names: what the service takes, and what else cameras write.
func isMedia(name string) bool {
	if _, ok := media.ByName(name); ok {
		return true
	}
	switch extension(name) {
	case ".3fr", ".fff", // Hasselblad
		".iiq", ".mos", ".cap", // Phase One, Leaf
		".x3f", ".rwl", ".srw", ".erf", ".mrw", ".mef", ".dcr", ".kdc", ".k25", ".gpr", ".ari", // Sigma, Leica, Samsung, Epson, Minolta, Mamiya, Kodak, GoPro, Arri
		".mpo", ".jps", ".jxl", // two pictures in one; JPEG XL
		".insp", ".insv", ".360", ".osv", // all around
		".mxf", ".braw", ".r3d", ".crm", ".nev", ".webm", ".mp2", ".m4p", ".qt", ".dv", ".ts": // films
		return true
	}
	return false
}

// isSidecar knows what says something about a photo or video.
func isSidecar(name string) bool {
	switch extension(name) {
	case ".lrf", ".srt", // DJI's small version of a video, and its track
		".nksc", ".dop", ".vrd", ".cos", ".on1", ".pts", // what makers' programs did
		".gis", ".log", ".nmea", ".mp3", ".m4a", ".aac": // tracks and sound
		return true
	}
	return media.Sidecar(name)
}

// isSmall knows the folders of trees that hold small versions of what is beside them.
func isSmall(rel string) bool {
	for _, folder := range strings.Split(strings.ToUpper(path.Dir(rel)), "/") {
		switch folder {
		case "THMBNL", "SUB", "AVCHDTN", "CANONTHM", "ICON", "PROXY":
			return true
		}
	}
	return false
}

// junkName tells what systems and cameras made for themselves, whatever folder it is in. Systems differ in case.
func junkName(name string) (why string) {
	switch strings.ToLower(name) {
	case ".ds_store", ".apdisk", "icon\r", ".metadata_never_index", ".volumeicon.icns":
		return "written by macOS"
	case "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "autorun.inf":
		return "written by Windows"
	case ".nomedia", ".database_uuid":
		return "written by Android"
	case "autprint.mrk", "autplay.mrk", "autxfer.mrk", "autmail.mrk":
		return "a camera's order for prints or transfers"
	}
	if extension(name) == ".ctg" {
		return "a camera's index"
	}
	return ""
}

// junkFolder tells the folders of bins and indexes.
func junkFolder(rel string) (why string) {
	for _, folder := range strings.Split(strings.ToLower(path.Dir(rel)), "/") {
		switch folder {
		case ".trashes", ".spotlight-v100", ".fseventsd", ".temporaryitems", ".documentrevisions-v100", ".appledouble", "__macosx":
			return "in a folder of macOS"
		case "system volume information", "$recycle.bin":
			return "in a folder of Windows"
		case ".thumbnails":
			return "in a folder of Android"
		}
		if strings.HasPrefix(folder, ".trash-") {
			return "in a bin"
		}
	}
	return ""
}
