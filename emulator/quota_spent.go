package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
	_ "time/tzdata" // the service's day is Pacific, also on machines without a zone database
)

// spending is what a project has used up of the quotas. Server.mu guards it.
type spending struct {
	spentDay
	told    time.Time // when a client first heard that the day is over; zero = not yet
	uploads window

	pacific *time.Location // never changes
	file    *os.File       // nil = in memory
	err     error          // the first of the file
}

// spentDay is what outlives a restart, so that one is no way to a new day.
type spentDay struct {
	Date         string `json:"date"` // in Pacific time
	Requests     int    `json:"requests"`
	BaseURLLoads int    `json:"baseUrlLoads"`
}

// spentFile is the name of the file in [Config].Dir, of the first client, and
// dayBytes its length.
//
// It is written over with each request, in one call: a process that is killed
// loses nothing, and a power cut may cost the last seconds, as of the journal.
const (
	spentFile = "quota.json"
	dayBytes  = 128
)

// openSpending takes up the day that an earlier server of the folder began, in a
// file of this name.
func openSpending(dir, name string) (s spending, err error) {
	if s.pacific, err = time.LoadLocation("America/Los_Angeles"); err != nil {
		s.pacific = time.FixedZone("PST", -8*60*60) // the database is part of the program; this is for a broken ZONEINFO only
	}
	if dir == "" {
		return s, nil
	}
	path := filepath.Join(dir, name)
	if s.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return s, err
	}
	text, err := io.ReadAll(io.LimitReader(s.file, dayBytes))
	if err == nil && len(text) > 0 {
		err = json.Unmarshal(text, &s.spentDay)
	}
	if err != nil {
		return s, errors.Join(fmt.Errorf("%s: %w (without this file the day begins anew)", path, err), s.file.Close())
	}
	return s, nil
}

// begin sees to it that the counts are those of today: the day ends at midnight
// Pacific time (contract 6).
func (s *spending) begin(now time.Time) {
	if today := now.In(s.pacific).Format(time.DateOnly); s.Date != today {
		s.spentDay, s.told = spentDay{Date: today}, time.Time{}
	}
}

// nextMidnight is when the quotas of the day come back.
func (s *spending) nextMidnight(now time.Time) time.Time {
	y, m, d := now.In(s.pacific).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, s.pacific)
}

func (s *spending) reset() {
	s.spentDay, s.told = spentDay{Date: s.Date}, time.Time{}
	s.uploads = window{}
	s.save()
}

// save writes the day down. An error is kept for close: a request is no worse
// for it.
func (s *spending) save() {
	if s.file == nil {
		return
	}
	text, err := json.Marshal(s.spentDay)
	if err == nil {
		line := append(text, bytes.Repeat([]byte(" "), dayBytes)...)[:dayBytes-1]
		_, err = s.file.WriteAt(append(line, '\n'), 0)
	}
	if s.err == nil {
		s.err = err
	}
}

func (s *spending) close() error {
	if s.file == nil {
		return nil
	}
	err := errors.Join(s.err, s.file.Close())
	s.file = nil
	return err
}

// window is 60 seconds, which the first event in them opens (contract 12 #25).
type window struct {
	opened time.Time
	events int
}

// count is the number of events in the window that is open now.
func (w *window) count(now time.Time) int {
	if now.Sub(w.opened) >= time.Minute {
		return 0
	}
	return w.events
}

// spend lets one more event happen, if it is within the limit; 0 = none.
func (w *window) spend(limit int, now time.Time) bool {
	n := w.count(now)
	if limit > 0 && n >= limit {
		return false
	}
	if n == 0 {
		w.opened = now
	}
	w.events = n + 1
	return true
}
