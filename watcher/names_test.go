package watcher_test

import (
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/watcher"
)

func TestNamesAreJudged(t *testing.T) {
	byReason := map[watcher.Reason][]string{
		"": {
			"IMG_0001.JPG", "img.jpeg", "noextension", "-rf.jpg", "--.jpg", " space .jpg ", "dot..", "a%20b.jpg", "c:d.jpg",
			"line\nbreak.jpg", "Ünïcödé.jpg", "e\u0301.jpg", "🎉.heic", "!#$%'+-.^_`~.jpg", "IMG~1.JPG", "icon.png", "Icon",
			"part", "tmp.jpg", "thumbs.db.jpg", "nfs0001.jpg", "$Recycle.jpg", "#hash.jpg", "_IMG.jpg",
			"synofile.jpg", "desktop.ini.bak", "a.pending-1-b.jpg",
		},
		watcher.SkipJunk: {
			".DS_Store", "._IMG_1.JPG", "._x", ".apdisk", "Icon\r", "Thumbs.db", "EHTHUMBS.DB", "ehthumbs_vista.db",
			"Desktop.ini", "SYNOFILE_THUMB_M_1.jpg", "SYNOPHOTO_THUMB_XL.jpg",
		},
		watcher.SkipTemporary: {
			"a.part", "a.PARTIAL", "a.jpg.tmp", "a.temp", "a.crdownload", "a.download", "a.opdownload", "a.filepart", "a.!ut",
			"a.aria2", "a.jpg~", "~$letter.docx", ".#lock.jpg", ".goutputstream-ABC123", ".~lock.x.odt#", ".syncthing.a.jpg.tmp",
			"~syncthing~a.jpg.tmp", ".nfs000000000012", ".fuse_hidden0001", ".IMG_1.JPG.aB3dE9", "a.jpg.0a1b2c3d.partial",
			"a.rclone-partial", "a.kei-tmp", ".pending-1700000000-IMG.jpg", ".trashed-1700000000-IMG.jpg",
		},
		watcher.SkipHidden: {".nomedia", ".hidden.jpg", "..double.jpg", ".IMG_1.JPG.toolong", ".bashrc.backup", ".IMG.JPG.a-b_c!"},
	}
	root := tree(t)
	want := make(map[string]watcher.Reason)
	for reason, names := range byReason {
		for _, name := range names {
			grow(t, root, name)
			want[name] = reason
		}
	}
	if diff := cmp.Diff(want, walk(t, watcher.WalkConfig{Roots: []string{root}})); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

func TestFoldersAreLeftOutOnceAndWhole(t *testing.T) {
	byReason := map[watcher.Reason][]string{
		watcher.SkipJunkFolder: {
			"@eaDir", "@__thumb", "#recycle", "@Recycle", ".thumbnails", "THMBNL", ".Trash-1000", ".Trash", "$RECYCLE.BIN",
			"System Volume Information", "__MACOSX", ".AppleDouble", ".Spotlight-V100", ".Trashes", ".fseventsd",
			".TemporaryItems", ".DocumentRevisions-V100", "Lightroom Catalog", ".photostructure", "recently deleted",
		},
		watcher.SkipHiddenFolder: {".git", ".stfolder", "..."},
	}
	root := tree(t, "plain/a.jpg", "Trash-1000/a.jpg", "eaDir/a.jpg")
	want := map[string]watcher.Reason{"plain/a.jpg": "", "Trash-1000/a.jpg": "", "eaDir/a.jpg": ""}
	for reason, names := range byReason {
		for _, name := range names {
			grow(t, root, "deep/"+name+"/sub/a.jpg")
			want["deep/"+name] = reason
		}
	}
	if diff := cmp.Diff(want, walk(t, watcher.WalkConfig{Roots: []string{root}})); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

func TestNamesThatAreNotTextAreCarriedThrough(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("this system's file names must be text")
	}
	root := tree(t, "\xff\xfe\xfa/\x80.jpg", "a\xc3.jpg")
	want := map[string]watcher.Reason{"\xff\xfe\xfa/\x80.jpg": "", "a\xc3.jpg": ""}
	got := walk(t, watcher.WalkConfig{Roots: []string{root}, Include: []string{"*.JPG"}})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

func TestAcceptIsAskedLastAndOnlyForGoodNames(t *testing.T) {
	root := tree(t, "a.jpg", "b.txt", "c.xmp", ".d.jpg", "e.part", "f.jpg=0", "g.txt=0", "x/h.jpg", "@eaDir/i.jpg")
	asked := make(chan string, 100)
	got := walk(t, watcher.WalkConfig{
		Roots: []string{root}, Exclude: []string{"x/"},
		Accept: func(name string) watcher.Reason {
			asked <- name
			switch name {
			case "b.txt", "g.txt":
				return watcher.SkipUnsupported
			case "c.xmp":
				return watcher.SkipSidecar
			}
			return ""
		},
	})
	want := map[string]watcher.Reason{
		"a.jpg": "", "b.txt": watcher.SkipUnsupported, "c.xmp": watcher.SkipSidecar, ".d.jpg": watcher.SkipHidden,
		"e.part": watcher.SkipTemporary, "f.jpg": watcher.SkipEmpty, "g.txt": watcher.SkipUnsupported,
		"x": watcher.SkipExcludedFolder, "@eaDir": watcher.SkipJunkFolder,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	close(asked)
	names := make(map[string]int)
	for name := range asked {
		names[name]++
	}
	wantAsked := map[string]int{"a.jpg": 1, "b.txt": 1, "c.xmp": 1, "f.jpg": 1, "g.txt": 1}
	if diff := cmp.Diff(wantAsked, names); diff != "" {
		t.Errorf("Accept was asked (-want +got):\n%s", diff)
	}
}
