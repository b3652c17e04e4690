package emulator

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is how long a name, an address or a secret of an account can be, in
// bytes.
const maxName = 254

// withDefaults makes the name of the address, or the address of the name.
func (u User) withDefaults() User {
	if u.Name == "" && u.Email == "" {
		u.Name, u.Email = userName, "user@example.com"
	}
	if u.Email == "" {
		u.Email = strings.Join(strings.Fields(u.Name), ".") + "@example.com"
	}
	if u.Name == "" {
		u.Name, _, _ = strings.Cut(u.Email, "@")
	}
	u.Email = strings.ToLower(u.Email)
	return u
}

func (u User) valid() error {
	local, domain, found := strings.Cut(u.Email, "@")
	if !found || local == "" || domain == "" || strings.ContainsFunc(u.Email, unicode.IsSpace) || !printable(u.Email) {
		return fmt.Errorf("User.Email is %q, want an address such as anna@example.com", u.Email)
	}
	if !printable(u.Name) {
		return fmt.Errorf("User.Name is %q, want 1 to %d printable characters", u.Name, maxName)
	}
	return nil
}

// withDefaults makes up what was left out.
func (c Client) withDefaults() Client {
	if c.ID == "" {
		c.ID = consumer + "-" + strings.ToLower(strings.NewReplacer("-", "a", "_", "b").Replace(randomText(32))) + ".apps.googleusercontent.com"
	}
	if c.Secret == "" {
		c.Secret = "GOCSPX-" + randomText(28)
	}
	c.Name = cmp.Or(c.Name, "Desktop app")
	return c
}

func (c Client) valid() error {
	switch {
	case !printable(c.ID) || strings.ContainsFunc(c.ID, unicode.IsSpace):
		return fmt.Errorf("Client.ID is %q, want 1 to %d printable characters without blanks", c.ID, maxName)
	case !printable(c.Secret):
		return fmt.Errorf("Client.Secret of %q: want 1 to %d printable characters", c.ID, maxName)
	case !printable(c.Name):
		return fmt.Errorf("Client.Name is %q, want 1 to %d printable characters", c.Name, maxName)
	}
	return nil
}

// printable is a text that is there, and that a page or a line can show.
func printable(text string) bool {
	return text != "" && len(text) <= maxName && utf8.ValidString(text) &&
		!strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// validAccounts names the first of Config.Users and Config.Clients that makes no
// sense.
func (c Config) validAccounts() error {
	seen := map[string]bool{}
	for i, u := range c.Users {
		u = u.withDefaults()
		err := u.valid()
		if err == nil && seen[u.Email] {
			err = fmt.Errorf("User.Email %q is there twice", u.Email)
		}
		if err != nil {
			return fmt.Errorf("emulator: Config.Users[%d]: %w", i, err)
		}
		seen[u.Email] = true
	}
	for i, app := range c.Clients {
		err := app.withDefaults().valid()
		switch {
		case err == nil && app.ID == "" && i > 0:
			err = errors.New("Client.ID is empty: only the first one can be made up")
		case err == nil && seen[app.ID]:
			err = fmt.Errorf("Client.ID %q is there twice", app.ID)
		}
		if err != nil {
			return fmt.Errorf("emulator: Config.Clients[%d]: %w", i, err)
		}
		seen[app.ID] = true
	}
	return nil
}
