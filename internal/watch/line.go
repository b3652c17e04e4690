package watch

import (
	"fmt"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// Line says in one line what the watch is doing, for a service manager, a status, a log.
func (s Snapshot) Line() string {
	parts := []string{s.doing()}
	if s.FailureCount > 0 {
		parts = append(parts, files(s.FailureCount)+" failed")
	}
	if rest := s.beside(); len(rest) > 0 {
		parts = append(parts, rest[0].What)
		if more := len(rest) - 1; more > 0 {
			parts[len(parts)-1] += fmt.Sprintf(", and %d more", more)
		}
	}
	return strings.Join(parts, "; ")
}

func (s Snapshot) doing() string {
	switch s.State {
	case Starting:
		seen := int64(0)
		for _, f := range s.Folders {
			seen += f.Files
		}
		return "looking at the folders: " + files(int(seen)) + " so far"
	case Idle:
		return "idle: all that is complete is in the library"
	case Settling:
		return files(s.Open) + " not complete yet, or waiting for others of their batch"
	case Sending:
		return "sending: " + files(s.Open) + " on the way"
	case Waiting:
		return s.waiting()
	case Paused:
		return "paused: " + files(s.Open) + " on the way"
	case Draining:
		return "stopping: what is being sent is finished"
	}
	return string(s.State)
}

// waiting says for what: the first trouble.
func (s Snapshot) waiting() string {
	if len(s.Trouble) == 0 {
		return "waiting"
	}
	t := s.Trouble[0]
	text := "waiting"
	if !t.Until.IsZero() {
		text += " until " + t.Until.Local().Format("Mon "+time.TimeOnly)
	}
	text += ": " + t.What
	if t.Do != "" {
		text += " (" + t.Do + ")"
	}
	return text
}

// beside are the troubles that doing does not tell.
func (s Snapshot) beside() []Trouble {
	if s.State == Waiting && len(s.Trouble) > 0 {
		return s.Trouble[1:]
	}
	return s.Trouble
}

func files(n int) string {
	if n == 1 {
		return "1 file"
	}
	return humanize.Comma(int64(n)) + " files"
}
