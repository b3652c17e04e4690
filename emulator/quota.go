package emulator

import (
	"errors"
	"net/http"
	"strconv"
	"time"
)

// Quota is how much clients may ask of the service, [Config].Quota. A field of 0
// sets no limit, and so the zero value has none: a test on the clock of its
// machine makes more writes in a second than the service allows in a minute. The
// limits of the service are [ServiceQuota], for tests whose clock is that of a
// testing/synctest bubble, and for rehearsals that shall take as long as the
// real thing.
//
// What goes beyond a limit is refused in the words of the service, 429 without
// a Retry-After header (contract 0 #11, 6). What a planned fault or [Chaos]
// answers in the place of the service counts among the requests of the day, and
// is neither write nor upload.
type Quota struct {
	// RequestsPerDay is the number of API requests of the project in a day that
	// ends at midnight Pacific time. Every HTTP request counts: uploads, each
	// request of an upload session, and refused ones too (contract 6; 12 #24).
	RequestsPerDay int `json:"requestsPerDay"`

	// BaseURLLoadsPerDay is the number of loads of base URLs in the same day. They
	// are not among RequestsPerDay (contract 6).
	BaseURLLoadsPerDay int `json:"baseUrlLoadsPerDay"`

	// WritesPerMinutePerUser is the number of JSON requests that change something,
	// in a window of 60 seconds that the first of them opens; reads, searches and
	// uploads are none (contract 6; 12 #25). Each user
	// has a minute of their own.
	WritesPerMinutePerUser int `json:"writesPerMinutePerUser"`

	// UploadsPerMinute is the number of requests to the upload endpoint, in a
	// window of their own. Of this limit no number is known: 300 a minute have
	// worked, near 400 there was trouble (contract 6).
	UploadsPerMinute int `json:"uploadsPerMinute"`

	// UploadsAs400 refuses uploads beyond UploadsPerMinute with 400 and "Insufficient
	// tokens for quota ...", as it was seen in 2018, and not with 429 (contract 0
	// #12, 2.2).
	UploadsAs400 bool `json:"uploadsAs400"`
}

// ServiceQuota are the limits of the service as far as they are known: 10,000
// requests and 75,000 loads of base URLs a day, which are documented, and 30
// writes a minute, which were observed (contract 6). UploadsPerMinute is not
// limited, since nobody knows the number.
func ServiceQuota() Quota {
	return Quota{RequestsPerDay: 10_000, BaseURLLoadsPerDay: 75_000, WritesPerMinutePerUser: 30}
}

func (q Quota) valid() error {
	for _, f := range []struct {
		name  string
		limit int
	}{
		{"RequestsPerDay", q.RequestsPerDay},
		{"BaseURLLoadsPerDay", q.BaseURLLoadsPerDay},
		{"WritesPerMinutePerUser", q.WritesPerMinutePerUser},
		{"UploadsPerMinute", q.UploadsPerMinute},
	} {
		if f.limit < 0 {
			return errors.New("emulator: Config.Quota." + f.name + " is negative")
		}
	}
	return nil
}

// Spent is what has been used up of the quotas, whether they are limited or not.
type Spent struct {
	Requests     int       `json:"requests"`     // API requests of the day
	BaseURLLoads int       `json:"baseUrlLoads"` // of the day
	Reset        time.Time `json:"reset"`        // the midnight that ends the day, Pacific time
	Writes       int       `json:"writes"`       // of the current minute, the refused ones not counted
	Uploads      int       `json:"uploads"`      // likewise
}

// Spent tells what has been used up until now.
func (s *Server) Spent() Spent {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.spent.begin(now)
	return Spent{
		Requests: s.spent.Requests, BaseURLLoads: s.spent.BaseURLLoads, Reset: s.spent.nextMidnight(now),
		Writes: s.writes.count(now), Uploads: s.spent.uploads.count(now),
	}
}

// ResetQuota begins a new day and a new minute: nothing has been used up.
func (s *Server) ResetQuota() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		a.writes = window{}
	}
	for _, p := range s.projects {
		p.spent.reset()
	}
	s.serviceChanged()
}

// spendRequest counts one API request. s.mu is held.
func (s *Server) spendRequest() (over bool) {
	now := s.now()
	s.spent.begin(now)
	s.spent.Requests++
	s.spent.save()
	return exceeds(s.spent.Requests, s.config.Quota.RequestsPerDay)
}

// spendBaseURL counts one load of a base URL, and refuses it when those of the
// day are used up (contract 6). s.mu is not held.
func (s *Server) spendBaseURL() *apiError {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spent.begin(s.now())
	s.spent.BaseURLLoads++
	s.spent.save()
	if limit := s.config.Quota.BaseURLLoadsPerDay; exceeds(s.spent.BaseURLLoads, limit) {
		return errBaseURLQuota()
	}
	return nil
}

func exceeds(n, limit int) bool { return limit > 0 && n > limit }

// withinQuota refuses what goes beyond a limit (contract 6). It is asked once
// the user is known: a request of nobody is nobody's write.
func (s *Server) withinQuota(op operation, c *call) *apiError {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, limits := s.now(), s.config.Quota
	switch {
	case c.overDay:
		s.dayIsOver(op, c, now)
		return errQuota(callsPerDay.of(limits.RequestsPerDay))
	case op.write && !s.writes.spend(limits.WritesPerMinutePerUser, now):
		s.violate(c, RuleWritesPerMinute, op.name+" after "+strconv.Itoa(limits.WritesPerMinutePerUser)+" writes in a minute")
		return errQuota(writesPerMinute.of(limits.WritesPerMinutePerUser))
	case op.bare && !s.spent.uploads.spend(limits.UploadsPerMinute, now):
		s.violate(c, RuleUploadsPerMinute, "an upload after "+strconv.Itoa(limits.UploadsPerMinute)+" in a minute")
		if limits.UploadsAs400 {
			return errUploadQuota()
		}
		return errQuota(uploadsPerMinute.of(limits.UploadsPerMinute))
	}
	c.countsAs(op)
	return nil
}

// countsAs notes for the log what a request within the limits counted against.
func (c *call) countsAs(op operation) {
	switch {
	case op.write:
		c.line.counted |= quotaWrites
	case op.bare:
		c.line.counted |= quotaUploads
	}
}

// underWay is how long after the first refusal of a day requests may still come
// that were on their way.
const underWay = time.Minute

// dayIsOver notes a client that has been told to stop, and goes on (contract 0
// #10). s.mu is held.
func (s *Server) dayIsOver(op operation, c *call, now time.Time) {
	switch {
	case s.spent.told.IsZero():
		s.spent.told = now
	case now.Sub(s.spent.told) > underWay:
		s.violate(c, RuleDayIsOver, op.name+" "+now.Sub(s.spent.told).String()+" after the day's quota was refused first")
	}
}

// of is the limit with a number of its own.
func (q quota) of(limit int) quota {
	q.value = strconv.Itoa(limit)
	return q
}

// uploadsPerMinute has the names of the 400 of 2018; that it is worded like the
// others today is a guess (contract 2.2, 6).
var uploadsPerMinute = quota{
	metric: "Upload requests", limit: "Upload requests per minute",
	metricID: "photoslibrary.googleapis.com/upload_requests", limitName: "UploadsPerMinute", value: "400",
}

// errBaseURLQuota is what a front end answers that knows no envelopes: only the
// status has been seen (contract 6).
func errBaseURLQuota() *apiError {
	return errFrontEnd(http.StatusTooManyRequests, "Too many requests have come from your project. Please try again later.")
}
