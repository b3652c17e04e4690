package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"
)

// mostSkew is how far apart our clock and the service's may be. Within it sign-ins and tokens work; what a photo tells is not touched by it.
const mostSkew = 5 * time.Minute

// Reach asks a service for its front page, without a sign-in: that is no call of its API, and costs nothing of the day's requests. The findings are
// "network" and "clock"; ok is false if it cannot be reached. Proxy tells which proxy a request takes.
func Reach(ctx context.Context, endpoint string, transport http.RoundTripper, proxy func(*http.Request) (*url.URL, error), now func() time.Time) (found []Finding, ok bool) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(endpoint, "/")+"/", nil)
	if err != nil || req.URL.Host == "" {
		f := Finding{"network", Failed, Config, fmt.Sprintf("%q is no address of a service", endpoint), "--endpoint must be like https://photoslibrary.googleapis.com"}
		return append([]Finding{f}, Skip(Network, "the service cannot be asked", "clock")...), false
	}
	way := &journey{host: req.URL.Hostname()}
	if p, err := proxy(req); err == nil && p != nil {
		way.proxy = p.Host
	}
	began := time.Now()
	resp, err := transport.RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, way.trace())))
	if err != nil {
		return append([]Finding{way.broken(err)}, Skip(Network, "the service cannot be reached", "clock")...), false
	}
	_ = resp.Body.Close()
	if to, err := resp.Location(); err == nil && to.Hostname() != way.host {
		f := Finding{"network", Failed, Network, fmt.Sprintf("%s answers with a way to %s: that is not the service", way.host, to.Hostname()), portal}
		return append([]Finding{f}, Skip(Network, "another than the service answers", "clock")...), false
	}
	took := time.Since(began).Round(time.Millisecond)
	return []Finding{{Name: "network", State: OK, Kind: Network, Detail: way.arrived(resp, took)}, Clock(resp.Header.Get("Date"), now())}, true
}

// portal is what to do when somebody else answers in the service's place.
const portal = "open any page in a browser: the network may want a sign-in or a confirmation first; or a proxy answers in the service's place"

// journey is how far a request came.
type journey struct {
	host, proxy string
	address     string // of the connection
	tls         bool   // it was begun
}

func (j *journey) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GotConn:           func(c httptrace.GotConnInfo) { j.address = c.Conn.RemoteAddr().String() },
		TLSHandshakeStart: func() { j.tls = true },
	}
}

func (j *journey) arrived(resp *http.Response, took time.Duration) string {
	text := fmt.Sprintf("%s answers from %s in %s", j.host, j.address, took)
	if resp.TLS != nil {
		text += ", " + tls.VersionName(resp.TLS.Version)
	}
	if j.proxy != "" {
		text += ", through the proxy " + j.proxy
	}
	return text
}

// broken says where the journey ended, and what to do.
func (j *journey) broken(err error) Finding {
	f := Finding{Name: "network", State: Failed, Kind: Network}
	name, unknown, invalid, wrongHost := (*net.DNSError)(nil), x509.UnknownAuthorityError{}, x509.CertificateInvalidError{}, x509.HostnameError{}
	switch {
	case errors.As(err, &name):
		f.Detail = "DNS: the name " + name.Name + " has no address: " + name.Err
		f.Remedy = "check that this machine is online, and its name server; a proxy is named by HTTPS_PROXY"
	case errors.As(err, &unknown):
		f.Detail = "TLS: nobody whom this machine trusts vouches for " + j.host
		f.Remedy = "a proxy or a virus scanner opens the connection: set SSL_CERT_FILE to a file with its certificate; for the emulator that is what --ca-file wrote"
	case errors.As(err, &invalid):
		f.Detail = "TLS: the certificate of " + j.host + " is not valid: " + invalid.Error()
		f.Remedy = "check the date and time of this machine; else " + portal
	case errors.As(err, &wrongHost):
		f.Detail, f.Remedy = "TLS: "+wrongHost.Error(), portal
	case j.proxy != "" && j.address == "":
		f.Detail = "the proxy " + j.proxy + " does not lead there: " + cause(err)
		f.Remedy = "check HTTPS_PROXY and NO_PROXY"
	case errors.Is(err, context.DeadlineExceeded):
		f.Detail, f.Remedy = "no answer from "+j.host+" in time", "check that a firewall lets this machine out; a proxy is named by HTTPS_PROXY"
	case j.tls:
		f.Detail, f.Remedy = "TLS: "+j.host+" breaks the connection off: "+cause(err), "the port may not be that of HTTPS, or something between breaks it off: "+portal
	default:
		f.Detail, f.Remedy = "TCP: "+j.host+" takes no connection: "+cause(err), "check --endpoint, and that a firewall lets this machine out; an emulator must be running"
	}
	return f
}

// cause is the innermost reason that has words.
func cause(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

// Clock compares ours with the time in the head of an answer.
func Clock(date string, now time.Time) Finding {
	f := Finding{Name: "clock", State: OK, Kind: Machine}
	theirs, err := http.ParseTime(date)
	if err != nil {
		f.State, f.Detail = Skipped, "the service does not say what time it is"
		return f
	}
	off := now.Sub(theirs)
	if off.Abs() <= mostSkew {
		f.Detail = "right, to " + max(off.Abs(), time.Second).Round(time.Second).String()
		return f
	}
	f.State = Warning
	f.Detail = fmt.Sprintf("here it is %s, at the service %s", now.UTC().Format(time.DateTime), theirs.UTC().Format(time.DateTime+" MST"))
	f.Remedy = "set this machine's clock, best by the network (timedatectl set-ntp true): a wrong one breaks sign-ins, and the day's requests are counted for the wrong day"
	return f
}
