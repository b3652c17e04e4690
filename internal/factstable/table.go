package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// markdown is the table: a row for each format, a column for each fact, and the
// sum of all.
func (t *tally) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| format | files | %s |\n", strings.Join(facts, " | "))
	fmt.Fprintf(&b, "|---|---|%s\n", strings.Repeat("---|", len(facts)))
	sum := map[string]score{}
	files := 0
	for _, format := range slices.Sorted(maps.Keys(t.files)) {
		row(&b, format, t.files[format], t.scores[format])
		files += t.files[format]
		for fact, s := range t.scores[format] {
			total := sum[fact]
			total.agree, total.of, total.excused = total.agree+s.agree, total.of+s.of, total.excused+s.excused
			sum[fact] = total
		}
	}
	row(&b, "all", files, sum)
	for _, key := range slices.Sorted(maps.Keys(exceptions())) {
		fmt.Fprintf(&b, "\n\\* %s: %s.\n", key, exceptions()[key])
	}
	return b.String()
}

// row writes "agree/of" for each fact; what exiftool has wrong counts as
// agreeing and bears a star.
func row(b *strings.Builder, name string, files int, scores map[string]score) {
	fmt.Fprintf(b, "| %s | %d |", name, files)
	for _, fact := range facts {
		s := scores[fact]
		switch {
		case s.of == 0:
			b.WriteString(" - |")
		case s.excused > 0:
			fmt.Fprintf(b, " %d/%d* |", s.agree+s.excused, s.of)
		default:
			fmt.Fprintf(b, " %d/%d |", s.agree, s.of)
		}
	}
	b.WriteString("\n")
}
