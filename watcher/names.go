package watcher

import "strings"

// nameReason judges a file by its name alone: half-written, junk, hidden, or ""
// for a good name. Systems differ in case (Thumbs.db, thumbs.DB), so case does
// not count. "Temporary" comes first: such a file gets its real name soon, and
// whoever watches the folder waits for it.
func nameReason(name string) Reason {
	low := strings.ToLower(name)
	switch {
	case isTemporary(low):
		return SkipTemporary
	case isJunk(low):
		return SkipJunk
	case low[0] == '.':
		return SkipHidden
	}
	return ""
}

// folderReason judges a folder by its name alone; "" means go in.
func folderReason(name string) Reason {
	low := strings.ToLower(name)
	switch {
	case isJunkFolder(low):
		return SkipJunkFolder
	case low[0] == '.':
		return SkipHiddenFolder
	}
	return ""
}

// isJunk knows the files that systems make for themselves and that no one wants
// in a photo library. low is in lower case.
func isJunk(low string) bool {
	switch low {
	case ".ds_store", ".apdisk", "icon\r", // macOS
		"thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini": // Windows
		return true
	}
	// "._IMG_1.JPG" has the extension of a photo and 4 KB of AppleDouble in it:
	// what macOS writes beside a file on a disk that knows no resource forks.
	return hasAnyPrefix(low, "._", "synofile_thumb_", "synophoto_thumb_")
}

// isJunkFolder knows the folders of bins, indexes and thumbnails. low is in
// lower case.
func isJunkFolder(low string) bool {
	switch low {
	case ".appledouble", ".spotlight-v100", ".trashes", ".trash", ".fseventsd", ".temporaryitems",
		".documentrevisions-v100", "__macosx", // macOS
		"$recycle.bin", "system volume information", // Windows
		"@eadir", "@__thumb", "#recycle", "@recycle", // Synology, QNAP
		".thumbnails", "thmbnl", // Android, Sony cameras
		"lightroom catalog", ".photostructure", "recently deleted": // photo programs
		return true
	}
	return strings.HasPrefix(low, ".trash-") // freedesktop: one bin a user and disk
}

// isTemporary knows the names under which programs write before they rename.
// low is in lower case.
func isTemporary(low string) bool {
	return hasAnySuffix(low,
		".part", ".partial", ".tmp", ".temp", // everyone; rclone writes NAME.HASH.partial
		".crdownload", ".download", ".opdownload", // Chrome, Safari, Opera
		".filepart", ".!ut", ".aria2", // WinSCP, µTorrent, aria2
		".rclone-partial", ".kei-tmp",
		"~", // editors' backups
	) || hasAnyPrefix(low,
		"~$", ".~lock.", ".#", // Office, LibreOffice, Emacs: someone has it open
		".goutputstream-",      // GNOME
		"~syncthing~",          // Syncthing on Windows; elsewhere .syncthing.NAME.tmp
		".nfs", ".fuse_hidden", // deleted while open
		".pending-", ".trashed-", // Android, with a time stamp and the name
	) || isRsyncPartial(low)
}

// isRsyncPartial knows .NAME.XXXXXX, where rsync collects a file. The name must
// have an extension, as photos do: else .bashrc.backup would be one too.
func isRsyncPartial(low string) bool {
	const random = 6
	dot := len(low) - random - 1
	if dot < 1 || low[0] != '.' || low[dot] != '.' {
		return false
	}
	for _, c := range []byte(low[dot+1:]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return strings.LastIndexByte(low[1:dot], '.') > 0
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

func hasAnySuffix(s string, suffixes ...string) bool {
	for _, x := range suffixes {
		if strings.HasSuffix(s, x) {
			return true
		}
	}
	return false
}
