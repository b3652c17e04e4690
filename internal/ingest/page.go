package ingest

import (
	"embed"
	"html/template"
	"io"
	"slices"

	"github.com/dustin/go-humanize"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/look"
	"github.com/albumwright/albumwright/internal/report"
)

//go:embed report.html
var pages embed.FS

// Page writes an ingest with all its files as one file of HTML, which needs nothing else.
func Page(w io.Writer, r Result) error {
	page, err := template.New("report.html").Funcs(template.FuncMap{
		"bytes":  func(n int64) string { return humanize.Bytes(uint64(max(n, 0))) },
		"failed": func(f File) bool { return f.End == Failed },
		"short":  func(sum string) string { return sum[:min(12, len(sum))] },
	}).ParseFS(pages, "report.html")
	if err != nil {
		return err
	}
	return page.Execute(w, struct {
		Result
		Lines    []Line
		Sections []section
		Style    template.CSS
	}{r, r.Report.Lines(), sections(r.Files), template.CSS(look.Sheet())})
}

// section is a part of the list of files on the page.
type section struct {
	Title  string
	Files  []File
	Folded bool
}

// sections puts first what somebody has to look at, and last what nobody needs; in each the files stand as on the card.
func sections(files []File) []section {
	all := []section{{Title: "Not as it should be"}, {Title: "Photos and videos"}, {Title: "What belongs to them"}, {Title: "Ignored", Folded: true}}
	for _, f := range files {
		at := &all[2]
		switch {
		case f.troubled():
			at = &all[0]
		case f.End == Ignored:
			at = &all[3]
		case f.Class == card.Media:
			at = &all[1]
		}
		at.Files = append(at.Files, f)
	}
	return slices.DeleteFunc(all, func(s section) bool { return len(s.Files) == 0 })
}

// troubled tells whether something went wrong with a file, a copy of it, or its way to the service.
func (f File) troubled() bool {
	return f.End == Failed || f.End == Unfinished || f.End != Ignored && f.Reason != "" ||
		slices.ContainsFunc(f.Copies, func(c Copy) bool { return !c.Verified }) ||
		f.Upload != nil && (f.Upload.End == report.Failed || f.Upload.End == report.Unfinished)
}
