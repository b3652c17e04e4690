package pipeline

import (
	"sync"
	"sync/atomic"
	"time"
)

// Event is something that happened: a [Progress], a [Sending], a [FileEnd], a [FileConfirmed], a [Waiting] or a [Warning]. More kinds may come.
type Event interface{ event() }

// Stage is a part of the pipeline, as a person watching it would name it.
type Stage string

// The stages, in the order in which a file goes through them.
const (
	StageWalk     Stage = "walk"     // files found
	StageDescribe Stage = "describe" // new files looked into
	StageUpload   Stage = "upload"   // files whose bytes the service has
	StageCreate   Stage = "create"   // files at their end
	StageConfirm  Stage = "confirm"  // files about which the service was asked again
)

// Progress says how far a stage has got.
type Progress struct {
	Stage      Stage
	Done       int   // files
	Total      int   // files known so far; it grows while an earlier stage is at work
	Bytes      int64 // bytes done, for StageUpload
	TotalBytes int64
	Complete   bool // nothing more will come
}

// Sending says that the bytes of a file are being sent, or no longer are. A file that is tried again is told of anew.
type Sending struct {
	Path string // as text
	Over bool
}

// FileEnd says that a file reached its end.
type FileEnd struct{ File }

// FileConfirmed says what the service said about a file when it was asked again, and what was done with the file then.
type FileConfirmed struct{ Confirmed }

// Waiting says that a call waits before it is made again, and why.
type Waiting struct {
	For   string    // in words for a person
	Until time.Time // when it goes on
}

// Warning says at once what the report will say in the end: of clocks that are wrong before a byte is sent, since what is in an album cannot be moved.
type Warning struct {
	Text string
}

func (Progress) event()      {}
func (Sending) event()       {}
func (FileEnd) event()       {}
func (FileConfirmed) event() {}
func (Waiting) event()       {}
func (Warning) event()       {}

// events hands events to the observer, one at a time, and keeps the count of each stage.
type events struct {
	mu      sync.Mutex
	observe func(Event)
	stages  map[Stage]*Progress // guarded by mu
}

func newEvents(observe func(Event)) *events {
	return &events{observe: observe, stages: map[Stage]*Progress{}}
}

func (e *events) send(ev Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.observe(ev)
}

// progress changes a stage's count and tells the observer.
func (e *events) progress(stage Stage, change func(*Progress)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.stages[stage]
	if p == nil {
		p = &Progress{Stage: stage}
		e.stages[stage] = p
	}
	change(p)
	e.observe(*p)
}

// done counts one file done.
func (e *events) done(stage Stage) { e.progress(stage, func(p *Progress) { p.Done++ }) }

// more counts one more file to do.
func (e *events) more(stage Stage) { e.progress(stage, func(p *Progress) { p.Total++ }) }

// complete says that a stage has nothing left to do.
func (e *events) complete(stage Stage) { e.progress(stage, func(p *Progress) { p.Complete = true }) }

// counter is a number that several goroutines change.
type counter struct{ n atomic.Int64 }

func (c *counter) add(d int)  { c.n.Add(int64(d)) }
func (c *counter) value() int { return int(c.n.Load()) }
