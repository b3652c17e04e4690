package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/albumwright/albumwright/internal/replace"
)

func reportBytes(r Report) ([]byte, error) { return json.Marshal(r) }

// JSON is an ingest with all its files, for programs.
func JSON(r Result) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetIndent("", "  ")
	err := enc.Encode(struct {
		Files   []File `json:"files"`
		Summary Report `json:"summary"`
		Verdict string `json:"verdict"`
	}{r.Files, r.Report, r.Report.Verdict.String()})
	return out.Bytes(), err
}

// forms are those of a report, by the ending of its file.
func forms() map[string]func(*bytes.Buffer, Result) error {
	page := func(out *bytes.Buffer, r Result) error { return Page(out, r) }
	return map[string]func(*bytes.Buffer, Result) error{
		".html": page, ".htm": page,
		".txt": func(out *bytes.Buffer, r Result) error { return Text(out, r.Report) },
		".json": func(out *bytes.Buffer, r Result) error {
			body, err := JSON(r)
			out.Write(body)
			return err
		},
	}
}

// ValidReport refuses a file whose ending names no form of a report.
func ValidReport(path string) error {
	if _, ok := forms()[strings.ToLower(filepath.Ext(path))]; !ok {
		return fmt.Errorf("%s: its ending says the form of a report: .json, .html or .txt", path)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no regular file: the report would take its place", path)
	}
	return nil
}

// Save writes a report into a file, in the form of its ending and in one step. It replaces an older one, but never a copy.
func Save(path string, r Result) error {
	if err := errors.Join(ValidReport(path), spare(path, r.Files)); err != nil {
		return err
	}
	var out bytes.Buffer
	if err := forms()[strings.ToLower(filepath.Ext(path))](&out, r); err != nil {
		return err
	}
	return replace.File(path, 0o644, out.Bytes())
}
