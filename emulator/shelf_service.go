package emulator

import (
	"fmt"
	"slices"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/gallery"
)

// desk shows the service itself to the gallery.
type desk struct{ *Server }

// Requests implements gallery.Service.
func (d desk) Requests() []gallery.Request {
	all := d.Server.Requests()
	shown := make([]gallery.Request, len(all))
	for i, r := range all {
		shown[i] = gallery.Request{
			N: r.N, Time: r.Time, Method: r.Method, Path: r.Path, Operation: r.Operation, Status: r.Status, Cut: r.Cut,
			Took: time.Duration(r.Took), In: r.In, Out: r.Out, Quotas: r.Quotas, Fault: r.Fault, Broke: r.Broke,
		}
	}
	return shown
}

// Violations implements gallery.Service.
func (d desk) Violations() []gallery.Violation {
	var all []gallery.Violation
	for _, b := range d.Server.Violations() {
		all = append(all, gallery.Violation(b))
	}
	return all
}

// Meters implements gallery.Service.
func (d desk) Meters() []gallery.Meter {
	d.mu.Lock()
	defer d.mu.Unlock()
	now, spent, limits := d.now(), &d.spent, d.config.Quota
	spent.begin(now)
	midnight := spent.nextMidnight(now)
	return []gallery.Meter{
		{Name: "Requests today", Used: spent.Requests, Limit: limits.RequestsPerDay, Reset: midnight},
		{Name: "Base URL loads today", Used: spent.BaseURLLoads, Limit: limits.BaseURLLoadsPerDay, Reset: midnight},
		{Name: "Writes this minute", Used: d.writes.count(now), Limit: limits.WritesPerMinutePerUser, Reset: d.writes.reset(now)},
		{Name: "Uploads this minute", Used: spent.uploads.count(now), Limit: limits.UploadsPerMinute, Reset: spent.uploads.reset(now)},
	}
}

// reset is when the window that is open now ends; zero: none is open.
func (w *window) reset(now time.Time) time.Time {
	if w.count(now) == 0 {
		return time.Time{}
	}
	return w.opened.Add(time.Minute)
}

// Faults implements gallery.Service.
func (d desk) Faults() []gallery.Fault {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []gallery.Fault
	for _, f := range d.plan {
		all = append(all, gallery.Fault{
			Operation: f.Operation, Match: f.Match, Effect: f.Effect.Name, When: f.when(), Met: f.met, Over: f.over(),
		})
	}
	return all
}

// when says which of the requests that fit are disturbed.
func (f Fault) when() string {
	first := max(f.Nth, 1)
	switch {
	case f.Times < 0:
		return fmt.Sprintf("from no. %d on", first)
	case f.Times > 1:
		return fmt.Sprintf("no. %d to %d", first, first+f.Times-1)
	}
	return fmt.Sprintf("no. %d", first)
}

// Now implements gallery.Service.
func (d desk) Now() time.Time { return d.now() }

// Advance implements gallery.Service, while the control path does nothing.
func (d desk) Advance(by time.Duration) error {
	d.steers.Lock()
	defer d.steers.Unlock()
	return d.Server.Advance(by)
}

// NextChange implements gallery.Service: the end of a minute, of the day, or of the
// processing of a video.
func (d desk) NextChange() time.Duration {
	var ends []time.Time
	for _, m := range d.Meters() {
		if m.Used > 0 {
			ends = append(ends, m.Reset)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	for i := len(d.items) - 1; i >= 0 && len(d.items)-i < maxLooked; i-- {
		ready := d.items[i].created.Add(d.config.VideoProcessing)
		if !ready.After(now) {
			break
		}
		if d.items[i].content.facts.Type.Video() {
			ends = append(ends, ready)
		}
	}
	if len(ends) == 0 {
		return 0
	}
	return max(slices.MinFunc(ends, time.Time.Compare).Sub(now), time.Millisecond)
}
