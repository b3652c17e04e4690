package dashboard

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
)

// stages are the way of a file, each as thick as what waits in it.
type stages struct {
	List    []stage
	Current []string // files being sent
	More    int
}

type stage struct {
	Title, About string
	Queue, Done  int
	Sent         string
	Flow         string // the path of its shape
	Last         bool
}

// about are the stages in words.
func about(name string) (title, about string) {
	words := map[string][2]string{
		"settle": {"Settling", "until it stays the same"},
		"ready":  {"Ready", "until its batch goes"},
		"look":   {"Looking", "facts, album, place"},
		"upload": {"Uploading", "bytes go up"},
		"create": {"Creating", "items are made"},
	}
	w := words[name]
	return cmp.Or(w[0], plain(name)), w[1]
}

func stagesOf(s watch.Snapshot) stages {
	var out stages
	most := 50 // a full batch is as thick as it gets, unless there is more
	for _, st := range s.Stages {
		most = max(most, st.Queue)
	}
	for i, st := range s.Stages {
		next := 0
		if i+1 < len(s.Stages) {
			next = s.Stages[i+1].Queue
		}
		v := stage{Queue: st.Queue, Done: st.Done, Flow: flow(thick(st.Queue, most), thick(next, most)), Last: i+1 == len(s.Stages)}
		v.Title, v.About = about(st.Name)
		if st.Bytes > 0 {
			v.Sent = sizeOf(st.Bytes)
		}
		out.List = append(out.List, v)
	}
	for _, path := range s.Current[:min(len(s.Current), mostCurrent)] {
		out.Current = append(out.Current, cut(plain(filepath.Base(path)), 60))
	}
	out.More = len(s.Current) - len(out.Current)
	return out
}

const flowHigh = 64 // pixels; 100 wide, and stretched

// thick is half of a stage's height: by the logarithm, so that one file is still seen beside twenty thousand.
func thick(queue, most int) float64 {
	if queue == 0 {
		return 0.75
	}
	return 3 + (flowHigh/2-3)*math.Log1p(float64(queue))/math.Log1p(float64(most))
}

// flow is the shape of a stage, which ends as thick as the next one begins.
func flow(a, b float64) string {
	const m = flowHigh / 2
	return fmt.Sprintf("M-.3 %.1fH52C78 %.1f 74 %.1f 100 %.1fV%.1fC74 %.1f 78 %.1f 52 %.1fH-.3z", m-a, m-a, m-b, m-b, m+b, m+b, m+a, m+a)
}

// ends are what came of the files that were found.
type ends struct {
	Found int
	Parts []portion
	Off   int // what is missing in the sum; 0, or there is a mistake in the program
}

type portion struct {
	Class, Text string
	Count       int
	X, W        string // of the bar
}

func endsOf(s watch.Snapshot) ends {
	out := ends{Found: s.Found}
	words := map[report.End]string{
		report.Uploaded: "uploaded", report.AlreadyThere: "already there", report.Duplicate: "duplicates", report.Skipped: "skipped", report.Failed: "failed",
		report.Unfinished: "unfinished",
	}
	sum := 0
	add := func(class, text string, n int, always bool) {
		if n == 1 {
			text = strings.TrimSuffix(text, "s")
		}
		if sum += n; n > 0 || always {
			out.Parts = append(out.Parts, portion{Class: class, Text: text, Count: n})
		}
	}
	for _, e := range report.Ends() {
		add("end-"+classOf(e), words[e], s.Ends[e], e == report.Uploaded)
	}
	add("end-open", "on the way", s.Open, true)
	out.Off = s.Found - sum
	out.lay(sum)
	return out
}

// lay gives each portion its place on the bar; what is there at all can be seen.
func (e *ends) lay(sum int) {
	const least = 0.006
	share := func(p portion) float64 {
		if p.Count == 0 {
			return 0
		}
		return max(float64(p.Count)/float64(sum), least)
	}
	total := 0.0
	for _, p := range e.Parts {
		total += share(p)
	}
	x := 0.0
	for i := range e.Parts {
		w := share(e.Parts[i]) / max(total, 1e-9)
		e.Parts[i].X, e.Parts[i].W = percent(x), percent(w)
		x += w
	}
}

// classOf is the style of an end.
func classOf(e report.End) string {
	switch e {
	case report.Uploaded:
		return "uploaded"
	case report.AlreadyThere:
		return "there"
	case report.Duplicate:
		return "duplicate"
	case report.Failed:
		return "failed"
	case report.Unfinished:
		return "unfinished"
	}
	return "skipped"
}
