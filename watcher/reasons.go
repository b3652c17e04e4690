package watcher

import "io/fs"

// Reason says why a file is not taken, in words for a report. The empty Reason
// means that it is taken. A program's own Accept may return reasons of its own.
type Reason string

// The reasons of this package. SkipUnsupported and SkipSidecar are never given
// by the walk itself, which knows no media types: they are here so that every
// Accept says it in the same words.
const (
	SkipHidden      Reason = "hidden"             // its name begins with a dot
	SkipJunk        Reason = "junk"               // made by a system for itself: .DS_Store, Thumbs.db, ._IMG_1.JPG
	SkipTemporary   Reason = "temporary"          // someone is still writing it, or gave up: x.part, ~$x
	SkipEmpty       Reason = "empty"              // zero bytes: many copiers create first and fill later
	SkipUnsupported Reason = "unsupported type"   // the service does not take files of this type
	SkipSidecar     Reason = "sidecar"            // belongs to a photo and is not one
	SkipExcluded    Reason = "excluded"           // an Exclude pattern says so
	SkipNotIncluded Reason = "not included"       // there are Include patterns, and none says so
	SkipSymlink     Reason = "symbolic link"      // links are followed only where they are roots
	SkipNotRegular  Reason = "not a regular file" // pipe, socket or device
	SkipUnreadable  Reason = "unreadable"         // the system refused; File.Err says what it said

	SkipJunkFolder     Reason = "junk folder"     // thumbnails, bins and indexes: @eaDir, .Trash-1000
	SkipHiddenFolder   Reason = "hidden folder"   // its name begins with a dot
	SkipExcludedFolder Reason = "excluded folder" // an Exclude pattern names it
)

// kindReason judges what a thing is, before its name is asked.
func kindReason(mode fs.FileMode) Reason {
	switch {
	case mode.IsRegular():
		return ""
	case mode&fs.ModeSymlink != 0:
		return SkipSymlink
	default:
		return SkipNotRegular
	}
}

// rules are what a WalkConfig says about files and folders. They look at names
// only, and are used by several goroutines.
type rules struct {
	include, exclude globs
	accept           func(name string) Reason
}

// file judges a file by its path below the root. An explicit file is a root of
// its own: someone named it, so what its name looks like does not count, while
// patterns and types still do.
func (r *rules) file(rel, name string, explicit bool) Reason {
	if !explicit {
		if reason := nameReason(name); reason != "" {
			return reason
		}
	}
	switch {
	case r.exclude.matchFile(rel):
		return SkipExcluded
	case len(r.include) > 0 && !r.include.matchFile(rel):
		return SkipNotIncluded
	case r.accept != nil:
		return r.accept(name)
	}
	return ""
}

// folder judges a folder that is not a root; "" means go in.
func (r *rules) folder(rel, name string) Reason {
	if reason := folderReason(name); reason != "" {
		return reason
	}
	if r.exclude.matchFolder(rel) {
		return SkipExcludedFolder
	}
	return ""
}
