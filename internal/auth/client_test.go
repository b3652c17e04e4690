package auth_test

import (
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/auth"
)

func TestAClientFileIsTakenOnlyIfTheSignInStaysWithGoogleOrThisMachine(t *testing.T) {
	const google, token = "https://accounts.google.com/o/oauth2/auth", "https://oauth2.googleapis.com/token"
	for name, test := range map[string]struct {
		text, wrong string
	}{
		"Google's":             {clientFile("id", "secret", google, token), ""},
		"an emulator's":        {clientFile("id", "secret", "http://127.0.0.1:8085/o/oauth2/v2/auth", "http://127.0.0.1:8085/token"), ""},
		"by IPv6":              {clientFile("id", "secret", "http://[::1]:8085/a", "http://[::1]:8085/token"), ""},
		"tokens elsewhere":     {clientFile("id", "secret", google, "https://oauth2.googleapis.com.example.org/token"), "would be sent elsewhere"},
		"the page elsewhere":   {clientFile("id", "secret", "https://example.org/auth", token), "example.org"},
		"half on this machine": {clientFile("id", "secret", google, "http://127.0.0.1:1/token"), "would be sent elsewhere"},
		"Google, in the open":  {clientFile("id", "secret", google, "http://oauth2.googleapis.com/token"), "would be sent elsewhere"},
		"a user in it":         {clientFile("id", "secret", google, "https://oauth2.googleapis.com@example.org/token"), "would be sent elsewhere"},
		"no addresses":         {`{"installed": {"client_id": "id", "client_secret": "secret"}}`, "no address"},
		"web":                  {`{"web": {"client_id": "id", "client_secret": "secret"}}`, `make one of the type "Desktop app"`},
		"a service account":    {`{"type": "service_account", "client_id": "1"}`, `no "installed" part`},
		"no secret":            {clientFile("id", "", google, token), "client_secret is missing"},
		"a line end in it":     {clientFile("id\n", "secret", google, token), "a character that none has"},
		"not JSON":             {"<html>", "not the JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := auth.ParseClient([]byte(test.text))
			switch {
			case test.wrong == "" && err != nil:
				t.Error(err)
			case test.wrong == "" && !c.Local() && c.Token != token:
				t.Errorf("tokens come from %s", c.Token)
			case test.wrong != "" && (err == nil || !strings.Contains(err.Error(), test.wrong)):
				t.Errorf("got %v, want %q", err, test.wrong)
			case err != nil && strings.Contains(err.Error(), "secret\""):
				t.Errorf("the error shows the secret: %v", err)
			}
		})
	}
}

func TestAnAccountMayHaveAClientOfItsOwn(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	own := w.client
	own.ID = "own"
	if err := w.accounts().SaveClient("family", own); err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string]string{"family": "own", "default": w.client.ID, "Family": w.client.ID} {
		if c, err := w.accounts().Client(account); err != nil || c.ID != want {
			t.Errorf("%s signs in with %q, %v; want %q", account, c.ID, err, want)
		}
	}
	_, err := auth.New(auth.Config{Dir: t.TempDir()}).Client("default")
	wantError(t, err, "there is no OAuth client", "auth client import")
}
