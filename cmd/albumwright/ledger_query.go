package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
)

func ledgerQueryCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "query",
		Usage:     "ask the ledger in SQL",
		ArgsUsage: "SQL",
		Description: "One statement that reads: SELECT, WITH, VALUES or EXPLAIN. docs/ledger.md describes the tables. The answer is a line of names and a line for\n" +
			"each row, separated by tabs; bytes that are no text come as x'…'. Upload tokens and addresses of sessions are secrets, and always come as\n" +
			"(secret). Ctrl-C breaks it off.\n\n" +
			"   albumwright ledger query \"SELECT d.path, f.name, i.reason FROM items i JOIN files f ON f.id = i.file JOIN dirs d ON d.id = f.dir\n" +
			"      WHERE i.state = 'failed'\"",
		Flags: ledgerFlags(jsonFlag()),
		Action: ledgerAction("SQL", func(ctx context.Context, o ledgerOptions, query string) error {
			show := &answerPrinter{w: term.out, json: o.json}
			return o.reading(ctx, func(ctx context.Context, r *ledger.Reader) error { return r.Query(ctx, query, show.row) })
		}),
	})
}

// answerPrinter prints the rows of an answer.
type answerPrinter struct {
	w     io.Writer
	json  bool
	begun bool
}

func (p *answerPrinter) row(columns []string, row []any) error {
	if p.json {
		return p.object(columns, row)
	}
	if !p.begun {
		p.begun = true
		if err := p.cells(columns); err != nil {
			return err
		}
	}
	cells := make([]string, len(row))
	for i, v := range row {
		if v != nil {
			cells[i] = fmt.Sprint(readable(v))
		}
	}
	return p.cells(cells)
}

func (p *answerPrinter) cells(cells []string) error {
	shown := make([]string, len(cells))
	for i, c := range cells {
		shown[i] = report.Text(c) // a tab or a line end would look like another cell
	}
	_, err := fmt.Fprintln(p.w, strings.Join(shown, "\t"))
	return err
}

// object prints a row as JSON, with its columns in their order.
func (p *answerPrinter) object(columns []string, row []any) error {
	var b strings.Builder
	b.WriteString(`{"message_type":"row","row":{`)
	for i, name := range columns {
		if i > 0 {
			b.WriteByte(',')
		}
		key, _ := json.Marshal(name) // a string always can be
		value, err := json.Marshal(readable(row[i]))
		if err != nil {
			return fmt.Errorf("column %s: %w", name, err)
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteString("}}\n")
	_, err := io.WriteString(p.w, b.String())
	return err
}

// readable shows bytes as the text that they are, or else as SQL writes them. A number that is none is a word.
func readable(v any) any {
	switch v := v.(type) {
	case []byte:
		if utf8.Valid(v) {
			return string(v)
		}
		return "x'" + hex.EncodeToString(v) + "'"
	case float64:
		if s := strconv.FormatFloat(v, 'g', -1, 64); strings.ContainsAny(s, "IN") { // +Inf, NaN
			return s
		}
	}
	return v
}
