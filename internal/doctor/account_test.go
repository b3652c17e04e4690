package doctor_test

import (
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/auth"
	"github.com/albumwright/albumwright/internal/doctor"
)

func TestWhatASignInHasLeftTellsHowItStands(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	good := auth.Facts{Account: "family", ClientID: "client", Scopes: auth.Scopes(), Store: auth.StoreKeyring, SignedIn: now.AddDate(0, -1, 0)}
	with := func(change func(*auth.Facts)) auth.Facts {
		f := good
		change(&f)
		return f
	}
	for _, c := range []struct {
		name  string
		facts auth.Facts
		state doctor.State
		words []string
	}{
		{"good", good, doctor.OK, []string{"family, signed in since", "keyring"}},
		{"none", auth.Facts{}, doctor.Failed, []string{"not signed in as account family", "albumwright auth login --account family"}},
		{"ended", with(func(f *auth.Facts) { f.Ended = now.Add(-time.Hour) }), doctor.Failed, []string{"has ended", "albumwright auth login --account family"}},
		{"died", with(func(f *auth.Facts) { f.Dies = now.Add(-time.Hour) }), doctor.Failed, []string{"has ended"}},
		{"dies soon", with(func(f *auth.Facts) { f.Dies = now.Add(time.Hour) }), doctor.Warning, []string{"ends on", "Publish app"}},
		{"dies later", with(func(f *auth.Facts) { f.Dies = now.AddDate(0, 0, 6) }), doctor.OK, nil},
		{"a scope less", with(func(f *auth.Facts) { f.Scopes = []string{auth.ScopeAppendOnly, auth.ScopeRead} }), doctor.Warning,
			[]string{"photoslibrary.edit.appcreateddata was not granted", "leave all boxes ticked"}},
	} {
		t.Run(c.name, func(t *testing.T) { wants(t, doctor.Account("family", c.facts, now), c.state, c.words...) })
	}
}
