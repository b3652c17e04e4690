package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/albumwright/albumwright/internal/auth"
	"github.com/albumwright/albumwright/photos"
)

// AlbumLister lists albums, as [photos.AlbumsService] does. It takes the scope photoslibrary.readonly.appcreateddata.
type AlbumLister interface {
	ListPage(ctx context.Context, token string) ([]photos.Album, string, error)
}

// UploadStarter begins an upload, as [photos.UploadsService] does. It takes the scope photoslibrary.appendonly.
type UploadStarter interface {
	Start(ctx context.Context, up photos.StartUpload) (photos.UploadSession, error)
}

// The checks of [Service].
const (
	signIn  = "sign-in"
	api     = "Photos Library API"
	scopes  = "scopes"
	account = "Google Photos"
)

// Again is how to sign in once more, as it stands in remedies.
type Again string

// NoService is what the checks of [Service] find if there is nothing to ask with: the error says why. Nil is that the service cannot be reached.
func NoService(err error, again Again) []Finding {
	if found, other := refusal(err, again); other {
		return found
	}
	return Skip(SignIn, "the service cannot be asked", signIn, api, scopes, account)
}

// Service asks for a page of albums and begins an upload that never gets a byte: two requests, and nothing in the library changes. The findings are
// about the sign-in, the API, what the sign-in allows, and the account. Requests is how many were made.
func Service(ctx context.Context, albums AlbumLister, uploads UploadStarter, again Again) (found []Finding, requests int) {
	_, _, err := albums.ListPage(ctx, "")
	if f, other := refusal(err, again); other {
		return f, sent(err)
	}
	requests = 1
	mayList := err == nil
	_, err = uploads.Start(ctx, photos.StartUpload{Size: 1, ContentType: "image/jpeg"})
	requests += sent(err)
	mayAdd := err == nil
	if err != nil && !lacksScope(err) && photos.Classify(err) != photos.ClassUnauthenticated { // on uploads 401 is a missing scope, too (contract 2.2)
		f, _ := refusal(err, again)
		return f, requests
	}
	good := []Finding{{Name: signIn, State: OK, Kind: SignIn, Detail: "accepted"}, {Name: api, State: OK, Kind: SignIn, Detail: "enabled"}}
	return append(good, allowed(mayList, mayAdd, again), Finding{Name: account, State: OK, Kind: SignIn, Detail: "enabled for the account"}), requests
}

// sent is how many requests a call made: one that lacks a token, or a day with room for it, goes nowhere.
func sent(err error) int {
	spent := photos.DailyQuota(nil)
	if errors.Is(err, photos.ErrNoToken) || errors.As(err, &spent) {
		return 0
	}
	return 1
}

// allowed says what the sign-in covers.
func allowed(mayList, mayAdd bool, again Again) Finding {
	f := Finding{Name: scopes, State: Failed, Kind: SignIn, Remedy: "leave all boxes ticked on Google's page: " + string(again)}
	switch {
	case mayList && mayAdd:
		return Finding{Name: scopes, State: OK, Kind: SignIn, Detail: "it may add photos and albums, and read what this app has added"}
	case mayAdd:
		f.Detail = "it may add photos, but not read what this app has added: photoslibrary.readonly.appcreateddata was not granted (ACCESS_TOKEN_SCOPE_INSUFFICIENT)"
	case mayList:
		f.Detail = "it may read what this app has added, but not add photos: photoslibrary.appendonly was not granted"
	default:
		f.Detail = "neither photoslibrary.appendonly nor photoslibrary.readonly.appcreateddata was granted: it may do nothing"
	}
	return f
}

// refusal says what is wrong with everything; other is false if nothing is but a scope, or nothing at all.
func refusal(err error, again Again) (found []Finding, other bool) {
	if err == nil || lacksScope(err) {
		return nil, false
	}
	e := (*photos.Error)(nil)
	errors.As(err, &e)
	rest := func(f Finding, why string, names ...string) ([]Finding, bool) {
		return append([]Finding{f}, Skip(SignIn, why, names...)...), true
	}
	wrong := (*auth.Error)(nil)
	switch class := photos.Classify(err); {
	case errors.As(err, &wrong):
		return rest(Finding{signIn, Failed, SignIn, wrong.Error(), cmp.Or(wrong.Do, string(again))}, "there is no sign-in", api, scopes, account)
	case errors.Is(err, photos.ErrNoToken) && class != photos.ClassTransient:
		return rest(Finding{signIn, Failed, SignIn, "there is none", string(again)}, "there is no sign-in", api, scopes, account)
	case class == photos.ClassUnauthenticated:
		return rest(Finding{signIn, Failed, SignIn, "the service refuses it: the access token is wrong or has expired", string(again)}, "there is no sign-in", api, scopes, account)
	case e != nil && (e.Reason == "SERVICE_DISABLED" || strings.Contains(e.Message, "has not been used in project") || e.Reason == "accessNotConfigured"):
		return rest(Finding{api, Failed, SignIn, "it is not enabled for the project of this client (SERVICE_DISABLED)",
			"in the Google Cloud console choose the project, then \"APIs & Services\", \"Library\", \"Photos Library API\", \"Enable\"; it takes a few minutes to work"}, "the API does not answer", scopes, account)
	case e != nil && strings.Contains(e.Message, "Google Photos is disabled"):
		return rest(Finding{account, Failed, SignIn, "it is disabled for this account",
			"sign in to photos.google.com once; an account of a school or company needs its administrator to allow Google Photos"}, "the account has no library", scopes)
	case class == photos.ClassDailyQuota:
		return rest(Finding{signIn, Warning, Network, "not asked: the day's requests are used up", "ask again when they come back, at midnight Pacific time"}, "not asked", api, scopes, account)
	case errors.Is(err, photos.ErrNotJSON) || e != nil && e.Status != 0 && e.Message == "" && e.Code == 0 && class == photos.ClassTransient:
		return rest(Finding{"answer", Failed, Network, "the answer is a page or nothing, not that of the service", portal}, "another than the service answers", signIn, api, scopes, account)
	case class == photos.ClassTransient || class == photos.ClassRateLimited || class == photos.ClassCancelled:
		return rest(Finding{signIn, Failed, Network, fmt.Sprintf("not known: %v", err), "the service is busy or cannot be reached: try again in a few minutes"}, "not known", api, scopes, account)
	}
	return rest(Finding{signIn, Failed, SignIn, err.Error(), string(again)}, "not known", api, scopes, account)
}

func lacksScope(err error) bool {
	e := (*photos.Error)(nil)
	return errors.As(err, &e) && e.Reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
}
