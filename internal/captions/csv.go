package captions

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// csv reads two columns, of names and of texts.
func (p *parser) csv(content []byte) error {
	r := csv.NewReader(bytes.NewReader(content))
	r.Comma, r.FieldsPerRecord = separator(content), -1
	for first := true; ; first = false {
		record, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return p.notCSV(err)
		}
		line, column := r.FieldPos(0)
		switch {
		case len(record) != 2:
			return p.wrong(line, column, "there are %d columns, and not two, the file and its caption; a text with %q in it must be in quotation marks", len(record), r.Comma)
		case first && isHeader(record):
			continue
		}
		if err := p.add(line, column, record[0], record[1]); err != nil {
			return err
		}
	}
}

// isHeader is the optional first line.
func isHeader(record []string) bool {
	return strings.EqualFold(strings.TrimSpace(record[0]), "file") && strings.EqualFold(strings.TrimSpace(record[1]), "caption")
}

// separator is the semicolon, as spreadsheets write it where the comma stands in numbers, if it is the first of the two that stands outside of quotation
// marks; else the comma.
func separator(content []byte) rune {
	quoted := false
	for _, c := range content {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ',' || c == ';':
			return rune(c)
		}
	}
	return ','
}

func (p *parser) notCSV(err error) error {
	bad := (*csv.ParseError)(nil)
	if !errors.As(err, &bad) {
		return p.wrong(0, 0, "it is not CSV: %v", err)
	}
	return p.wrong(bad.Line, bad.Column, "it is not CSV: %v", bad.Err)
}
