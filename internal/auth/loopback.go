package auth

import (
	"bytes"
	"context"
	"crypto/subtle"
	"embed"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/albumwright/albumwright/internal/look"
)

const (
	backPath    = "/back"    // where the sign-in service leads the browser, with the code
	outcomePath = "/outcome" // where the browser ends, with nothing in the address
)

// answer is what came back: a code, or the reason why there is none.
type answer struct {
	code, refused string
	browser       bool // it came by the browser, which waits for a page
}

// loopback waits at a port of this machine for the person's browser.
type loopback struct {
	account string
	host    string // "127.0.0.1:PORT"
	state   string
	tell    func(string)
	answers chan answer // the first one; the others are not heard
	outcome chan struct{}
	shown   chan struct{}
	once    sync.Once

	// What came of it; to be read when outcome is closed.
	login Login
	err   error
}

func (l *loopback) serve(ln net.Listener) (stop func()) {
	srv := &http.Server{Handler: l, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = srv.Serve(ln)
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), farewell)
		defer cancel()
		_ = srv.Shutdown(ctx) // the page that is being sent is sent
		_ = srv.Close()
		<-ended
	}
}

// ServeHTTP answers the person's browser. Under another name nobody is answered: a page from elsewhere could point one at this port.
func (l *loopback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	look.Guard(w.Header())
	switch {
	case r.Host != l.host:
		http.Error(w, "this is not the address that the sign-in comes back to", http.StatusMisdirectedRequest)
	case r.Method != http.MethodGet:
		http.Error(w, "only GET", http.StatusMethodNotAllowed)
	case strings.HasPrefix(r.URL.Path, "/static/"):
		look.Handler().ServeHTTP(w, r)
		if r.URL.Path == look.StyleSheet { // of the last page, unless a refusal was shown before
			l.sawStyle()
		}
	case r.URL.Path == backPath:
		l.back(w, r)
	case r.URL.Path == outcomePath:
		l.showOutcome(w, r)
	default:
		http.NotFound(w, r)
	}
}

// back takes the answer, and leads the browser on to a page whose address says nothing, when it is known what came of it.
func (l *loopback) back(w http.ResponseWriter, r *http.Request) {
	got, ok := l.read(r.URL.Query())
	if !ok {
		l.tell("an answer with a wrong state came and was refused: it is not of this sign-in, or of another window; still waiting")
		render(w, http.StatusBadRequest, page{Title: "This answer was refused", Text: []string{
			"It does not belong to the sign-in that is waiting now. Perhaps it came from an older window.",
			"Go back to the window that was opened last, or to the terminal, and use the address that is shown there.",
		}})
		return
	}
	got.browser = true
	select {
	case l.answers <- got:
	default:
	}
	select {
	case <-l.outcome:
		http.Redirect(w, r, outcomePath, http.StatusSeeOther)
	case <-r.Context().Done():
	}
}

// read takes an answer whose state is ours.
func (l *loopback) read(query url.Values) (answer, bool) {
	if subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(l.state)) != 1 {
		return answer{}, false
	}
	got := answer{code: query.Get("code"), refused: query.Get("error")}
	return got, (got.code == "") != (got.refused == "")
}

// readPasted takes an address that a person copied from where the browser could not go on.
func (l *loopback) readPasted(line string) (answer, bool) {
	line = strings.TrimSpace(line)
	if line == "" {
		return answer{}, false
	}
	u, err := url.Parse(line)
	if err != nil || !u.Query().Has("state") {
		l.tell("that is not the address: it begins with http://" + l.host + backPath + "?, and has state= and code= in it; still waiting")
		return answer{}, false
	}
	got, ok := l.read(u.Query())
	if !ok {
		l.tell("that address has a wrong state: it is of another sign-in; still waiting")
	}
	return got, ok
}

// end says what came of it, and leaves the browser time to show it.
func (l *loopback) end(ctx context.Context, got answer, login Login, err error) {
	l.login, l.err = login, err
	close(l.outcome)
	if !got.browser {
		return
	}
	late := time.NewTimer(farewell)
	defer late.Stop()
	select {
	case <-l.shown:
	case <-late.C:
	case <-ctx.Done():
	}
}

// showOutcome is the last page.
func (l *loopback) showOutcome(w http.ResponseWriter, r *http.Request) {
	select {
	case <-l.outcome:
	default:
		http.NotFound(w, r)
		return
	}
	render(w, http.StatusOK, outcomePage(l.account, l.login, l.err))
}

// sawStyle notes that the browser has all of the last page.
func (l *loopback) sawStyle() {
	select {
	case <-l.outcome:
		l.once.Do(func() { close(l.shown) })
	default:
	}
}

// page is what is shown in the browser.
type page struct {
	Title string
	Good  bool
	Text  []string
	Lacks []Lack
}

func outcomePage(account string, login Login, err error) page {
	if err != nil {
		p := page{Title: "You are not signed in", Text: []string{err.Error() + "."}}
		if e, ok := err.(*Error); ok {
			p.Text = []string{e.What + ".", "What to do is in the terminal."}
		}
		return p
	}
	p := page{Title: "You are signed in", Good: true, Lacks: login.Lacks, Text: []string{"albumwright can now upload to Google Photos as account " + account + ".", "You can close this window and go back to the terminal."}}
	if len(login.Lacks) > 0 {
		p.Title = "You are signed in, but not for everything"
	}
	return p
}

//go:embed page.html
var files embed.FS

// pages is read only.
var pages = template.Must(template.ParseFS(files, "page.html"))

func render(w http.ResponseWriter, status int, p page) {
	var b bytes.Buffer
	if err := pages.Execute(&b, p); err != nil {
		http.Error(w, "the page could not be rendered: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // a browser that left sees nothing
}
