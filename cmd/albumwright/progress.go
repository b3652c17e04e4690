package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/albumwright/albumwright/pipeline"
)

// verbosity is how much goes to stderr.
type verbosity int

const (
	normal  verbosity = iota
	quiet             // no progress
	verbose           // a line for each file
)

const (
	// plainEvery is how often a line is written where there is no terminal to draw on: often enough for a person, rare enough for a log.
	plainEvery = 10 * time.Second
	// rateOver is the time over which the rate of an upload is averaged.
	rateOver = 15 * time.Second
)

// progress shows on stderr how far the stages are, and what is being waited for: redrawn lines on a terminal, plain lines elsewhere.
type progress struct {
	out     io.Writer
	verbose bool
	bars    *mpb.Progress // nil where there is no terminal
	above   func() string // a line over those of the stages; nil = none
	stop    chan struct{}
	stopped sync.WaitGroup

	mu     sync.Mutex
	stages map[pipeline.Stage]pipeline.Progress // guarded by mu
	wait   string                               // guarded by mu; "" = nothing
	until  time.Time                            // guarded by mu
	note   func() string                        // guarded by mu; shown in the place of what is waited for; nil = nothing
	bytes  rate                                 // guarded by mu; of the upload
	files  rate                                 // guarded by mu; at their end
}

// stageOrder is the order of the lines.
func stageOrder() []pipeline.Stage {
	return []pipeline.Stage{pipeline.StageWalk, pipeline.StageDescribe, pipeline.StageUpload, pipeline.StageCreate, pipeline.StageConfirm}
}

// newProgress begins to show progress. With --quiet or --json it shows nothing.
func newProgress(out io.Writer, o runOptions) *progress { return newProgressBelow(nil, out, o) }

// newProgressBelow does so below a line of the caller's.
func newProgressBelow(above func() string, out io.Writer, o runOptions) *progress {
	p := &progress{above: above, out: out, verbose: o.verbosity == verbose, stop: make(chan struct{}), stages: map[pipeline.Stage]pipeline.Progress{}}
	if o.verbosity == quiet || o.json {
		return p
	}
	if canDraw(out) {
		p.draw()
		return p
	}
	p.stopped.Go(p.plain)
	return p
}

// draw shows a line for each stage, and one for what is being waited for.
func (p *progress) draw() {
	p.bars = mpb.New(mpb.WithOutput(p.out), mpb.WithRefreshRate(150*time.Millisecond))
	if p.above != nil {
		p.bars.New(0, mpb.NopStyle(), mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return p.above() })))
	}
	for _, s := range stageOrder() {
		p.bars.New(0, mpb.NopStyle(), mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return p.line(s) })))
	}
	p.bars.New(0, mpb.NopStyle(), mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return p.waitLine() })))
}

// plain writes the stages that are at work in one line, now and then.
func (p *progress) plain() {
	tick := time.NewTicker(plainEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			fmt.Fprintln(p.out, p.summary())
		case <-p.stop:
			return
		}
	}
}

func (p *progress) summary() string {
	var parts []string
	if p.above != nil {
		parts = append(parts, strings.Join(strings.Fields(p.above()), " "))
	}
	for _, s := range stageOrder() {
		if line := p.line(s); line != "" && !p.stage(s).Complete {
			parts = append(parts, strings.Join(strings.Fields(line), " "))
		}
	}
	if w := p.waitLine(); w != "" {
		parts = append(parts, w)
	}
	return strings.Join(parts, " | ")
}

func (p *progress) stage(s pipeline.Stage) pipeline.Progress {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stages[s]
}

// event takes one event of the pipeline.
func (p *progress) event(ev pipeline.Event) {
	switch ev := ev.(type) {
	case pipeline.Progress:
		p.mu.Lock()
		defer p.mu.Unlock()
		p.stages[ev.Stage] = ev
		switch ev.Stage {
		case pipeline.StageUpload:
			p.bytes.at(time.Now(), ev.Bytes)
		case pipeline.StageCreate:
			p.files.at(time.Now(), int64(ev.Done))
		}
	case pipeline.Waiting:
		p.waiting(ev.For, ev.Until)
	case pipeline.Warning:
		p.log("warning: " + ev.Text)
	case pipeline.FileEnd:
		if p.verbose {
			p.log(fileLine(ev.File))
		}
	case pipeline.FileConfirmed:
		if p.verbose {
			p.log(confirmedLine(ev.Confirmed))
		}
	}
}

