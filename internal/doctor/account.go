package doctor

import (
	"fmt"
	"strings"
	"time"

	"github.com/albumwright/albumwright/internal/auth"
)

// soon is how long before its end a sign-in is warned of: a weekend.
const soon = 48 * time.Hour

// Account tells what is known of a sign-in, by the facts that it left; zero facts are those of none.
func Account(name string, facts auth.Facts, now time.Time) Finding {
	login := "albumwright auth login --account " + name
	switch {
	case facts.ClientID == "":
		return Finding{State: Failed, Detail: "not signed in as account " + name, Remedy: login}
	case facts.State(now) != auth.Alive:
		return Finding{State: Failed, Detail: "the sign-in of account " + name + " has ended", Remedy: login}
	}
	if lacks := auth.Lacks(facts.Scopes); len(lacks) > 0 {
		words := make([]string, len(lacks))
		for i, l := range lacks {
			words[i] = strings.TrimPrefix(l.Scope, "https://www.googleapis.com/auth/") + " was not granted: " + l.Fails
		}
		return Finding{State: Warning, Detail: strings.Join(words, "; "), Remedy: "if you need it, leave all boxes ticked on Google's page: " + login}
	}
	if left := facts.Dies.Sub(now); !facts.Dies.IsZero() && left < soon {
		return Finding{State: Warning, Detail: "the sign-in ends on " + facts.Dies.Local().Format("Mon 2006-01-02 15:04") + ", as that of an app in testing does",
			Remedy: login + "; publish the app in the Google Cloud console (\"Audience\", \"Publish app\") to keep sign-ins for longer"}
	}
	return Finding{State: OK, Detail: fmt.Sprintf("%s, signed in since %s, tokens in store %s", name, facts.SignedIn.Local().Format(time.DateOnly), facts.Store)}
}
