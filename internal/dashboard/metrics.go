package dashboard

import (
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
)

// metrics is the handler of /metrics, with a registry of its own.
func (p *Page) metrics() http.Handler {
	own := prometheus.NewPedanticRegistry()
	own.MustRegister(&collector{control: p.cfg.Control}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(own, promhttp.HandlerOpts{})
}

// collector makes metrics of one snapshot a scrape, so that they fit each other.
type collector struct {
	control watch.Control

	mu   sync.Mutex
	last time.Time // when something came into the library; guarded by mu
}

// Describe sends nothing: what there is depends on the folders and projects.
func (c *collector) Describe(chan<- *prometheus.Desc) {}

// Collect implements [prometheus.Collector].
func (c *collector) Collect(to chan<- prometheus.Metric) {
	s := c.control.Snapshot()
	g := gatherer{to}
	g.files(s)
	g.state(s)
	g.stages(s)
	g.budgets(s)
	g.folders(s)
	g.moment("watch_start", "When the watch was started.", s.Since)
	g.moment("watch_last_run", "When something was last sent or looked at.", s.LastRun)
	g.moment("watch_last_success", "When a file last came into the library.", c.success(s))
}

// success is when a file last came into the library, as far as it was seen.
func (c *collector) success(s watch.Snapshot) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, it := range s.Last {
		if (it.End == report.Uploaded || it.End == report.AlreadyThere || it.End == report.Duplicate) && it.Ended.After(c.last) {
			c.last = it.Ended
		}
	}
	return c.last
}

// gatherer sends metrics of the program's name.
type gatherer struct{ to chan<- prometheus.Metric }

// labels are pairs of names and values.
func (g gatherer) send(kind prometheus.ValueType, name, help string, value float64, labels ...string) {
	var names, values []string
	for i := 0; i < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, plain(labels[i+1]))
	}
	g.to <- prometheus.MustNewConstMetric(prometheus.NewDesc("albumwright_"+name, help, names, nil), kind, value, values...)
}

func (g gatherer) gauge(name, help string, value float64, labels ...string) {
	g.send(prometheus.GaugeValue, name, help, value, labels...)
}

func (g gatherer) counter(name, help string, value float64, labels ...string) {
	g.send(prometheus.CounterValue, name, help, value, labels...)
}

// moment is a time; one that is not known is left out.
func (g gatherer) moment(name, help string, t time.Time, labels ...string) {
	if !t.IsZero() {
		g.gauge(name+"_timestamp_seconds", help, float64(t.UnixMilli())/1000, labels...)
	}
}

// oneOf is 1 for what is, and 0 for all that could be.
func (g gatherer) oneOf(name, help, label, is string, all []string, labels ...string) {
	for _, one := range all {
		value := 0.0
		if one == is {
			value = 1
		}
		g.gauge(name, help, value, append([]string{label, one}, labels...)...)
	}
}

func (g gatherer) files(s watch.Snapshot) {
	g.counter("watch_files_found_total", "Files seen since the start.", float64(s.Found))
	const help = "Files seen since the start, by what came of them; the sum is the number found."
	for _, e := range report.Ends() {
		g.gauge("watch_files", help, float64(s.Ends[e]), "end", string(e))
	}
	g.gauge("watch_files", help, float64(s.Open), "end", "open")
	g.gauge("watch_failures", "Files that failed and are not mended.", float64(s.FailureCount))
}

func (g gatherer) state(s watch.Snapshot) {
	var states []string
	for _, one := range []watch.State{watch.Starting, watch.Idle, watch.Settling, watch.Sending, watch.Waiting, watch.Paused, watch.Draining} {
		states = append(states, string(one))
	}
	g.oneOf("watch_state", "What the watch is doing: 1 for that.", "state", string(s.State), states)
	troubles := map[string]float64{
		"sign-in": 0, "quota": 0, "storage full": 0, "network": 0, "disk full": 0, "locked": 0, "offline": 0, "stalled": 0, "error": 0,
	}
	for _, t := range s.Trouble {
		troubles[t.Kind]++
	}
	for kind, n := range troubles {
		g.gauge("watch_troubles", "What keeps the watch from working, by kind.", n, "kind", kind)
	}
}

func (g gatherer) stages(s watch.Snapshot) {
	for _, st := range s.Stages {
		g.gauge("watch_stage_queue_files", "Files that wait in a stage or are at work.", float64(st.Queue), "stage", st.Name)
		g.counter("watch_stage_done_files_total", "Files that have left a stage since the start.", float64(st.Done), "stage", st.Name)
		if st.Name == "upload" {
			g.counter("watch_sent_bytes_total", "Bytes sent since the start.", float64(st.Bytes))
		}
	}
}

func (g gatherer) budgets(s watch.Snapshot) {
	for _, b := range s.Budget {
		g.gauge("budget_used_requests", "Requests of a project today.", float64(b.Used), "project", b.Project)
		g.gauge("budget_limit_requests", "Requests that a project may make in a day.", float64(b.Limit), "project", b.Project)
		g.moment("budget_reset", "When the day of a project's requests ends.", b.Resets, "project", b.Project)
	}
}

func (g gatherer) folders(s watch.Snapshot) {
	for _, f := range s.Folders {
		g.oneOf("watch_folder_state", "How a folder is watched: 1 for that.", "state", f.State, []string{"starting", "watching", "polling", "offline"}, "folder", f.Path, "account", f.Account)
		g.gauge("watch_folder_files", "Files seen in a folder.", float64(f.Files), "folder", f.Path, "account", f.Account)
		g.gauge("watch_folder_settling_files", "Files of a folder that are not complete yet.", float64(f.Settling), "folder", f.Path, "account", f.Account)
		g.gauge("watch_folder_ready_files", "Files of a folder that are complete and wait for a run.", float64(f.Ready), "folder", f.Path, "account", f.Account)
		g.moment("watch_folder_last_scan", "When a folder was last looked through.", f.LastScan, "folder", f.Path, "account", f.Account)
	}
}