// log writes a line above the progress.
func (p *progress) log(line string) {
	if p.bars != nil {
		_, _ = p.bars.Write([]byte(line + "\n"))
		return
	}
	fmt.Fprintln(p.out, line)
}

func fileLine(f pipeline.File) string {
	line := fmt.Sprintf("%-13s %s", f.End, f.Path)
	if f.Reason != "" {
		line += ": " + f.Reason
	}
	if f.DuplicateOf != "" {
		line += ": same content as " + f.DuplicateOf
	}
	return line
}

func confirmedLine(c pipeline.Confirmed) string {
	line := fmt.Sprintf("%-13s %s", c.Answer, c.Path)
	switch {
	case c.Now != "":
		line += ": " + c.Did + " to " + c.Now
	case c.Did != "":
		line += ": " + c.Did
	case c.Kept != "":
		line += ": kept, " + c.Kept
	}
	return line
}

// waiting says what is being waited for; a zero time says that the wait is over.
func (p *progress) waiting(what string, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wait, p.until = what, until
}

// always shows a note from now on, in the place of what is being waited for.
func (p *progress) always(note func() string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.note = note
}

func (p *progress) waitLine() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.note != nil {
		return p.note()
	}
	left := time.Until(p.until)
	if p.wait == "" || left <= 0 {
		return ""
	}
	return fmt.Sprintf("waiting %s: %s", left.Round(100*time.Millisecond), p.wait)
}

// line is what is shown of a stage.
func (p *progress) line(s pipeline.Stage) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	st, ok := p.stages[s]
	if !ok {
		return ""
	}
	text := fmt.Sprintf("%-9s %s/%s", s, comma(st.Done), comma(st.Total))
	if s == pipeline.StageWalk || s == pipeline.StageConfirm {
		text = fmt.Sprintf("%-9s %s files", s, comma(st.Done))
	}
	switch s {
	case pipeline.StageUpload:
		text += fmt.Sprintf("  %s of %s", size(st.Bytes), size(st.TotalBytes))
		if perSecond := p.bytes.perSecond(time.Now()); perSecond > 0 && !st.Complete {
			text += fmt.Sprintf("  %s/s  ETA %s", size(int64(perSecond)), eta(st.TotalBytes-st.Bytes, perSecond))
		}
	case pipeline.StageCreate:
		if perSecond := p.files.perSecond(time.Now()); perSecond > 0 && !st.Complete {
			text += "  ETA " + eta(int64(st.Total-st.Done), perSecond)
		}
	}
	return text
}

// eta is how long what is left will take.
func eta(left int64, perSecond float64) string {
	return max(time.Duration(float64(left)/perSecond*float64(time.Second)), 0).Round(time.Second).String()
}

// interrupted brings the cursor back to the left: the terminal has just shown ^C there, and the lines above it are drawn again from where it stands.
func (p *progress) interrupted() {
	if p.bars != nil {
		fmt.Fprint(p.out, "\r")
	}
}

// end takes the progress down; its last state stays on the terminal.
func (p *progress) end() {
	close(p.stop)
	p.stopped.Wait()
	if p.bars != nil {
		p.waiting("", time.Time{})
		p.bars.Shutdown()
		fmt.Fprintln(p.out)
	}
}

// rate averages a count over the last while.
type rate struct {
	samples []sample // oldest first
}

type sample struct {
	when  time.Time
	count int64
}

// at notes how much was done at a time.
func (r *rate) at(when time.Time, count int64) {
	if n := len(r.samples); n > 0 && when.Sub(r.samples[n-1].when) < 100*time.Millisecond {
		r.samples[n-1].count = count
		return
	}
	r.samples = append(r.samples, sample{when, count})
	for len(r.samples) > 2 && when.Sub(r.samples[1].when) > rateOver {
		r.samples = r.samples[1:]
	}
}

// perSecond is the rate up to now; 0 if too little is known.
func (r *rate) perSecond(now time.Time) float64 {
	if len(r.samples) < 2 {
		return 0
	}
	oldest, newest := r.samples[0], r.samples[len(r.samples)-1]
	seconds := now.Sub(oldest.when).Seconds()
	if seconds <= 0 {
		return 0
	}
	return float64(newest.count-oldest.count) / seconds
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
