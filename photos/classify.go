package photos

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// Class says what can be done about an error. It is the only thing a caller's policy needs to look at.
type Class int

// The classes. "Final" means that the same call will fail in the same way.
const (
	// ClassUnknown is for errors that did not come from a call of this package.
	ClassUnknown Class = iota
	// ClassTransient passes by itself: a broken connection, 408, 409 ABORTED, 5xx, an answer that is not the service's or broke off, a sign-in
	// service out of reach, an upload session that is not where it was thought to be ([ErrSessionGone], [ErrWrongOffset]).
	ClassTransient
	// ClassRateLimited passes within a minute or so: per-minute and concurrent-write quotas, also where they come as 400.
	ClassRateLimited
	// ClassDailyQuota passes at midnight Pacific.
	ClassDailyQuota
	// ClassUnauthenticated needs a new access token, or a new sign-in. /v1/uploads answers like this also when a good token lacks the scope to
	// upload.
	ClassUnauthenticated
	// ClassForbidden needs the user: a scope that was not granted, Photos disabled, an API that is not enabled, what another app made. Nothing helps
	// where it answers a method of sharing.
	ClassForbidden
	// ClassStorageFull needs the user: the account has no room left.
	ClassStorageFull
	// ClassAlbumGone is an album that no longer exists, or an id that is none.
	ClassAlbumGone
	// ClassAlbumForeign is an album into which this app may not write.
	ClassAlbumForeign
	// ClassInvalidToken is a batchCreate sunk by an upload token that is empty or no longer valid.
	ClassInvalidToken
	// ClassNotFound is an id that does not exist.
	ClassNotFound
	// ClassInvalid is any other refusal of what was asked, by the service or by this package ([ErrNotSent]). Final.
	ClassInvalid
	// ClassCancelled is the caller's own context.
	ClassCancelled
)

// String is the class in a word or two.
func (c Class) String() string {
	names := [...]string{
		"unknown", "transient", "rate-limited", "daily quota", "unauthenticated", "forbidden", "storage full", "album gone", "album foreign",
		"invalid token", "not found", "invalid", "cancelled",
	}
	if c < 0 || int(c) >= len(names) {
		return "class " + strconv.Itoa(int(c))
	}
	return names[c]
}

// DailyQuota is an error by which a transport, or whoever counts requests, refuses one because the day's are used up: [ClassDailyQuota], although
// the service was not asked.
type DailyQuota interface {
	error
	// DailyQuota is when the day's requests come back.
	DailyQuota() (until time.Time)
}

// Classify sorts an error of this package, wrapped or not, and a [DailyQuota]. The texts it looks at are the service's observed ones; where the
// service gives a code or a reason, that decides.
func Classify(err error) Class {
	if err == nil {
		return ClassUnknown
	}
	if errors.Is(err, context.Canceled) {
		return ClassCancelled
	}
	if d := DailyQuota(nil); errors.As(err, &d) {
		return ClassDailyQuota
	}
	e := (*Error)(nil)
	if !errors.As(err, &e) {
		return ClassUnknown
	}
	switch {
	case errors.Is(e.Err, ErrNoToken):
		return noTokenClass(e.Err)
	case errors.Is(e.Err, ErrNotSent):
		return ClassInvalid
	case e.Op == opLoad && e.Status >= 400:
		return loadClass(e)
	case errors.Is(e.Err, ErrSessionGone), errors.Is(e.Err, ErrWrongOffset):
		return ClassTransient
	case e.Status == 0, e.Status == http.StatusRequestTimeout, e.Status >= 500, errors.Is(e.Err, ErrNotJSON), errors.Is(e.Err, errCutShort):
		return ClassTransient
	case e.Status == http.StatusTooManyRequests:
		return quotaClass(e)
	case e.Status == http.StatusUnauthorized:
		return ClassUnauthenticated
	case e.Status == http.StatusForbidden:
		return ClassForbidden
	case e.Status == http.StatusNotFound:
		return notFoundClass(e)
	case e.Code == CodeAborted, e.Status == http.StatusConflict && e.Code == CodeOK:
		return ClassTransient
	case e.Status/100 == 2, e.Status/100 == 3:
		return ClassTransient // not the service's own answer: a captive portal in between
	}
	return invalidClass(e)
}

// loadClass goes by the status alone: all refusals of loads are pages.
func loadClass(e *Error) Class {
	switch {
	case e.Status == http.StatusTooManyRequests:
		return quotaClass(e)
	case e.Status == http.StatusForbidden:
		return ClassForbidden
	case e.Status == http.StatusNotFound:
		return ClassNotFound
	case e.Status >= 500, e.Status == http.StatusRequestTimeout:
		return ClassTransient
	}
	return ClassInvalid
}

// noTokenClass tells a sign-in service that refuses from one that is out of reach or out of order.
func noTokenClass(err error) Class {
	refusal := (*oauth2.RetrieveError)(nil)
	answered := errors.As(err, &refusal) && refusal.Response != nil
	if errors.Is(err, errNoAnswer) || answered && (refusal.Response.StatusCode >= 500 || refusal.Response.StatusCode == http.StatusTooManyRequests) {
		return ClassTransient
	}
	return ClassUnauthenticated
}

// quotaClass tells the daily 429 from the others by the quota's name or, in the older wording, by the text.
func quotaClass(e *Error) Class {
	if strings.Contains(e.Quota, "PerDay") || strings.Contains(e.Message, "per day") || strings.Contains(e.Message, "PerDay") {
		return ClassDailyQuota
	}
	return ClassRateLimited
}

func notFoundClass(e *Error) Class {
	if strings.Contains(e.Message, "does not match any albums") {
		return ClassAlbumGone
	}
	return ClassNotFound
}

// invalidClass sorts the 400s: half a dozen quite different things arrive as INVALID_ARGUMENT.
func invalidClass(e *Error) Class {
	if strings.Contains(e.Message, "Insufficient tokens for quota") {
		return quotaClass(e)
	}
	for _, t := range []struct {
		text  string
		class Class
	}{
		{"remaining storage", ClassStorageFull},
		{"No permission to add media items to this album", ClassAlbumForeign},
		{"Invalid album ID", ClassAlbumGone},
		{"does not match any albums", ClassAlbumGone},
		{"valid upload token", ClassInvalidToken},
	} {
		if strings.Contains(e.Message, t.text) {
			return t.class
		}
	}
	return ClassInvalid
}
