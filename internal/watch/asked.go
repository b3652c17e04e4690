package watch

import (
	"time"

	"github.com/albumwright/albumwright/internal/confirm"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/watcher"
)

// asked is a file whose media item the service is still at work on, as on a video: it is asked about again, and only then is done with it what is wanted.
type asked struct {
	file  watcher.File
	end   report.End // how it ended
	tries int
	next  time.Time
	open  bool // it is being asked about
}

// asks tells whether the service is asked again about what is delivered.
func (j Job) asks() bool { return j.Run.Confirm || !j.Run.After.Keeps() }

// confirmed notes what the service said about a file that ended. The caller holds mu.
func (r *run) confirmed(ev pipeline.FileConfirmed) {
	f := r.folder
	file, ok := r.ends[ev.Path]
	if !ok || ev.Answer != string(confirm.Processing) {
		delete(f.asked, ev.Path)
		return
	}
	a := f.asked[ev.Path]
	if a == nil {
		a = &file
		f.asked[ev.Path] = a
	}
	a.tries++
	a.next = time.Now().Add(pause(a.tries))
}

// endOf is a file's end, as it counts: one that was only asked about once more ended before. The caller holds mu.
func (r *run) endOf(file watcher.File, end report.File) report.File {
	f := r.folder
	if a := f.asked[end.Path]; a != nil && a.open {
		a.open = false
		if end.End == report.AlreadyThere {
			end.End = a.end
		}
	}
	if f.job.asks() {
		r.ends[end.Path] = asked{file: file, end: end.End}
	}
	return end
}

// askAgain puts the files among those that are due whose time to be asked about has come, and says when the next one's will. The caller holds mu.
func (f *folder) askAgain(now time.Time) (next time.Time) {
	for _, a := range f.asked {
		switch {
		case a.open:
		case !a.next.After(now):
			a.open = true
			f.watch.figures.ends[a.end]--
			f.put(a.file, time.Time{})
		default:
			next = earlier(a.next, next)
		}
	}
	return next
}
