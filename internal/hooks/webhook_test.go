package hooks_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/hooks"
	"github.com/albumwright/albumwright/internal/watch"
)

func TestAWebAddressIsToldTheNews(t *testing.T) {
	var got []string
	answer := http.StatusOK
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		user, password, _ := r.BasicAuth()
		got = append(got, strings.Join([]string{r.Method, r.URL.RequestURI(), r.Header.Get("Content-Type"), user, password, string(body)}, " "))
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(answer)
	}))
	defer srv.Close()
	address := strings.Replace(srv.URL, "http://", "http://user:hush@", 1) + "/hush?token=hush"
	h, err := hooks.Webhook(address, false, srv.Client().Transport)
	if err != nil {
		t.Fatal(err)
	}
	n := hooks.News{Kind: hooks.Trouble, Text: "the sign-in has ended", Trouble: []watch.Trouble{{Kind: "sign-in"}}}
	if err := h.Send(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"POST /hush?token=hush application/json user hush " + string(body)}, got); diff != "" {
		t.Errorf("it was told otherwise:\n%s", diff)
	}
	var errs []error
	for _, answer = range []int{http.StatusInternalServerError, http.StatusForbidden, http.StatusTemporaryRedirect} {
		errs = append(errs, h.Send(t.Context(), n))
	}
	srv.Close()
	errs = append(errs, h.Send(t.Context(), n))
	wants := []string{"the answer was 500 Internal Server Error", "the answer was 403 Forbidden", "the answer was 307 Temporary Redirect", "refused"}
	for i, want := range wants {
		if errs[i] == nil || !strings.Contains(errs[i].Error(), want) || strings.Contains(errs[i].Error(), "hush") {
			t.Errorf("error %v, want %q", errs[i], want)
		}
	}
	if len(got) != 4 {
		t.Errorf("%d calls, want no redirect followed", len(got))
	}
	if want := "webhook to http://" + srv.Listener.Addr().String(); h.Name != want {
		t.Errorf("name %q, want %q", h.Name, want)
	}
}

func TestAnAddressThatCannotBeCalledIsAnErrorWithoutItsSecrets(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			_, _ = bufio.NewReader(conn).ReadString('\n')
			_, _ = io.WriteString(conn, "hello\r\n\r\n")
			_ = conn.Close()
		}
	}()
	defer func() { _ = ln.Close() }()
	h, err := hooks.Webhook("http://"+ln.Addr().String()+"/hush", false, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Send(t.Context(), hooks.News{}); err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("error %v", err)
	}
}

func TestAnAddressThatWouldShowTheNewsIsRefused(t *testing.T) {
	for _, c := range []struct {
		address string
		plain   bool
		want    string
	}{
		{"https://example.com/hush", false, ""},
		{"http://127.0.0.1:8080/hush", false, ""},
		{"http://[::1]/hush", false, ""},
		{"http://localhost/hush", false, ""},
		{"http://nas.lan/hush", false, "http to nas.lan would show the news"},
		{"http://nas.lan/hush", true, ""},
		{"http://localhost.example.com/hush", false, "would show"},
		{"example.com/hush", true, "must be an address"},
		{"ftp://example.com/hush", true, "must be an address"},
		{"https:///hush", true, "must be an address"},
		{"https://exa mple/hush\x7f", true, "must be an address"},
	} {
		_, err := hooks.Webhook(c.address, c.plain, nil)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.address, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hush")):
			t.Errorf("%s: error %v, want %q", c.address, err, c.want)
		}
	}
}
