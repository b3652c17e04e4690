package emulator

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Fault is one planned misbehaviour of the service; see [Server.Plan]. In JSON
// it is one line of a plan, see [LoadFaults].
type Fault struct {
	// Operation is the API's name for the method, as in [Server.Calls]:
	// "uploads", "uploads.chunk", "mediaItems.batchCreate". "*" is any method.
	Operation string `json:"operation"`

	// Match narrows the fault to requests that concern a thing: a part of a file
	// name, description, album title, upload token, album id, media item id, share
	// token, or text or place of an enrichment that the request names. The title
	// counts also where the request has the album's id or share token. An upload is
	// matched by a part of its X-Goog-Upload-File-Name header, in a resumable one
	// that of its start, or by the beginning of the hexadecimal SHA-256 of its
	// body, which is then read before anything else happens. Empty: any request.
	Match string `json:"match,omitempty"`

	// Nth is the first request that the fault disturbs, counted from 1 among
	// those that fit and came after it was planned, whatever else happened to
	// them. 0: 1.
	Nth int `json:"nth,omitempty"`

	// Times is how many requests it disturbs: that one and those that follow.
	// 0: 1. Negative: from then on all of them.
	Times int `json:"times,omitempty"`

	// Effect is what happens to them.
	Effect Effect `json:"effect"`
}

// anyOperation stands for all operations in a Fault.
const anyOperation = "*"

// plannedFault is a fault with its own count. Server.mu guards it.
type plannedFault struct {
	Fault
	seen int // requests that fitted
	met  int // of them, those that were disturbed
}

// Plan adds faults to what the service will do. An error names the first fault
// that makes no sense, and none is added. Where several want the same request,
// the first in the plan has it; the turn of the others has passed all the same.
//
// Faults strike requests to methods of the API, also those that would be
// refused. What a fault does is no violation of its client's, and the request
// counts in [Server.Calls].
func (s *Server) Plan(faults ...Fault) error {
	for i, f := range faults {
		if err := f.valid(); err != nil {
			return fmt.Errorf("emulator: fault %d: %w", i+1, err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		s.plan = append(s.plan, &plannedFault{Fault: f})
	}
	s.serviceChanged()
	return nil
}

// Unmet are the planned faults that no request has met yet, in the order of the
// plan. A test that plans a fault fails if it is among them.
func (s *Server) Unmet() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var unmet []Fault
	for _, f := range s.plan {
		if f.met == 0 {
			unmet = append(unmet, f.Fault)
		}
	}
	return unmet
}

// Met is how many requests planned faults have disturbed. Those of [Chaos] are
// not among them.
func (s *Server) Met() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, f := range s.plan {
		n += f.met
	}
	return n
}

// Disturbed is what was done to requests, planned and by [Chaos], by the name
// of the effect. An entry of a batchCreate that chaos fails counts one.
func (s *Server) Disturbed() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.disturbed)
}

// valid names what makes no sense, with what would.
func (f Fault) valid() error {
	known := operationNames()
	switch {
	case f.Operation == "":
		return errors.New("no operation; known are " + strings.Join(known, ", "))
	case !slices.Contains(known, f.Operation):
		return fmt.Errorf("unknown operation %q; known are %s", f.Operation, strings.Join(known, ", "))
	case f.Nth < 0:
		return fmt.Errorf("nth is %d, want 1 or more", f.Nth)
	}
	if err := f.Effect.valid(); err != nil {
		return err
	}
	if effects[f.Effect.Name].batch && f.Operation != batchCreate {
		return fmt.Errorf("effect %q is for %s only, not for %s", f.Effect.Name, batchCreate, f.Operation)
	}
	return nil
}

// operationNames are all that a Fault can name.
func operationNames() []string {
	names := []string{anyOperation}
	for _, op := range operations {
		names = append(names, op.name)
	}
	for _, op := range uploadCommands {
		names = append(names, op.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// concerns reports whether the fault is one of the operation's.
func (f *plannedFault) concerns(op operation) bool {
	return f.Operation == anyOperation || f.Operation == op.name
}

// turn counts a request that fits, and reports whether it is to be disturbed.
func (f *plannedFault) turn() bool {
	f.seen++
	first, times := max(f.Nth, 1), f.Times
	if times == 0 {
		times = 1
	}
	return f.seen >= first && (times < 0 || f.seen-first < times)
}

// over reports whether the last request to be disturbed has come.
func (f *plannedFault) over() bool {
	return f.Times >= 0 && f.seen >= max(f.Nth, 1)+max(f.Times, 1)-1
}
