package dashboard

import (
	"cmp"
	"slices"
	"strings"

	"github.com/albumwright/albumwright/internal/watch"
)

// mostCurrent is the number of files being sent that are named.
const mostCurrent = 4

// head is what the watch is doing, in a sentence.
type head struct {
	State    watch.State
	Spoken   string // the state without numbers, for who hears the page: it changes with the state alone
	Title    string // of the page
	Sentence string
	Lines    []string // what else is good to know
	Next     moment   // when something will be due
	Paused   bool
	Ending   bool
	Lamp     string // its colour
	Empty    bool   // nothing was found yet
}

func headOf(s watch.Snapshot, now clock) head {
	h := head{
		State: s.State, Spoken: spoken(s), Paused: s.State == watch.Paused, Ending: s.State == watch.Draining,
		Lamp: lamp(s), Empty: s.Found == 0 && len(s.Last) == 0,
	}
	h.Sentence = sentence(s, h.Empty)
	h.Title = h.Spoken
	if len(s.Trouble) > 0 {
		h.Title = "⚠ " + troubleTitle(s.Trouble[0].Kind)
	}
	since := "Watching " + some(len(s.Folders), "folder") + " since " + now.at(s.Since)
	h.Lines = append(h.Lines, since)
	if at := now.at(s.LastRun); at != "" {
		h.Lines = append(h.Lines, "last run "+at)
	}
	if s.NextRun.After(s.Time) {
		h.Next = now.moment(s.NextRun)
	}
	return h
}

// lamp is green as long as all goes well.
func lamp(s watch.Snapshot) string {
	switch {
	case slices.ContainsFunc(s.Trouble, func(t watch.Trouble) bool { return loudness(t.Kind) == "loud" }):
		return "bad"
	case s.State == watch.Paused:
		return "still"
	case len(s.Trouble) > 0 || s.FailureCount > 0:
		return "warm"
	}
	return "well"
}

func spoken(s watch.Snapshot) string {
	words := map[watch.State]string{
		watch.Starting: "Looking at the folders", watch.Idle: "All is in the library", watch.Settling: "Waiting for files to be complete",
		watch.Sending: "Sending", watch.Waiting: "Waiting", watch.Paused: "Paused", watch.Draining: "Ending",
	}
	return cmp.Or(words[s.State], string(s.State))
}

// sentence says the state with what it means for the files.
func sentence(s watch.Snapshot, empty bool) string {
	wait := ""
	if s.Open > 0 {
		wait = are(s.Open, "file") + " on the way"
	}
	switch s.State {
	case watch.Starting:
		return "Looking at the folders for the first time"
	case watch.Idle:
		return idle(s, empty)
	case watch.Settling, watch.Sending:
		return cmp.Or(wait, spoken(s))
	case watch.Waiting:
		return strings.TrimSuffix("Waiting, "+wait, ", ")
	case watch.Paused:
		return strings.TrimSuffix("Paused, "+wait, ", ")
	case watch.Draining:
		return "Finishing what was begun, then ending"
	}
	return string(s.State)
}

func idle(s watch.Snapshot, empty bool) string {
	switch {
	case empty:
		return "Waiting for the first file"
	case s.FailureCount > 0:
		return "All is in the library but " + some(s.FailureCount, "file")
	}
	return "All is in the library"
}

// trouble is what keeps the watch from working.
type trouble struct {
	Class           string // "loud", or "warm" for what commonly passes by itself
	Title, What, Do string
	Until           moment
	Since           string
}

func troubles(s watch.Snapshot, now clock) (out []trouble) {
	for _, t := range s.Trouble {
		out = append(out, trouble{Class: loudness(t.Kind), Title: troubleTitle(t.Kind), What: plain(t.What), Do: plain(t.Do), Until: now.moment(t.Until), Since: now.at(t.Since)})
	}
	return out
}

func loudness(kind string) string {
	switch kind {
	case "quota", "network", "locked", "offline":
		return "warm"
	}
	return "loud"
}

func troubleTitle(kind string) string {
	titles := map[string]string{
		"sign-in": "Nobody is signed in", "quota": "The day’s requests are used up", "storage full": "The account’s storage is full",
		"network": "The service cannot be reached", "disk full": "This disk is full", "locked": "Another run holds the ledger",
		"offline": "A folder is away", "stalled": "The work has stalled", "failures": "Too many files failed", "error": "Something went wrong",
	}
	return plain(cmp.Or(titles[kind], strings.ToUpper(kind[:min(1, len(kind))])+kind[min(1, len(kind)):]))
}

// budget is a project's day.
type budget struct {
	Project, Used, Limit, Left string
	Share                      string // used, of the width
	Spent                      bool
	Resets                     moment
}

func budgets(s watch.Snapshot, now clock) (out []budget) {
	for _, b := range s.Budget {
		share := 0.0
		if b.Limit > 0 {
			share = min(float64(b.Used)/float64(b.Limit), 1)
		}
		project := ""
		if len(s.Budget) > 1 { // one alone needs no name
			project = plain(b.Project)
		}
		out = append(out, budget{
			Project: project, Used: count(b.Used), Limit: count(b.Limit), Left: count(max(b.Limit-b.Used, 0)), Share: percent(share),
			Spent: b.Used >= b.Limit, Resets: now.moment(b.Resets),
		})
	}
	return out
}

// folder is a watched folder.
type folder struct {
	Path, Account, Rule, State, Class, Why string
	Files, Settling, Ready                 string
	Scan                                   string
	Scanning                               bool
}

func folders(s watch.Snapshot, now clock) (out []folder) {
	for _, f := range s.Folders {
		out = append(out, folder{
			Path: plain(f.Path), Account: plain(f.Account), Rule: plain(f.Rule), State: plain(f.State), Class: folderClass(f.State), Why: plain(f.Why),
			Files: count(int(f.Files)), Settling: count(f.Settling), Ready: count(f.Ready), Scan: now.at(f.LastScan), Scanning: f.Scanning,
		})
	}
	return out
}

// folderClass is the style of a state.
func folderClass(state string) string {
	switch state {
	case "watching":
		return "well"
	case "offline":
		return "bad"
	case "polling":
		return "warm"
	}
	return ""
}
