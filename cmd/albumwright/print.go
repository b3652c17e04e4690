package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/pipeline"
)

// reminderFrom is how much an app may upload before it must remind the user of what it takes from the storage (API limits and quotas).
const reminderFrom = 25 << 20

// occasion is what is printed with a report, and does not stand in it.
type occasion struct {
	command string // of the run
	perDay  int    // requests in a day; 0 = not known
}

// printReport is the report for people. Its first numbers are a sum that the reader can check.
func printReport(w io.Writer, r pipeline.Report, of occasion) {
	fmt.Fprintf(w, "Run %d  %s  account %s  %s\n\n", r.Run, r.Endpoint, r.Account, r.Ended.Sub(r.Started).Round(time.Millisecond))
	printOutcome(w, r, of)
}

// printOutcome is the report without its head.
func printOutcome(w io.Writer, r pipeline.Report, of occasion) {
	printSum(w, r.Found, r.Ends, r.SkippedBy, nil)
	switch {
	case r.Cause != "" || r.Found > r.Ends[pipeline.Skipped]:
	case strings.HasPrefix(of.command, "apply "): // its files were photos when they were planned
	case of.command != commandRetry:
		fmt.Fprintln(w, "Nothing here is a photo or video that the service takes.")
	case r.Found == 0:
		fmt.Fprintln(w, "Nothing failed that another try could help.")
	}
	for i, a := range r.Albums {
		title := "the library only"
		if a.Title != "" {
			title = fmt.Sprintf("%q", a.Title)
		}
		state := ""
		if a.New {
			state = " (new)"
		}
		fmt.Fprintf(w, "%-9s +%s  %s%s\n", first(i, "Albums"), comma(a.Added), title, state)
	}
	if r.Resend != nil {
		row(w, "Resend", "%s of %s that the service no longer had", comma(r.Resend.Gone), countOf(r.Resend.Asked, "file"))
	}
	if r.Headings > 0 {
		fmt.Fprintf(w, "%-9s %s added\n", "Headings", comma(r.Headings))
	}
	fmt.Fprintf(w, "%-9s %s sent; %s read, %s of headers", "Bytes", size(r.Bytes.Sent), size(r.Bytes.Read), size(r.Bytes.Headers))
	if r.Bytes.Resumed > 0 {
		fmt.Fprintf(w, ", %s not sent again", size(r.Bytes.Resumed))
	}
	if r.Bytes.HashedFirst > 0 {
		fmt.Fprintf(w, ", %s hashed first", size(r.Bytes.HashedFirst))
	}
	fmt.Fprintln(w)
	printRequests(w, r.Requests, false, of.perDay)
	printConfirmation(w, r.Confirmation, r.Resend != nil)
	printFiles(w, "Failed", r.Failures, r.Ends[pipeline.Failed], func(f pipeline.File) string { return f.Reason })
	printFiles(w, "Note", r.Notes, r.Noted, func(f pipeline.File) string { return strings.Join(f.Notes, "; ") })
	printWarnings(w, r.Warnings)
	if r.Bytes.Sent > reminderFrom {
		fmt.Fprintln(w, "\nUploads are stored in original quality and count against the account's storage.")
	}
	if r.Cause != "" {
		fmt.Fprintf(w, "\nNot all was done: %s\n", r.Cause)
	}
}

// printWarnings says what is wrong beside the files.
func printWarnings(w io.Writer, warnings []string) {
	for i, text := range warnings {
		row(w, first(i, "Warning"), "%s", text)
	}
}

