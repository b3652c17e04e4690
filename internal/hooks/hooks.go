// Package hooks tells others when a batch of a watch ended or something keeps it from working: a program, a web address, the desktop.
//
// Hooks look at the watch's snapshots from aside, so however slow or broken they are, the work neither waits nor fails. Each hears of a kind of news at most once
// a minute; what came meanwhile is in the next. A hook that could not be told is told later, with all that it missed.
package hooks

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
)

const (
	// Every is how often a hook hears of one kind of news, at the most.
	Every = time.Minute
	// Lasting is how long something must be wrong to be news: networks go and come when a laptop wakes up.
	Lasting = time.Minute
	// LongestPause is how long a hook that could not be told is left alone: a minute, two, four, up to this.
	LongestPause = time.Hour
	// Grace is how long hooks may take when the watch ends.
	Grace = 10 * time.Second

	look        = 5 * time.Second // how often the snapshot is looked at
	mostExample = 10              // failures in one news
)

// Kind is a kind of news.
type Kind string

// The kinds.
const (
	Batch     Kind = "batch"     // files have ended
	Trouble   Kind = "trouble"   // something keeps the watch, or one of its folders, from working
	Recovered Kind = "recovered" // and no longer does
)

// News is what a hook is told; as JSON it is the same for programs and web addresses.
type News struct {
	Kind     Kind               `json:"message_type"`
	Time     time.Time          `json:"time"`
	Text     string             `json:"text"`               // a line for a person
	Ends     map[report.End]int `json:"ends,omitempty"`     // of a batch: what became of files since the last news
	Failures []watch.Failure    `json:"failures,omitempty"` // of a batch: some that failed
	Trouble  []watch.Trouble    `json:"trouble,omitempty"`
}

// Hook is one to be told. Send is called from one goroutine and must return soon after ctx ends; an error is logged, and must hold no secret.
type Hook struct {
	Name string
	Send func(ctx context.Context, n News) error
}

// Run tells hooks about w until ctx ends, and then what they do not know yet, for which they have [Grace]. Log takes what went wrong.
func Run(ctx context.Context, w watch.Control, log func(line string), all ...Hook) {
	var tellers sync.WaitGroup
	for _, h := range all {
		t := &teller{Hook: h, log: log, ends: map[report.End]int{}, last: map[Kind]time.Time{}}
		tellers.Go(func() { t.run(ctx, w) })
	}
	tellers.Wait()
}

// teller is a hook and what it knows. It belongs to one goroutine.
type teller struct {
	Hook
	log     func(string)
	ends    map[report.End]int // that it was told of
	lastRun time.Time          // that it was told of
	trouble []watch.Trouble    // that it was told of, and that has not passed for it
	last    map[Kind]time.Time // when it was told
	pause   time.Duration      // 0 = it could be told
	until   time.Time          // it is left alone
}

func (t *teller) run(ctx context.Context, w watch.Control) {
	sending, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(Grace, cancel) })()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			t.tell(sending, w.Snapshot(), false)
		case <-ctx.Done():
			t.tell(sending, w.Snapshot(), true)
			return
		}
	}
}

// tell sends what is new and due; at the end all that is new.
func (t *teller) tell(ctx context.Context, s watch.Snapshot, end bool) {
	now := time.Now()
	for _, kind := range []Kind{Trouble, Recovered, Batch} {
		if !end && (now.Before(t.until) || now.Sub(t.last[kind]) < Every) {
			continue
		}
		n, ok := t.news(kind, s, now)
		if !ok {
			continue
		}
		if err := t.Send(ctx, n); err != nil {
			t.pause = min(max(2*t.pause, Every), LongestPause)
			t.until = now.Add(t.pause)
			t.log(fmt.Sprintf("%s: %v; it is told later", t.Name, err))
			return
		}
		t.pause, t.last[kind] = 0, now
		t.learn(n, s)
	}
}

// news is what a hook does not know of one kind.
func (t *teller) news(kind Kind, s watch.Snapshot, now time.Time) (n News, ok bool) {
	n = News{Kind: kind, Time: now}
	switch kind {
	case Batch:
		ended := s.State != watch.Sending || s.LastRun.After(t.lastRun) // else it goes on
		return n, ended && t.batch(&n, s)
	case Trouble:
		n.Trouble = without(s.Trouble, t.trouble)
		n.Trouble = slices.DeleteFunc(n.Trouble, func(one watch.Trouble) bool { return now.Sub(one.Since) < Lasting })
		n.Text = words(n.Trouble, "")
	case Recovered:
		n.Trouble = without(t.trouble, s.Trouble)
		n.Text = words(n.Trouble, "over: ")
	}
	return n, len(n.Trouble) > 0
}

// batch fills in what became of files; files that were there already, or are none for the service, are no news.
func (t *teller) batch(n *News, s watch.Snapshot) bool {
	n.Ends = map[report.End]int{}
	var parts []string
	for _, end := range []report.End{report.Uploaded, report.AlreadyThere, report.Duplicate, report.Skipped, report.Failed, report.Unfinished} {
		if more := s.Ends[end] - t.ends[end]; more > 0 {
			n.Ends[end] = more
			parts = append(parts, fmt.Sprintf("%d %s", more, end))
		}
	}
	failed := min(n.Ends[report.Failed], len(s.Failures), mostExample)
	n.Failures = s.Failures[:failed:failed]
	n.Text = strings.Join(parts, ", ")
	return n.Ends[report.Uploaded]+n.Ends[report.Failed] > 0
}

// learn takes what the hook knows now.
func (t *teller) learn(n News, s watch.Snapshot) {
	switch n.Kind {
	case Batch:
		for end, count := range s.Ends {
			t.ends[end] = count
		}
		t.lastRun = s.LastRun
	case Trouble:
		t.trouble = append(t.trouble, n.Trouble...)
	case Recovered:
		t.trouble = without(t.trouble, n.Trouble)
	}
}

// without are the troubles of a that are not in b. What is wrong is the same as long as it began at the same time: its words may count.
func without(a, b []watch.Trouble) []watch.Trouble {
	return slices.DeleteFunc(slices.Clone(a), func(one watch.Trouble) bool {
		return slices.ContainsFunc(b, func(other watch.Trouble) bool { return one.Kind == other.Kind && one.Since.Equal(other.Since) })
	})
}

func words(all []watch.Trouble, before string) string {
	parts := make([]string, len(all))
	for i, t := range all {
		parts[i] = before + report.Text(cmp.Or(t.What, t.Kind))
		if t.Do != "" && before == "" {
			parts[i] += " (" + report.Text(t.Do) + ")"
		}
	}
	return strings.Join(parts, "; ")
}
