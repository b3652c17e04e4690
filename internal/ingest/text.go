package ingest

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/report"
)

// Line is one line of a report for people: what it is about, and what there is to say.
type Line struct {
	Label, Text string
	Bad         bool // somebody has to do something about it
}

// mostShown bounds the lists in a report for people; the JSON has all.
const mostShown = 20

// Lines is the report for people, without the verdict. Its first numbers are sums that the reader can check.
func (r Report) Lines() []Line {
	lines := append(r.cardLines(), Line{"Found", r.foundText(), false})
	lines = append(lines, Line{"Files", r.endsText(), false})
	if len(r.IgnoredBy) > 0 {
		lines = append(lines, Line{"Ignored", counts(r.Ends[Ignored].Files, r.IgnoredBy), false})
	}
	for _, p := range r.Places {
		lines = append(lines, Line{"Copies", p.text(r), !r.DryRun && p.Verified < p.Wanted})
		if p.Memory {
			lines = append(lines, Line{"", report.Text(p.Dir) + " is memory and no disk: what lies there is gone when this machine is switched off", true})
		}
	}
	if r.Warm > 0 {
		lines = append(lines, Line{"Card", files(r.Warm) + " may have been read again from memory: the page cache could not be dropped", false})
	}
	lines = append(lines, r.Upload.lines()...)
	lines = append(lines, r.failureLines()...)
	for _, w := range r.Warnings {
		lines = append(lines, Line{"Warning", w, false})
	}
	lines = append(lines, Line{"Time", r.timeText(), false})
	if r.Cause != "" {
		lines = append(lines, Line{"Not done", r.Cause, true})
	}
	return lines
}

// failureLines has one line for each reason: what fails a whole card fails it once.
func (r Report) failureLines() (lines []Line) {
	byReason, told := map[string][]string{}, 0
	var reasons []string
	for _, f := range r.Failures {
		if byReason[f.Reason] == nil {
			reasons = append(reasons, f.Reason)
		}
		byReason[f.Reason] = append(byReason[f.Reason], f.Path)
	}
	for _, why := range reasons[:min(mostShown, len(reasons))] {
		n := max(r.FailedBy[why], len(byReason[why]))
		told += n
		text := byReason[why][0] + ": " + why
		if n > 1 {
			text = fmt.Sprintf("%s: %s: %s", files(n), why, some(byReason[why], n))
		}
		lines = append(lines, Line{"Failed", text, true})
	}
	if more := r.Ends[Failed].Files - told; more > 0 {
		lines = append(lines, Line{"", fmt.Sprintf("and %d more; --report FILE.json lists them all", more), true})
	}
	return lines
}

// some are the first of n names.
func some(names []string, n int) string {
	const most = 3
	names = names[:min(most, len(names))]
	if n > len(names) {
		names = append(slices.Clip(names), fmt.Sprintf("and %d more", n-len(names)))
	}
	return strings.Join(names, ", ")
}

func (r Report) cardLines() []Line {
	c := r.Card
	words := []string{report.Text(cmp.Or(c.Label, c.Mount))}
	for _, w := range []string{c.Type, c.FSID} {
		if w != "" {
			words = append(words, w)
		}
	}
	if c.Size > 0 && c.Below == "" {
		words = append(words, humanize.Bytes(uint64(c.Size)))
	}
	words = append(words, "("+c.Kind+")", "at "+report.Text(c.Mount))
	lines := []Line{{"Card", strings.Join(words, " "), false}}
	if c.Below != "" {
		lines = append(lines, Line{"", "a folder of a larger disk: all that is said here is about this folder, and not about the rest of the disk", false})
	}
	if c.Last == nil {
		return append(lines, Line{"Seen", "never before", false})
	}
	how := "safe to format then"
	switch {
	case !c.Last.Ended:
		how = "that ingest did not come to its end"
	case !c.Last.Safe:
		how = "not safe to format then"
	}
	return append(lines, Line{"Seen", fmt.Sprintf("%s, %s then, %s; new since: %s", c.Last.Started.Local().Format(time.DateTime), files(c.Last.Found), how, files(r.New)), false})
}

func (r Report) foundText() string {
	var parts []string
	for _, class := range card.Classes() {
		if s := r.Classes[class]; s.Files > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", comma(s.Files), class))
		}
	}
	word := "files"
	if r.Found.Files == 1 {
		word = "file"
	}
	return fmt.Sprintf("%s %s, %s = %s", comma(r.Found.Files), word, humanize.Bytes(uint64(r.Found.Bytes)), cmp.Or(strings.Join(parts, " + "), "nothing"))
}