// printConfirmation says what the service answered when it was asked again, and what became of the files.
func printConfirmation(w io.Writer, c *pipeline.Confirmation, resent bool) {
	if c == nil {
		return
	}
	all := 0
	for _, n := range c.Answers {
		all += n
	}
	if all == 0 && resent { // it was asked about everything before
		return
	}
	fmt.Fprintf(w, "%-9s %s", "Asked", comma(all))
	if all > 0 {
		fmt.Fprintf(w, " = %s", sumOf(c.Answers))
	}
	if c.Action != "keep" {
		fmt.Fprintf(w, "; --after=%s was done with %s", c.Action, comma(c.Done))
	}
	fmt.Fprintln(w)
	for i, k := range c.Kept {
		if i == 20 {
			fmt.Fprintf(w, "%-9s and %s more\n", "", comma(c.NotDone-i))
			break
		}
		fmt.Fprintf(w, "%-9s %s: %s\n", "Kept", k.Path, cmp.Or(k.Kept, k.Answer))
	}
	switch gone := c.Answers["gone"] > 0; {
	case gone && resent:
		row(w, "", "what is gone although it was sent again is probably in the trash of Google Photos: restore it there, or empty the trash and --resend it")
	case gone:
		row(w, "", "what is gone was deleted in Google Photos; albumwright import --resend PATH sends it again")
	}
}

// printSum prints found = a + b + …, and the same for what was skipped.
func printSum(w io.Writer, found int, ends map[pipeline.End]int, skippedBy map[string]int, words map[pipeline.End]string) {
	var parts []string
	for _, e := range pipeline.Ends() {
		word := string(e)
		if words != nil {
			if word = words[e]; word == "" {
				continue
			}
		}
		parts = append(parts, comma(ends[e])+" "+word)
	}
	fmt.Fprintf(w, "%-9s %s = %s\n", "Found", comma(found), strings.Join(parts, " + "))
	if len(skippedBy) > 0 {
		fmt.Fprintf(w, "%-9s %s = %s\n", "Skipped", comma(ends[pipeline.Skipped]), sumOf(skippedBy))
	}
}

// printStates prints found as the sum of the states that any file is in.
func printStates[S ~string](w io.Writer, found int, states []S, counts map[S]int) {
	var parts []string
	for _, s := range states {
		if n := counts[s]; n > 0 {
			parts = append(parts, comma(n)+" "+string(s))
		}
	}
	row(w, "Found", "%s = %s", comma(found), cmp.Or(strings.Join(parts, " + "), "nothing"))
}

func sumOf(counts map[string]int) string {
	var parts []string
	for _, reason := range sortedKeys(counts) {
		parts = append(parts, comma(counts[reason])+" "+reason)
	}
	return strings.Join(parts, " + ")
}

func printRequests(w io.Writer, r pipeline.Requests, atLeast bool, perDay int) {
	least := ""
	if atLeast {
		least = "at least "
	}
	others := ""
	for _, o := range []struct {
		n    int
		what string
	}{{r.AlbumGets, "album gets"}, {r.BatchAdds, "batchAdds"}, {r.Searches, "searches"}, {r.BatchGets, "batchGets"}, {r.Edits, "edits"}, {r.AddEnrichments, "headings"}} {
		if o.n > 0 {
			others += " + " + comma(o.n) + " " + o.what
		}
	}
	if perDay > 0 {
		others += fmt.Sprintf(" (%.1f %% of a day's %s)", 100*float64(r.Total())/float64(perDay), comma(perDay))
	}
	fmt.Fprintf(w, "%-9s %s%s = %s uploads + %s batchCreate + %s album creates + %s album lists%s\n", "Requests",
		least, comma(r.Total()), comma(r.Uploads), comma(r.BatchCreates), comma(r.AlbumCreates), comma(r.AlbumLists), others)
}

// printFiles prints the first files of a list, and how many there are beyond them.
func printFiles(w io.Writer, label string, files []pipeline.File, total int, what func(pipeline.File) string) {
	const most = 20
	for i, f := range files {
		if i == most {
			break
		}
		fmt.Fprintf(w, "%-9s %s: %s\n", label, f.Path, what(f))
	}
	if total > most {
		fmt.Fprintf(w, "%-9s and %s more; --report FILE lists them all\n", "", comma(total-most))
	}
}

// planWords name the ends before they have come.
func planWords() map[pipeline.End]string {
	return map[pipeline.End]string{
		pipeline.Uploaded: "to upload", pipeline.AlreadyThere: "already there", pipeline.Duplicate: "duplicate", pipeline.Skipped: "skipped",
		pipeline.Failed: "failed",
	}
}

