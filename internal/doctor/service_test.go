package doctor_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/doctor"
	"github.com/albumwright/albumwright/photos"
)

const again doctor.Again = "sign in again"

// noProxy leads every request straight there.
func noProxy(*http.Request) (*url.URL, error) { return nil, nil }

// service is an emulator and a client of it.
func service(t *testing.T, plan ...emulator.Fault) *emulator.Server {
	t.Helper()
	s, err := emulator.New(emulator.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Plan(plan...); err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(t *testing.T, transport http.RoundTripper, token string) ([]doctor.Finding, int) {
	t.Helper()
	c, err := photos.New(photos.Config{Endpoint: "http://127.0.0.1", TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}), Transport: transport, UploadTransport: transport})
	if err != nil {
		t.Fatal(err)
	}
	return doctor.Service(t.Context(), c.Albums, c.Uploads, again)
}

func TestTwoRequestsTellThatAllIsWell(t *testing.T) {
	s := service(t)
	found, requests := ask(t, s.Transport(), s.AccessToken())
	for _, f := range found {
		wants(t, f, doctor.OK)
	}
	if requests != 2 || len(found) != 4 {
		t.Errorf("%d requests and %+v, want 2 and 4 findings", requests, found)
	}
	if broken := s.Violations(); len(broken) > 0 {
		t.Errorf("the service complains of %v", broken)
	}
}

func TestWhatASignInAllows(t *testing.T) {
	s := service(t)
	for _, c := range []struct {
		scopes []emulator.Scope
		words  []string
	}{
		{[]emulator.Scope{emulator.ScopeAppendOnly}, []string{"photoslibrary.readonly.appcreateddata was not granted", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "leave all boxes ticked", string(again)}},
		{[]emulator.Scope{emulator.ScopeReadAppCreated}, []string{"photoslibrary.appendonly was not granted", "leave all boxes ticked"}},
		{[]emulator.Scope{emulator.ScopeEditAppCreated}, []string{"neither", "leave all boxes ticked"}},
	} {
		found, requests := ask(t, s.Transport(), s.NewAccessToken(c.scopes...))
		wants(t, named(t, found, "sign-in"), doctor.OK, "accepted")
		wants(t, named(t, found, "scopes"), doctor.Failed, c.words...)
		if requests != 2 {
			t.Errorf("%v: %d requests, want 2", c.scopes, requests)
		}
	}
}

func TestEachRefusalIsToldApart(t *testing.T) {
	refuse := func(effect emulator.Effect) []emulator.Fault {
		return []emulator.Fault{{Operation: "albums.list", Times: -1, Effect: effect}}
	}
	for _, c := range []struct {
		name, token, finding string
		plan                 []emulator.Fault
		kind                 doctor.Kind
		state                doctor.State
		words                []string
		requests             int
	}{
		{"a wrong token", "ya29.wrong", "sign-in", nil, doctor.SignIn, doctor.Failed, []string{"wrong or has expired", string(again)}, 1},
		{"no token", "", "sign-in", nil, doctor.SignIn, doctor.Failed, []string{"there is none", string(again)}, 0},
		{"an account without photos", "good", "Google Photos", refuse(emulator.Refuse("403-disabled")), doctor.SignIn, doctor.Failed, []string{"disabled for this account", "photos.google.com", "administrator"}, 1},
		{"a page in place of the service", "good", "answer", refuse(emulator.HTML()), doctor.Network, doctor.Failed, []string{"a page or nothing", "open any page in a browser"}, 1},
		{"a busy service", "good", "sign-in", refuse(emulator.Refuse("503")), doctor.Network, doctor.Failed, []string{"try again in a few minutes"}, 1},
		{"a day that is spent", "good", "sign-in", refuse(emulator.Refuse("429-day")), doctor.Network, doctor.Warning, []string{"used up", "midnight Pacific"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := service(t, c.plan...)
			if c.token == "good" {
				c.token = s.AccessToken()
			}
			found, requests := ask(t, s.Transport(), c.token)
			f := named(t, found, c.finding)
			wants(t, f, c.state, c.words...)
			if f.Kind != c.kind || requests != c.requests {
				t.Errorf("a finding about %s after %d requests, want %s after %d", f.Kind, requests, c.kind, c.requests)
			}
			for _, f := range found {
				if f.Name != c.finding {
					wants(t, f, doctor.Skipped)
				}
			}
		})
	}
}

