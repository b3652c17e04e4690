package gallery

import (
	"net/http"
	"net/url"
	"slices"
)

// Host is what a gallery is of: one service, and the library of each of its users.
type Host interface {
	// Users are all users; the first one's library is shown first.
	Users() []User
	// As is the library and the service as the user with this e-mail address has
	// them; of an unknown one, as the first user has them.
	As(email string) (Library, Service)
}

// User is somebody who has a library.
type User struct {
	Email, Name string
}

// visit is a request, with whose library it looks at.
type visit struct {
	lib     Library
	service Service
	user    string // e-mail address; "" = the first one
}

// userCookie says whose library a browser looks at. It opens nothing: who reaches
// the gallery sees them all.
const userCookie = "albumwright-user"

func (g *Gallery) visit(r *http.Request) visit {
	v := visit{}
	if c, err := r.Cookie(userCookie); err == nil {
		email, _ := url.QueryUnescape(c.Value)
		if slices.ContainsFunc(g.host.Users(), func(u User) bool { return u.Email == email }) {
			v.user = email
		}
	}
	v.lib, v.service = g.host.As(v.user)
	return v
}

// switchUser shows another user's library from now on.
func (g *Gallery) switchUser(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{
		Name: userCookie, Value: url.QueryEscape(r.URL.Query().Get("email")), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
