package gallery

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// What the page of requests has room for.
const (
	pageRequests    = 100
	shownViolations = 50
)

// requestFilter is a choice of requests.
type requestFilter struct {
	Name, Text string
	URL        string
	Count      int
	On         bool
	fits       func(Request) bool
}

// Failed: it was refused, or its connection broke.
func (r Request) Failed() bool { return r.Status == 0 || r.Status >= 400 || r.Cut }

// Outcome is the status for people.
func (r Request) Outcome() string {
	switch {
	case r.Status == 0:
		return "cut"
	case r.Cut:
		return fmt.Sprintf("%d, cut", r.Status)
	}
	return fmt.Sprint(r.Status)
}

func requestFilters() []requestFilter {
	return []requestFilter{
		{Text: "All", fits: func(Request) bool { return true }},
		{Name: "errors", Text: "Errors", fits: Request.Failed},
		{Name: "violations", Text: "Violations", fits: func(r Request) bool { return len(r.Broke) > 0 }},
		{Name: "faults", Text: "Faults", fits: func(r Request) bool { return r.Fault != "" }},
	}
}

// operationCount is a row of the requests by operation.
type operationCount struct {
	Name  string
	Count int
}

// requestsView is the data of the page of requests.
type requestsView struct {
	pager
	Filters    []requestFilter
	Shown      []Request
	Meters     []meter
	Rows       []operationCount
	Calls      int // all of Rows
	Most       int // of Rows, at least 1
	Violations []Violation
	Earlier    int // violations that are not shown
}

// requests shows the request log, what was asked for how often, and what the
// client did wrong.
func (g *Gallery) requests(w http.ResponseWriter, r *http.Request, v visit) {
	page := requestsView{Filters: requestFilters(), Meters: meters(v.service), Most: 1}
	log := v.service.Requests()
	path, chosen := "/requests", r.URL.Query().Get("show")
	for i := range page.Filters {
		f := &page.Filters[i]
		f.URL = "/requests"
		if f.Name != "" {
			f.URL += "?show=" + f.Name
		}
		fitting := slices.DeleteFunc(slices.Clone(log), func(r Request) bool { return !f.fits(r) })
		f.Count, f.On = len(fitting), f.Name == chosen
		if f.On {
			path, page.Shown = f.URL, fitting
		}
	}
	page.pager = newPager(r, path, len(page.Shown), pageRequests)
	page.Shown = page.Shown[page.From-1 : page.To]
	calls := v.service.Calls()
	for _, name := range slices.Sorted(maps.Keys(calls)) {
		page.Rows = append(page.Rows, operationCount{name, calls[name]})
		page.Calls += calls[name]
		page.Most = max(page.Most, calls[name])
	}
	page.Violations = v.service.Violations()
	page.Earlier = max(0, len(page.Violations)-shownViolations)
	page.Violations = page.Violations[page.Earlier:]
	slices.Reverse(page.Violations)
	g.render(w, r, http.StatusOK, "requests", view{
		Title: "Requests", Section: "requests", Live: ServiceChanged, Crumbs: []link{{"Albums", "/"}}, Data: page,
	})
}
