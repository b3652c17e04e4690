package gallery

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// meter is a quota with how long it takes until it comes back.
type meter struct {
	Meter
	Left time.Duration
}

// High: more than four fifths are used up.
func (m meter) High() bool { return m.Limit > 0 && m.Used*5 > m.Limit*4 }

func meters(s Service) (all []meter) {
	now := s.Now()
	for _, m := range s.Meters() {
		all = append(all, meter{m, m.Reset.Sub(now)})
	}
	return all
}

// step is a button that sets the clock forward.
type step struct {
	By, Text string
}

// serviceView is the data of the page of the service.
type serviceView struct {
	Token      string // of its form; "" = only to look at
	Now        time.Time
	Saved      bool
	Steps      []step
	Meters     []meter
	Faults     []Fault
	Unmet      int // of Faults
	Disturbed  []operationCount
	Disturbing int // all of Disturbed
}

// service shows the clock, the quotas and the faults.
func (g *Gallery) service(w http.ResponseWriter, r *http.Request, v visit) {
	page := serviceView{
		Token: g.tokenFor(r), Now: v.service.Now(), Saved: r.URL.Query().Has("saved"),
		Steps:  []step{{"1m", "1 minute"}, {"1h", "1 hour"}, {"24h", "1 day"}, {"168h", "1 week"}},
		Meters: meters(v.service), Faults: v.service.Faults(),
	}
	for _, f := range page.Faults {
		if f.Met == 0 {
			page.Unmet++
		}
	}
	disturbed := v.service.Disturbed()
	for _, name := range slices.Sorted(maps.Keys(disturbed)) {
		page.Disturbed = append(page.Disturbed, operationCount{name, disturbed[name]})
		page.Disturbing += disturbed[name]
	}
	g.render(w, r, http.StatusOK, "service", view{
		Title: "Service", Section: "service", Live: ServiceChanged, Crumbs: []link{{"Albums", "/"}}, Data: page,
	})
}

// setClock takes the form of the clock: one of the steps, or a number of units.
func (g *Gallery) setClock(w http.ResponseWriter, r *http.Request, v visit) {
	by, err := time.ParseDuration(r.PostForm.Get("by"))
	if r.PostForm.Get("by") == "" {
		by, err = amount(r.PostForm.Get("amount"), r.PostForm.Get("unit"))
	}
	if err == nil {
		err = v.service.Advance(by)
	}
	if err != nil {
		g.refuse(w, r, http.StatusBadRequest, err.Error())
		return
	}
	http.Redirect(w, r, "/service?saved#clock", http.StatusSeeOther)
}

// amount is a number of minutes, hours or days.
func amount(number, unit string) (time.Duration, error) {
	n, err := strconv.Atoi(number)
	one := map[string]time.Duration{"minutes": time.Minute, "hours": time.Hour, "days": 24 * time.Hour}[unit]
	if err != nil || one == 0 || n < 1 || n > 100_000 {
		return 0, fmt.Errorf("the clock goes forward by 1 to 100,000 minutes, hours or days, not by %q %q", number, unit)
	}
	return time.Duration(n) * one, nil
}
