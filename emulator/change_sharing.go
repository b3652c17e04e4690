package emulator

import "fmt"

// albumShared: an album is shared so; without Sharing it is private.
type albumShared struct {
	ID      string   `json:"id"`
	Sharing *sharing `json:"sharing,omitempty"`
}

func (c *albumShared) apply(l *library) error {
	a := l.albumID[c.ID]
	if a == nil {
		return fmt.Errorf("unknown album %s is shared", c.ID)
	}
	a.shared = c.Sharing
	return nil
}

// albumJoined: the user has joined an album of somebody else's, or has left it.
type albumJoined struct {
	ID     string `json:"id"`
	Joined bool   `json:"joined,omitempty"`
}

func (c *albumJoined) apply(l *library) error {
	a := l.albumID[c.ID]
	if a == nil {
		return fmt.Errorf("unknown album %s is joined", c.ID)
	}
	a.joined = c.Joined
	return nil
}

// sharedAs finds an album by its share token; nil: there is none.
func (l *library) sharedAs(token string) *album {
	for _, a := range l.albums {
		if a.shared != nil && a.shared.Token == token {
			return a
		}
	}
	return nil
}
