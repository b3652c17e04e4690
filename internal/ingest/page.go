package ingest

import (
	"embed"
	"html/template"
	"io"

	"github.com/dustin/go-humanize"

	"github.com/albumwright/albumwright/internal/look"
)

//go:embed report.html
var pages embed.FS

// Page writes an ingest with all its files as one file of HTML, which needs nothing else.
func Page(w io.Writer, r Result) error {
	page, err := template.New("report.html").Funcs(template.FuncMap{
		"bytes": func(n int64) string { return humanize.Bytes(uint64(max(n, 0))) },
		"short": func(sum string) string { return sum[:min(12, len(sum))] },
	}).ParseFS(pages, "report.html")
	if err != nil {
		return err
	}
	return page.Execute(w, struct {
		Result
		Lines []Line
		Style template.CSS
	}{r, r.Report.Lines(), template.CSS(look.Sheet())})
}
