package ingest

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/offload"
)

// Evidence is all that the verdict goes by: what is on the card at the end, and what was proved of it.
type Evidence struct {
	DryRun  bool
	Stopped string        // why the ingest ended before its work was done; "" = it did all that it could
	Card    string        // what is wrong with the card at the end: it is gone, it is another, its listing broke off; "" = nothing
	Depth   offload.Depth // by which copies were verified
	Places  int           // how many verified copies of each file are asked for
	Confirm bool          // the service's confirmation is asked for, too
	Files   []Exhibit     // every regular file that is on the card at the end
	Lost    []string      // files that were on the card at the beginning, and are not at its end
}

// Exhibit is one file on the card at the end, and what was proved of it.
type Exhibit struct {
	Path      string     // below the mount
	Class     card.Class // of an ignored class there need be no copy
	Changed   bool       // it is not the file that was listed at the beginning: newer, longer, or not there then
	Fault     string     // why it could not be read, whole and the same each time; "" = it could
	Short     string     // why it lacks a copy, or what the service says of it; only said if it is not as was asked for
	Places    int        // in so many places lies a copy that was fully verified, by this ingest
	Sent      bool       // the service takes such files, and was to get it
	Confirmed bool       // the service says that it has the item
}

// Verdict answers whether a card can be formatted. There is no third answer.
type Verdict struct {
	Safe    bool     `json:"safe"`
	Reasons []string `json:"reasons"` // why it is not, the weightiest first; none if it is
}

// String is the last line of an ingest.
func (v Verdict) String() string {
	if v.Safe {
		return "SAFE TO FORMAT: yes"
	}
	return "SAFE TO FORMAT: no"
}

// Judge says yes only if every regular file that is on the card now is fully verified in the asked number of places, or of an ignored class; and if nothing happened
// that makes one doubt what was seen.
func Judge(e Evidence) Verdict {
	reasons := append(doubts(e), shortfalls(e)...)
	return Verdict{Safe: len(reasons) == 0, Reasons: reasons}
}

// doubts are reasons that have nothing to do with a single file.
func doubts(e Evidence) (reasons []string) {
	add := func(holds bool, format string, args ...any) {
		if holds {
			reasons = append(reasons, fmt.Sprintf(format, args...))
		}
	}
	add(e.DryRun, "a dry run copies nothing and proves nothing")
	add(e.Card != "", "%s", e.Card)
	add(e.Stopped != "", "not all was done: %s", e.Stopped)
	add(e.Places < 1, "no copies were asked for: that the service has an item does not prove that it has these bytes")
	add(e.Places > 0 && e.Depth != offload.Full, "--verify %s: only full reads the card and the copies again from where they are stored", e.Depth)
	return reasons
}

// shortfalls are what is missing of files, one reason for each kind.
func shortfalls(e Evidence) (reasons []string) {
	kinds := []struct {
		text string // after "N files"
		is   func(Exhibit) bool
	}{
		{"could not be read whole", func(x Exhibit) bool { return x.Fault != "" }},
		{"changed on the card while it was read, or came later", func(x Exhibit) bool { return x.Changed && x.Fault == "" }},
		{wanting(e.Places), func(x Exhibit) bool { return x.Fault == "" && !x.Changed && x.Places < e.Places }},
		{"not confirmed by the service", func(x Exhibit) bool { return e.Confirm && x.Sent && !x.Confirmed }},
	}
	for _, kind := range kinds {
		var found []Exhibit
		for _, x := range e.Files {
			if (!ignorable(x.Class) || x.Fault != "") && kind.is(x) { // junk that cannot be read may be anything
				found = append(found, x)
			}
		}
		if len(found) > 0 {
			reasons = append(reasons, fmt.Sprintf("%s %s: %s", files(len(found)), kind.text, examples(found)))
		}
	}
	if len(e.Lost) > 0 {
		reasons = append(reasons, fmt.Sprintf("%s went away from the card meanwhile: %s", files(len(e.Lost)), e.Lost[0]))
	}
	return reasons
}

// wanting says of files that they have too few copies.
func wanting(places int) string {
	if places == 1 {
		return "without a verified copy"
	}
	return fmt.Sprintf("without verified copies in %d places", places)
}

// ignorable tells of classes whose files need no copy: what systems leave behind. Media never is, and neither is a file without bytes.
func ignorable(class card.Class) bool { return class == card.Junk }

// examples names the first files of a reason, and what is wrong with each; once, if it is the same with all.
func examples(found []Exhibit) string {
	why := func(x Exhibit) string { return cmp.Or(x.Fault, x.Short) }
	same := !slices.ContainsFunc(found, func(x Exhibit) bool { return why(x) != why(found[0]) })
	var names []string
	for _, x := range found {
		name := x.Path
		if !same && why(x) != "" {
			name += " (" + why(x) + ")"
		}
		names = append(names, name)
	}
	text := some(names, len(names))
	switch {
	case !same || why(found[0]) == "":
	case len(found) == 1:
		text += " (" + why(found[0]) + ")"
	default:
		text += " (all: " + why(found[0]) + ")"
	}
	return text
}

func files(n int) string { return plural(n, "file", "files") }

// plural is a number with its word.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