func TestAnAPIThatIsNotEnabledNamesThePage(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"error":{"code":403,"message":"Photos Library API has not been used in project 1 before or it is disabled.","status":"PERMISSION_DENIED",
			"details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com"}]}}`))
	}))
	defer srv.Close()
	found, requests := ask(t, leadTo(srv.URL), "ya29.good")
	wants(t, named(t, found, "Photos Library API"), doctor.Failed, "SERVICE_DISABLED", "\"APIs & Services\", \"Library\", \"Photos Library API\", \"Enable\"")
	if requests != 1 {
		t.Errorf("%d requests, want 1", requests)
	}
}

// leadTo sends every request to another server.
func leadTo(address string) http.RoundTripper {
	to, _ := url.Parse(address)
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.URL.Scheme, r.URL.Host = to.Scheme, to.Host
		return http.DefaultTransport.RoundTrip(r)
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// reach goes to an address with a transport of its own.
func reach(t *testing.T, endpoint string, proxy func(*http.Request) (*url.URL, error), now func() time.Time) ([]doctor.Finding, bool) {
	t.Helper()
	transport := &http.Transport{Proxy: proxy}
	t.Cleanup(transport.CloseIdleConnections)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	return doctor.Reach(ctx, endpoint, transport, proxy, now)
}

func TestAServiceThatAnswersIsReached(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	defer srv.Close()
	found, ok := reach(t, srv.URL, noProxy, time.Now)
	wants(t, named(t, found, "network"), doctor.OK, "127.0.0.1 answers from 127.0.0.1:")
	wants(t, named(t, found, "clock"), doctor.OK, "right, to")
	if !ok {
		t.Error("not reached")
	}
	through, _ := url.Parse(srv.URL)
	found, _ = reach(t, "http://photos.invalid", http.ProxyURL(through), time.Now)
	wants(t, named(t, found, "network"), doctor.OK, "through the proxy "+through.Host)
}

func TestAClockThatIsWrongIsShownBesideTheOther(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	defer srv.Close()
	for _, off := range []time.Duration{-time.Hour, time.Hour} {
		wrong := time.Now().Add(off)
		found, _ := reach(t, srv.URL, noProxy, func() time.Time { return wrong })
		wants(t, named(t, found, "clock"), doctor.Warning, wrong.UTC().Format("2006-01-02 15:"), "at the service", "timedatectl set-ntp true")
	}
	wants(t, doctor.Clock("yesterday", time.Now()), doctor.Skipped, "does not say")
}

func TestAServiceThatIsOutOfReachSaysWhere(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	unknown := httptest.NewTLSServer(http.NotFoundHandler())
	defer unknown.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	portal := httptest.NewServer(http.RedirectHandler("http://login.portal.invalid/", http.StatusFound))
	defer portal.Close()
	goneURL, _ := url.Parse(gone.URL)
	for _, c := range []struct {
		name, endpoint string
		proxy          func(*http.Request) (*url.URL, error)
		kind           doctor.Kind
		words          []string
	}{
		{"nobody listens", gone.URL, noProxy, doctor.Network, []string{"TCP: 127.0.0.1 takes no connection", "an emulator must be running"}},
		{"no such name", "http://photos.invalid", noProxy, doctor.Network, []string{"DNS: the name photos.invalid has no address", "is online"}},
		{"an unknown authority", unknown.URL, noProxy, doctor.Network, []string{"TLS: nobody whom this machine trusts", "SSL_CERT_FILE", "--ca-file"}},
		{"no TLS there", strings.Replace(plain.URL, "http:", "https:", 1), noProxy, doctor.Network, []string{"TLS", "HTTPS"}},
		{"a proxy that is gone", "https://photos.invalid", http.ProxyURL(goneURL), doctor.Network, []string{"the proxy " + goneURL.Host + " does not lead there", "HTTPS_PROXY"}},
		{"a captive portal", portal.URL, noProxy, doctor.Network, []string{"a way to login.portal.invalid", "open any page in a browser"}},
		{"no address at all", "photos", noProxy, doctor.Config, []string{"no address of a service", "--endpoint"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, ok := reach(t, c.endpoint, c.proxy, time.Now)
			f := named(t, found, "network")
			wants(t, f, doctor.Failed, c.words...)
			wants(t, named(t, found, "clock"), doctor.Skipped)
			if ok || f.Kind != c.kind {
				t.Errorf("reached %v, about %s; want not, about %s", ok, f.Kind, c.kind)
			}
		})
	}
}

func TestAServiceThatNeverAnswersIsGivenUp(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0") // takes connections, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	found, _ := doctor.Reach(ctx, "http://"+ln.Addr().String(), transport, noProxy, time.Now)
	wants(t, named(t, found, "network"), doctor.Failed, "no answer from 127.0.0.1 in time", "firewall")
}

func TestSpeedSendsEachByteOnceAndMakesNothing(t *testing.T) {
	s := service(t)
	c, err := photos.New(photos.Config{Endpoint: "http://127.0.0.1", TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.AccessToken()}), Transport: s.Transport(), UploadTransport: s.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	var told []doctor.Rate
	rates, err := doctor.Speed(t.Context(), c.Uploads, 1<<20, []int{1, 4}, func(r doctor.Rate) { told = append(told, r) })
	if err != nil || len(rates) != 2 || len(told) != 2 {
		t.Fatalf("%v, told %v, error %v", rates, told, err)
	}
	for _, r := range rates {
		if r.Bytes != 1<<20 || r.BytesPerSecond <= 0 || r.Took <= 0 {
			t.Errorf("%+v, want all bytes at some rate", r)
		}
	}
	if calls := s.Calls(); calls["uploads"] != 5 || len(calls) != 1 {
		t.Errorf("calls %v, want 5 uploads and nothing else", calls)
	}
}
