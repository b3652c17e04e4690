package emulator

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
)

// Seed is what a library holds before the first request, under ids that a client
// knows from elsewhere: a rehearsal begins where the real library is. Give it to
// [Server.Seed].
type Seed struct {
	Contents []SeedContent
	Albums   []SeedAlbum // whose items are in Contents, or were seeded before

	// Requests were made of the project today, before the first one that comes here.
	Requests int
}

// SeedContent is bytes that were sent before. They are not here, only what is
// said about them: the gallery shows a tile.
type SeedContent struct {
	SHA256   [32]byte
	Size     int64     // bytes
	MIMEType string    // empty, or of none of the known formats: an unknown photo
	Taken    time.Time // as the file's camera showed it; zero = not known

	// ID is of the media item that was made of them, Filename its name. Empty: none
	// was made yet.
	ID, Filename string

	// Token is the upload token that they were answered with at Issued; it ages like
	// any other. Empty: there is none.
	Token  string
	Issued time.Time
}

// SeedAlbum is an album that was created before.
type SeedAlbum struct {
	ID, Title string
	Foreign   bool     // no client of this service created it
	Items     []string // ids of media items, in order
	// Enrichments stand between them, in order.
	Enrichments []Enrichment
}

// Seed puts what a client believes to be there into the library. It may be called
// again for more. An error is an id or a token that is there twice or not at all,
// or a [Config].Dir that cannot be written; then nothing has changed.
func (s *Server) Seed(seed Seed) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	changes, err := s.sow(seed)
	if err != nil {
		return fmt.Errorf("emulator: Seed: %w", err)
	}
	if err := s.commit(changes...); err != nil {
		return fmt.Errorf("emulator: %s", err.message)
	}
	slices.SortStableFunc(s.issued, func(a, b *upload) int { return a.issued.Compare(b.issued) })
	s.spent.begin(s.now())
	s.spent.Requests += max(seed.Requests, 0)
	s.spent.save()
	return nil
}

// sowing makes the changes of a Seed, and knows what is in them so far.
type sowing struct {
	*Server
	changes []change
	there   map[string]bool // ids and tokens
	sums    map[contentHash]bool
}

// sow is what has to change. s.mu is held.
func (s *Server) sow(seed Seed) ([]change, error) {
	w := &sowing{Server: s, there: map[string]bool{}, sums: map[contentHash]bool{}}
	for _, c := range seed.Contents {
		if err := w.content(c); err != nil {
			return nil, err
		}
	}
	for _, a := range seed.Albums {
		if err := w.album(a); err != nil {
			return nil, err
		}
	}
	return w.changes, nil
}

// note takes an id or a token that is not there yet.
func (w *sowing) note(name string) error {
	if w.there[name] || w.itemID[name] != nil || w.albumID[name] != nil || w.tokens[name] != nil {
		return errors.New("an id or upload token is there already")
	}
	w.there[name] = true
	return nil
}

func (w *sowing) content(c SeedContent) error {
	if w.sums[c.SHA256] || w.contents[c.SHA256] != nil {
		return fmt.Errorf("content %x is there already", c.SHA256)
	}
	w.sums[c.SHA256] = true
	facts := inspect.Facts{Type: inspect.TypeOf(c.MIMEType), Taken: c.Taken}
	w.changes = append(w.changes, change{Content: &contentKept{Hash: c.SHA256, Size: c.Size, Facts: facts, Gone: true}})
	if c.Token != "" {
		if err := w.note(c.Token); err != nil {
			return err
		}
		w.changes = append(w.changes, change{Token: &tokenIssued{Token: c.Token, Content: c.SHA256, Issued: c.Issued, FileName: c.Filename}})
	}
	if c.ID == "" {
		return nil
	}
	now := w.now()
	w.changes = append(w.changes, change{Item: &itemMade{
		ID: c.ID, Content: c.SHA256, FileName: cmp.Or(c.Filename, "unnamed"), Created: now,
		Taken: creationTime(facts, now), Marks: Marks{Undated: c.Taken.IsZero()}, Client: w.project.key,
	}})
	return w.note(c.ID)
}

func (w *sowing) album(a SeedAlbum) error {
	if a.ID == "" {
		return fmt.Errorf("album %q has no id", a.Title)
	}
	held := map[string]bool{}
	for _, id := range a.Items {
		if held[id] || w.itemID[id] == nil && !w.there[id] {
			return fmt.Errorf("album %q has media item %q twice, or there is none", a.Title, id)
		}
		held[id] = true
	}
	made := &albumMade{ID: a.ID, Title: a.Title, Foreign: a.Foreign, Client: w.project.key}
	w.changes = append(w.changes, change{Album: made}, change{Placed: &itemsPlaced{a.ID, 0, a.Items}})
	for n, e := range a.Enrichments {
		if err := w.note(e.ID); err != nil {
			return err
		}
		w.changes = append(w.changes, change{Enrichment: &enrichmentAdded{Album: a.ID, At: e.At + n, ID: e.ID, Kind: e.Kind, Text: e.Text}})
	}
	return w.note(a.ID)
}
