package planpage

import (
	"bytes"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/albumwright/albumwright/internal/look"
	"github.com/albumwright/albumwright/internal/report"
)

// mostYAML is how much of the YAML is on the page; all of it is a click away.
const mostYAML = 24 << 10

// templates are the pages; parsed once, they never change.
var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"count": count,
	"noun":  noun,
	"some":  some,
	"tool":  func(id, sign, text, url string) tool { return tool{id, sign, text, url} },
}).ParseFS(assets, "templates/*.html"))

// tool is a button beside the timeline; without a URL it has nothing to do.
type tool struct{ ID, Sign, Text, URL string }

// view is what the page shows.
type view struct {
	Base, Style, Icon string
	Problem           string // why the settings that were asked for are not the ones that are shown
	ByEvent, ByTime   bool
	Gap, Day          string // as the form sends them
	GapWords          string
	Gaps, Days        []option
	Query             query
	Summary           summary
	Pauses            histogram
	Timeline          timeline
	List              list
	Apart             apart
	YAML              excerpt
}

// option is a step of a setting.
type option struct {
	Value, Text string
	Chosen      bool
}

// summary is the plan in numbers; each sum can be checked.
type summary struct {
	Found    int
	Ends     []string
	Items    int
	Albums   int
	New      int
	Known    int
	Requests int
	Parts    []string
	Least    bool
	Bytes    string
	Cost     string
	Skipped  []string // reasons, if there are any
	Warnings []string
	Style    string // addresses, for the last page
	Icon     string
}

// excerpt is the beginning of the YAML.
type excerpt struct {
	Text string
	More int // lines that are not shown
	Link string
}

// show renders the whole page. What cannot be planned is said, above the last plan that could be.
func (p *page) show(w http.ResponseWriter, r *http.Request) {
	q, err := p.query(r.URL.Query())
	status, problem := http.StatusOK, ""
	var f *foreseen
	if err == nil {
		f, err = p.foresee(r.Context(), q.Settings)
	}
	if r.Context().Err() != nil {
		return // nobody waits any more
	}
	if err != nil {
		status, problem, f = http.StatusInternalServerError, plain(err.Error()), p.kept()
		q = query{Settings: f.settings, Albums: -1}
	}
	v := p.view(f, q)
	v.Problem = problem
	p.write(w, status, "page", v)
}

func (p *page) view(f *foreseen, q query) view {
	v := view{
		Base: p.base, ByEvent: p.cfg.ByEvent, ByTime: p.cfg.ByTime, Gap: short(q.Gap), Day: short(q.DayStart), GapWords: long(q.Gap), Query: q,
		Summary: f.summary(), Pauses: f.histogram(gaps(Settings{Gap: q.Gap})), Timeline: f.timeline(q), List: f.list(q), Apart: f.apart(q), YAML: f.excerpt(),
	}
	for _, d := range gaps(Settings{Gap: q.Gap}) {
		v.Gaps = append(v.Gaps, option{short(d), long(d), d == q.Gap})
	}
	for _, d := range dayStarts(Settings{DayStart: q.DayStart}) {
		v.Days = append(v.Days, option{short(d), oclock(d), d == q.DayStart})
	}
	return v
}

func (p *page) write(w http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "the page could not be rendered: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

// endWords name the ends before they have come.
var endWords = map[report.End]string{
	report.Uploaded: "to upload", report.AlreadyThere: "already there", report.Duplicate: "duplicate", report.Skipped: "skipped", report.Failed: "failed",
}

func (f *foreseen) summary() summary {
	p := f.plan
	s := summary{
		Found: p.Found, Requests: p.Requests.Total(), Least: p.ListsAtLeast, Bytes: sizeOf(p.Bytes), Cost: f.cost,
		Style: "." + look.StyleSheet, Icon: "." + look.Icon,
	}
	for _, e := range report.Ends() {
		if n := p.Ends[e]; n > 0 {
			s.Ends = append(s.Ends, count(n)+" "+endWords[e])
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(p.SkippedBy)) {
		s.Skipped = append(s.Skipped, count(p.SkippedBy[reason])+" "+plain(reason))
	}
	for _, warning := range p.Warnings {
		s.Warnings = append(s.Warnings, plain(warning))
	}
	for _, a := range p.Albums {
		s.Items += len(a.Items)
		if a.Title != "" {
			s.Albums++
		}
		if a.New {
			s.New++
		}
	}
	s.Known, s.Parts = s.Albums-s.New, partsOf(p.Requests)
	return s
}

// partsOf are the requests kind by kind, those that there are.
func partsOf(r report.Requests) (parts []string) {
	for _, part := range []struct {
		n   int
		one string
	}{
		{r.Uploads, "upload"}, {r.BatchCreates, "batch"}, {r.AlbumCreates, "new album"}, {r.AlbumLists, "album list"}, {r.AlbumGets, "album get"},
		{r.BatchAdds, "batchAdd"}, {r.Searches, "search"}, {r.BatchGets, "batchGet"}, {r.Edits, "edit"}, {r.AddEnrichments, "heading"},
	} {
		if part.n > 0 {
			parts = append(parts, some(part.n, part.one))
		}
	}
	return parts
}

func (f *foreseen) excerpt() excerpt {
	q := query{Settings: f.settings, Albums: -1}
	e := excerpt{Link: "plan.yaml" + q.link()}
	text := f.yaml
	if len(text) > mostYAML {
		text = text[:max(bytes.LastIndexByte(text[:mostYAML], '\n'), 0)+1]
	}
	e.Text = plain(strings.ToValidUTF8(string(text), "�"))
	e.More = bytes.Count(f.yaml[len(text):], []byte("\n"))
	return e
}

// yaml answers with all of the plan's YAML.
func (p *page) yaml(w http.ResponseWriter, r *http.Request) {
	q, err := p.query(r.URL.Query())
	var f *foreseen
	if err == nil {
		f, err = p.foresee(r.Context(), q.Settings)
	}
	if err != nil {
		http.Error(w, "the plan could not be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="plan.yaml"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(f.yaml)))
	_, _ = w.Write(f.yaml)
}
