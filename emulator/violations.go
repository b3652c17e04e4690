package emulator

import "time"

// The rules of which [Server.Violations] reports a breach: the service answers
// these too, but a client that keeps its rules never gets there.
const (
	// RuleOneWrite: a user's writes come one after another (contract 4, 6).
	RuleOneWrite = "one write at a time"
	// RuleBatchSize: a batchCreate has 1 to 50 entries, and so has a call that
	// adds items to an album or removes them (contract 4, 5).
	RuleBatchSize = "at most 50 items in a batch"
	// RuleTokenPresent: an empty upload token sinks the call (contract 2.3).
	RuleTokenPresent = "no empty upload token"
	// RuleTokenOnce: no upload token stands twice in one call (contract 4).
	RuleTokenOnce = "an upload token once in a call"
	// RuleTokenFresh: an upload token is used within its day (contract 0 #7).
	RuleTokenFresh = "no stale upload token"
	// RuleChunkSize: a chunk before the last is a multiple of the granularity
	// that the start was answered with (contract 3.2).
	RuleChunkSize = "chunks are multiples of the granularity"
	// RuleSessionOnce: a session has one request at a time (contract 3.2).
	RuleSessionOnce = "one request at a time to a session"
	// RuleWritesPerMinute: a user's writes keep to the minute's quota (contract 6).
	RuleWritesPerMinute = "no more writes in a minute than the quota"
	// RuleUploadsPerMinute: so do uploads (contract 6).
	RuleUploadsPerMinute = "no more uploads in a minute than the quota"
	// RuleDayIsOver: who has been told that the day's requests are used up asks no
	// more until midnight Pacific; what comes within a minute was on its way
	// (contract 0 #10).
	RuleDayIsOver = "no request once the day's quota is used up"
)

// Violation is one breach of a rule by the client.
type Violation struct {
	Time   time.Time `json:"time"`   // when the request came, on the server's clock
	Rule   string    `json:"rule"`   // one of the Rule constants
	Detail string    `json:"detail"` // what was seen, for people
}

// violate records a breach by a request; s.mu is held.
func (s *Server) violate(c *call, rule, detail string) {
	c.line.broke = append(c.line.broke, rule)
	s.violations = append(s.violations, Violation{Time: s.now(), Rule: rule, Detail: detail})
}
