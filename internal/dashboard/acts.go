package dashboard

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// mostForm bounds what a form sends.
const mostForm = 4 << 10

// said is what the page says about what was done on it.
type said struct {
	Text string
	Bad  bool
}

// acts are what can be done on the page. Each tells what it did, in the words of an address.
func (p *Page) acts() map[string]func(*http.Request) (url.Values, error) {
	c := p.cfg.Control
	did := func(what string, n int) url.Values { return url.Values{"did": {what}, "n": {strconv.Itoa(n)}} }
	return map[string]func(*http.Request) (url.Values, error){
		"/pause":  func(r *http.Request) (url.Values, error) { return did("pause", 0), c.Pause(r.Context()) },
		"/resume": func(r *http.Request) (url.Values, error) { return did("resume", 0), c.Resume(r.Context()) },
		"/rescan": func(*http.Request) (url.Values, error) {
			c.Rescan()
			return did("rescan", 0), nil
		},
		"/retry": func(r *http.Request) (url.Values, error) {
			path := ""
			if r.PostForm.Get("all") == "" {
				var known bool
				if path, known = p.failed(r.PostForm.Get("file")); !known {
					return did("gone", 0), nil
				}
			}
			n, err := c.Retry(r.Context(), path)
			return did("retry", n), err
		},
	}
}

// act does something if the form that asks for it is from a page of this process, and leads back to the page.
func (p *Page) act(do func(*http.Request) (url.Values, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, mostForm)
		if err := r.ParseForm(); err != nil || subtle.ConstantTimeCompare([]byte(r.PostForm.Get("token")), []byte(p.form)) != 1 {
			p.write(w, http.StatusForbidden, said{"Nothing was done: this page was older than the watch. It is a new one now; please press again.", true})
			return
		}
		did, err := do(r)
		if err != nil {
			p.write(w, http.StatusInternalServerError, said{"That could not be done: " + plain(err.Error()), true})
			return
		}
		w.Header().Set("Location", "./?"+did.Encode()) // below the secret, which is not in the request's path any more
		w.WriteHeader(http.StatusSeeOther)
	})
}

// sayings puts into words what an address says was done.
func sayings(q url.Values) said {
	n, _ := strconv.Atoi(q.Get("n"))
	switch q.Get("did") {
	case "pause":
		return said{Text: "Paused. What is being sent ends; nothing more begins until you resume."}
	case "resume":
		return said{Text: "Resumed."}
	case "rescan":
		return said{Text: "All folders are looked at now."}
	case "gone":
		return said{Text: "That file is not among the failures any more."}
	case "retry":
		return said{Text: fmt.Sprintf("%s tried again now.", are(max(n, 0), "file"))}
	}
	return said{}
}

// failed is the path of a failure by its name on the page.
func (p *Page) failed(id string) (path string, ok bool) {
	for _, f := range p.cfg.Control.Snapshot().Failures {
		if p.id(f.Path) == id {
			return f.Path, true
		}
	}
	return "", false
}
