// Package doctor finds out why albumwright does not work on a machine, and what to do about it.
//
// Each check is a function that returns a [Finding], or several where one question leads to the next. [Run] carries checks out beside each other, each for
// a bounded time, and gives the findings in the order of the checks. Nothing is repaired here, and nothing that stays is written.
package doctor

import (
	"context"
	"sync"
	"time"
)

// State is how a check ended.
type State string

// The states.
const (
	OK      State = "ok"
	Warning State = "warning" // it works, or may work, and something should be known
	Failed  State = "failed"
	Skipped State = "skipped" // another check has to succeed first, or this one was not wanted
)

// Kind is what a failed check is about.
type Kind string

// The kinds.
const (
	Machine Kind = "machine" // disk, ledger, limits of the system
	Config  Kind = "config"
	Network Kind = "network" // or the service, for a while
	SignIn  Kind = "sign-in" // or what it allows
)

// Finding is what a check has found.
type Finding struct {
	Name   string `json:"name"` // of the check, a word or two
	State  State  `json:"state"`
	Kind   Kind   `json:"kind"`
	Detail string `json:"detail"`           // a line
	Remedy string `json:"remedy,omitempty"` // what to do, where there is something
}

// Check is a question about the machine, the service or the sign-in.
type Check struct {
	Name string
	Kind Kind
	// Do answers it. It should end with its context; if it does not, nobody waits for it.
	Do func(context.Context) []Finding
}

// Run carries all checks out at the same time. One that takes longer than the limit is a warning: it is not known to be bad.
func Run(ctx context.Context, limit time.Duration, checks ...Check) []Finding {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	found := make([][]Finding, len(checks))
	var wg sync.WaitGroup
	for i, c := range checks {
		wg.Go(func() { found[i] = c.within(ctx, limit) })
	}
	wg.Wait()
	var all []Finding
	for _, f := range found {
		all = append(all, f...)
	}
	return all
}

// grace is how long a check has to say what it found when its time is over.
const grace = time.Second

func (c Check) within(ctx context.Context, limit time.Duration) []Finding {
	done := make(chan []Finding, 1)
	go func() { done <- c.Do(ctx) }()
	select {
	case f := <-done:
		return f
	case <-ctx.Done():
	}
	late := time.NewTimer(grace)
	defer late.Stop()
	select {
	case f := <-done:
		return f
	case <-late.C:
		return []Finding{{c.Name, Warning, c.Kind, "no answer within " + limit.String(), "try again when the machine is less busy; if it stays so, look at what this check is about"}}
	}
}

// One makes a check of a question with one answer.
func One(name string, kind Kind, do func(context.Context) Finding) Check {
	return Check{name, kind, func(ctx context.Context) []Finding {
		f := do(ctx)
		f.Name, f.Kind = name, kind
		return []Finding{f}
	}}
}

// Skip makes findings of checks that were not carried out.
func Skip(kind Kind, why string, names ...string) (all []Finding) {
	for _, name := range names {
		all = append(all, Finding{Name: name, State: Skipped, Kind: kind, Detail: why})
	}
	return all
}