func (r Report) endsText() string {
	var parts []string
	for _, e := range Ends() {
		if s := r.Ends[e]; s.Files > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", comma(s.Files), e))
		}
	}
	return fmt.Sprintf("%s = %s", comma(r.Found.Files), cmp.Or(strings.Join(parts, " + "), "nothing"))
}

func (p Place) text(r Report) string {
	if r.DryRun {
		return fmt.Sprintf("%s  %s of %s there, %s to copy", report.Text(p.Dir), comma(p.Known.Files), comma(p.Wanted), comma(p.Wanted-p.Known.Files))
	}
	text := fmt.Sprintf("%s  %s of %s verified (%s), %s new of %s", report.Text(p.Dir), comma(p.Verified), comma(p.Wanted), r.Depth, comma(p.New.Files), humanize.Bytes(uint64(p.New.Bytes)))
	switch {
	case r.Depth != "full" || p.Verified == 0:
	case p.Warm == 0:
		text += "; read back from the disk: page cache dropped"
	default:
		text += fmt.Sprintf("; %s may have been read back from memory: the page cache could not be dropped", files(p.Warm))
	}
	return text
}

func (u *Uploads) lines() []Line {
	if u == nil {
		return nil
	}
	var parts []string
	for _, e := range report.Ends() {
		if n := u.Ends[e]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", comma(n), e))
		}
	}
	lines := []Line{{"Upload", fmt.Sprintf("%s = %s; %s sent", comma(u.Found), cmp.Or(strings.Join(parts, " + "), "nothing"), humanize.Bytes(uint64(u.Bytes.Sent))), !u.complete()}}
	if len(u.SkippedBy) > 0 {
		lines = append(lines, Line{"Skipped", counts(u.Ends[report.Skipped], u.SkippedBy), false})
	}
	if len(u.Answers) > 0 {
		asked := 0
		for _, n := range u.Answers {
			asked += n
		}
		lines = append(lines, Line{"Asked", counts(asked, u.Answers) + "; the service says that it has an item, not that the bytes are equal", false})
	}
	for _, a := range u.Albums {
		title := "the library only"
		if a.Title != "" {
			title = fmt.Sprintf("%q", a.Title)
		}
		if a.New {
			title += " (new)"
		}
		lines = append(lines, Line{"Album", fmt.Sprintf("+%s  %s", comma(a.Added), title), false})
	}
	lines = append(lines, Line{"Requests", comma(u.Requests.Total()), false})
	if u.Cause != "" {
		lines = append(lines, Line{"Not sent", u.Cause, true})
	}
	return lines
}

func (r Report) timeText() string {
	return fmt.Sprintf("%s; %s read from the card, %s/s", r.Ended.Sub(r.Started).Round(time.Millisecond), humanize.Bytes(uint64(r.Read)), humanize.Bytes(uint64(r.Speed())))
}

// Text writes the report for people. Its last line is the verdict, behind its reasons.
func Text(w io.Writer, r Report) error {
	var out strings.Builder
	what := ""
	if r.DryRun {
		what = "  dry run: nothing was copied, sent or written"
	}
	fmt.Fprintf(&out, "Ingest %d  %s%s\n\n", r.Visit, r.Started.Local().Format(time.RFC3339), what)
	last := ""
	for _, l := range r.Lines() {
		label := l.Label
		if label == last {
			label = ""
		}
		last = l.Label
		fmt.Fprintf(&out, "%-9s %s\n", label, l.Text)
	}
	out.WriteString("\n")
	for i, reason := range r.Verdict.Reasons {
		label := "Because"
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(&out, "%-9s %s\n", label, reason)
	}
	fmt.Fprintln(&out, r.Verdict)
	_, err := io.WriteString(w, out.String())
	return err
}

// counts is a sum with its parts.
func counts(total int, parts map[string]int) string {
	var texts []string
	for _, key := range sortedKeys(parts) {
		texts = append(texts, comma(parts[key])+" "+key)
	}
	return fmt.Sprintf("%s = %s", comma(total), strings.Join(texts, " + "))
}

func comma(n int) string { return humanize.Comma(int64(n)) }