// planOf foresees what a run will do, and what that will cost.
func planOf(ctx context.Context, cfg pipeline.Config, o runOptions) (p pipeline.Foresight, costs planCost, err error) {
	if p, err = pipeline.Plan(ctx, cfg); err == nil {
		costs, err = foresee(ctx, p, o)
	}
	return p, costs, err
}

// printPlanSum is the plan in numbers.
func printPlanSum(w io.Writer, p pipeline.Foresight, costs planCost) {
	printSum(w, p.Found, p.Ends, p.SkippedBy, planWords())
	fmt.Fprintf(w, "%-9s %s to send\n", "Bytes", size(p.Bytes))
	printRequests(w, p.Requests, p.ListsAtLeast, costs.PerDay)
	printPlanCost(w, costs)
	printWarnings(w, p.Warnings)
}

// printPlan is the dry run.
func printPlan(ctx context.Context, cfg pipeline.Config, o runOptions, term terminal) error {
	p, costs, err := planOf(ctx, cfg, o)
	if err != nil {
		return err
	}
	then := afterwardsOf(cfg, p)
	if o.json {
		return printPlanJSON(term.out, p, costs, then)
	}
	w := term.out
	fmt.Fprintf(w, "Dry run for %s, account %s: nothing was sent, nothing was written.\n\n", cfg.Endpoint, cfg.Account)
	guessed := false
	for _, a := range p.Albums {
		fmt.Fprintln(w, planTitle(a))
		for i, it := range a.Items {
			if place := a.Place(i); place != "" {
				fmt.Fprintf(w, "         %s:\n", place)
			}
			guessed = guessed || !exif.Source(it.Source).OfCamera()
			fmt.Fprintf(w, "  %5d  %s  %9s  %s%s\n", i+1, planTime(it), size(it.Size), it.Path, planNotes(it))
			if it.Description != "" {
				fmt.Fprintf(w, "%42s%q\n", "", it.Description)
			}
		}
		fmt.Fprintln(w)
	}
	printPlanSum(w, p, costs)
	then.print(w)
	if guessed {
		fmt.Fprintln(w, "A time with a question mark is not the camera's: it is from the file's name or its last change.")
	}
	if p.ListsAtLeast {
		fmt.Fprintln(w, "Only the service knows whether it has albums of these titles already (they are then used), how many pages its list of\nalbums has, and whether it refuses a file.")
	}
	return nil
}

func planTitle(a pipeline.PlannedAlbum) string {
	batches := fmt.Sprintf("%s in %s batches", countOf(len(a.Items), "file"), comma(a.Batches+a.Adds))
	if a.Batches+a.Adds == 1 {
		batches = countOf(len(a.Items), "file") + " in 1 batch"
	}
	if a.PutBack > 0 {
		batches += fmt.Sprintf(", with %s that it held when it was deleted", comma(a.PutBack))
	}
	switch {
	case a.Title == "":
		return "Library only: " + batches
	case a.Unsure:
		return fmt.Sprintf("Album %q (new, unless the service has one): %s", a.Title, batches)
	case a.New:
		return fmt.Sprintf("Album %q (new): %s", a.Title, batches)
	}
	return fmt.Sprintf("Album %q: %s", a.Title, batches)
}

// planTime marks a time that is not the camera's: the file's own is the last resort.
func planTime(it pipeline.PlannedItem) string {
	mark := " "
	if !exif.Source(it.Source).OfCamera() {
		mark = "?"
	}
	return it.Captured.Format("2006-01-02 15:04:05") + mark
}

func planNotes(it pipeline.PlannedItem) string {
	if remarks := it.Remarks(); len(remarks) > 0 {
		return "  [" + strings.Join(remarks, "; ") + "]"
	}
	return ""
}

// first is the label on the first line of several.
func first(i int, label string) string {
	if i > 0 {
		return ""
	}
	return label
}

func comma(n int) string { return humanize.Comma(int64(n)) }

func size(n int64) string { return humanize.Bytes(uint64(max(n, 0))) }
