package watch

import (
	"time"

	"github.com/albumwright/albumwright/internal/report"
)

// Kind is what a note is about.
type Kind string

// The kinds of notes.
const (
	Started      Kind = "started"
	FolderNote   Kind = "folder" // it was looked at, went offline, came back
	BatchNote    Kind = "batch"  // files have reached the library
	FailedNote   Kind = "failed" // a file has
	AfterNote    Kind = "after"  // what became of a file then
	WarningNote  Kind = "warning"
	TroubleNote  Kind = "trouble"
	MendedNote   Kind = "mended"
	PausedNote   Kind = "paused"
	ResumedNote  Kind = "resumed"
	Reloaded     Kind = "reloaded"
	DrainingNote Kind = "draining"
	Stopped      Kind = "stopped"
	FileNote     Kind = "file" // a file has reached its end
)

// Note is something that happened, in words for a person.
type Note struct {
	Time   time.Time    `json:"time"`
	Kind   Kind         `json:"kind"`
	Folder string       `json:"folder,omitempty"` // "" is all
	Text   string       `json:"text,omitempty"`
	File   *report.File `json:"file,omitempty"` // of a FileNote
}

// note tells something as soon as mu is free. The caller holds mu.
func (w *Watch) note(kind Kind, folder, text string) {
	w.notes = append(w.notes, Note{Time: time.Now(), Kind: kind, Folder: folder, Text: text})
}

// file tells a file's end.
func (w *Watch) file(end report.File) {
	w.notes = append(w.notes, Note{Time: time.Now(), Kind: FileNote, File: &end})
}
