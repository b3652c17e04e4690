package emulator

import (
	"fmt"
	"time"
)

// sessionStarted: a resumable upload has an address. How much of it has come is
// not a change: its bytes on disk tell.
type sessionStarted struct {
	ID          string    `json:"id"`
	Size        int64     `json:"size"`
	ContentType string    `json:"contentType"`
	FileName    string    `json:"fileName,omitempty"`
	Started     time.Time `json:"started"`
}

func (c *sessionStarted) apply(l *library) error {
	sess := &session{sessionStarted: *c, status: statusActive, turn: make(chan struct{}, 1)}
	l.sessions[c.ID] = sess
	l.started = append(l.started, sess)
	return nil
}

// sessionEnded: a resumable upload takes no more bytes. One that was finished
// has a token, unless what came was refused.
type sessionEnded struct {
	ID     string        `json:"id"`
	Status sessionStatus `json:"status"`
	Token  string        `json:"token,omitempty"`
}

func (c *sessionEnded) apply(l *library) error {
	sess := l.sessions[c.ID]
	if sess == nil {
		return fmt.Errorf("the end of unknown session %s", c.ID)
	}
	sess.status, sess.token = c.Status, c.Token
	return nil
}

// expireSessions forgets the sessions that are older than life, with their
// bytes. They are then as unknown as any other (contract 3.2; 12 #16, #23).
func (l *library) expireSessions(st *store, now time.Time, life time.Duration) {
	for len(l.started) > 0 && now.Sub(l.started[0].Started) >= life {
		sess := l.started[0]
		l.started = l.started[1:]
		delete(l.sessions, sess.ID)
		select {
		case sess.turn <- struct{}{}:
			st.dropSession(sess)
			<-sess.turn
		default: // a request is at it, which drops the bytes when it leaves
		}
	}
}
