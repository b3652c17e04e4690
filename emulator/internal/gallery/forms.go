package gallery

import (
	"crypto/rand"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
)

// newFormToken is known to the pages of this server, and to whoever can read
// them: no page of another origin can.
func newFormToken() string { return rand.Text() }

// maxForm is in bytes; all boxes ticked are not 1 kB.
const maxForm = 16 << 10

// mayChange reports whether a request comes from this machine. Others may look,
// where the server is open to them; their forms would need a password.
func mayChange(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	from, err := netip.ParseAddr(host)
	return err == nil && from.Unmap().IsLoopback()
}

// tokenFor is what the forms of a page carry; "" = it has none.
func (g *Gallery) tokenFor(r *http.Request) string {
	if !mayChange(r) {
		return ""
	}
	return g.formToken
}

// form lets those forms through that a page of this server sent from this machine,
// as the request's PostForm.
func (g *Gallery) form(take func(http.ResponseWriter, *http.Request, visit)) func(http.ResponseWriter, *http.Request, visit) {
	return func(w http.ResponseWriter, r *http.Request, v visit) {
		if !mayChange(r) {
			g.refuse(w, r, http.StatusForbidden, "This can be changed on the machine that the emulator runs on. From here, use the control path.")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := r.ParseForm(); err != nil {
			g.refuse(w, r, http.StatusBadRequest, "The form could not be read: "+err.Error())
			return
		}
		sent := []byte(r.PostForm.Get("form"))
		if subtle.ConstantTimeCompare(sent, []byte(g.formToken)) != 1 {
			g.refuse(w, r, http.StatusForbidden, "The form is not of this server's making, or the server was started again since. Nothing was changed. Go back and load the page again.")
			return
		}
		take(w, r, v)
	}
}
