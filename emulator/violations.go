package emulator

import "time"

// The rules of which [Server.Violations] reports a breach: the service answers
// these too, but a client that keeps its rules never gets there.
const (
	// RuleOneWrite: a user's writes come one after another (contract 4, 6).
	RuleOneWrite = "one write at a time"
	// RuleBatchSize: a batchCreate has 1 to 50 entries (contract 4).
	RuleBatchSize = "at most 50 items in a batch"
	// RuleTokenPresent: an empty upload token sinks the call (contract 2.3).
	RuleTokenPresent = "no empty upload token"
	// RuleTokenOnce: no upload token stands twice in one call (contract 4).
	RuleTokenOnce = "an upload token once in a call"
	// RuleTokenFresh: an upload token is used within its day (contract 0 #7).
	RuleTokenFresh = "no stale upload token"
)

// Violation is one breach of a rule by the client.
type Violation struct {
	Time   time.Time // when the request came, on the clock of the process
	Rule   string    // one of the Rule constants
	Detail string    // what was seen, for people
}

// violate records a breach; s.mu is held.
func (s *Server) violate(rule, detail string) {
	s.violations = append(s.violations, Violation{Time: time.Now(), Rule: rule, Detail: detail})
}
