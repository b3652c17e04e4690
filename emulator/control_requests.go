package emulator

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// nothing is the answer of what only does something.
type nothing struct{}

// summaryWire tells at a glance how it stands.
type summaryWire struct {
	Era        string         `json:"era"`
	Albums     int            `json:"albums"`
	MediaItems int            `json:"mediaItems"`
	Bytes      int64          `json:"bytes"`
	Calls      map[string]int `json:"calls"`
	Disturbed  map[string]int `json:"disturbed"`
	Met        int            `json:"faultsMet"`
	Unmet      int            `json:"faultsUnmet"`
	Violations int            `json:"violations"`
	Quota      Quota          `json:"quota"`
	Spent      Spent          `json:"spent"`
}

func (s *Server) controlSummary(*http.Request) (any, error) {
	items := s.MediaItems()
	sum := summaryWire{
		Era: "today", Albums: len(s.Albums()), MediaItems: len(items), Calls: s.Calls(), Disturbed: s.Disturbed(),
		Met: s.Met(), Unmet: len(s.Unmet()), Violations: len(s.Violations()), Quota: s.config.Quota, Spent: s.Spent(),
	}
	if s.config.Era == Era2024 {
		sum.Era = "2024"
	}
	for _, it := range items {
		sum.Bytes += it.Size
	}
	return sum, nil
}

type controlAlbum struct {
	ID    string   `json:"id"`
	Title string   `json:"title"`
	Items []string `json:"items"`
}

func (s *Server) controlAlbums(*http.Request) (any, error) {
	all := []controlAlbum{}
	for _, a := range s.Albums() {
		all = append(all, controlAlbum(a))
	}
	return map[string]any{"albums": all}, nil
}

type controlItem struct {
	ID           string    `json:"id"`
	Filename     string    `json:"filename"`
	Description  string    `json:"description,omitempty"`
	MIMEType     string    `json:"mimeType"`
	SHA256       string    `json:"sha256"`
	Size         int64     `json:"size"`
	CreationTime time.Time `json:"creationTime"`
	Marks        Marks     `json:"marks"`
}

func (s *Server) controlItems(*http.Request) (any, error) {
	all := []controlItem{}
	for _, it := range s.MediaItems() {
		all = append(all, controlItem{
			ID: it.ID, Filename: it.Filename, Description: it.Description, MIMEType: it.MIMEType,
			SHA256: hex.EncodeToString(it.SHA256[:]), Size: it.Size, CreationTime: it.CreationTime, Marks: it.Marks,
		})
	}
	return map[string]any{"mediaItems": all}, nil
}

func (s *Server) controlViolations(*http.Request) (any, error) {
	return map[string]any{"violations": append([]Violation{}, s.Violations()...)}, nil
}

func (s *Server) controlFaults(*http.Request) (any, error) {
	return map[string]any{"unmet": append([]Fault{}, s.Unmet()...), "met": s.Met(), "disturbed": s.Disturbed(), "heldUp": s.HeldUp()}, nil
}

// controlPlan takes a plan in the form of [LoadFaults], whole or not at all.
func (s *Server) controlPlan(r *http.Request) (any, error) {
	faults, err := LoadFaults(r.Body)
	if err != nil {
		return nil, err
	}
	if len(faults) == 0 {
		return nil, fmt.Errorf("body: no fault in it; want one JSON object a line")
	}
	return map[string]int{"planned": len(faults)}, s.Plan(faults...)
}

func (s *Server) controlForget(*http.Request) (any, error) {
	s.ForgetPlan()
	return nothing{}, nil
}

// controlMark changes the marks that the request names; the others stay.
func (s *Server) controlMark(r *http.Request) (any, error) {
	id := r.PathValue("id")
	marks, found := s.marksOf(id)
	if !found {
		return nil, noSuch("media item", id)
	}
	if err := readControl(r, &marks); err != nil {
		return nil, err
	}
	if err := s.Mark(id, marks); err != nil {
		return nil, err
	}
	marks, _ = s.marksOf(id)
	return marks, nil
}

// marksOf are the marks that an item has.
func (s *Server) marksOf(id string) (marks Marks, found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it := s.itemID[id]
	if it == nil {
		return marks, false
	}
	marks = it.marks
	marks.Categories = slices.Clone(marks.Categories)
	return marks, true
}

func (s *Server) controlForeignAlbum(r *http.Request) (any, error) {
	var album struct {
		Title string `json:"title"`
	}
	if err := readControl(r, &album); err != nil {
		return nil, err
	}
	return map[string]string{"id": s.AddForeignAlbum(album.Title)}, nil
}

func (s *Server) controlDeleteAlbum(r *http.Request) (any, error) {
	if id := r.PathValue("id"); !s.DeleteAlbum(id) {
		return nil, noSuch("album", id)
	}
	return nothing{}, nil
}

func (s *Server) controlEmptyTrash(*http.Request) (any, error) {
	return map[string]int{"deleted": s.EmptyTrash()}, nil
}

func (s *Server) controlRemove(r *http.Request) (any, error) {
	var item struct {
		ID string `json:"mediaItemId"`
	}
	if err := readControl(r, &item); err != nil {
		return nil, err
	}
	if id := r.PathValue("id"); !s.RemoveFromAlbum(id, item.ID) {
		return nil, &controlError{http.StatusNotFound, fmt.Sprintf("no album %q with media item %q", id, item.ID)}
	}
	return nothing{}, nil
}

// controlToken makes an access token, as [Server.NewAccessToken].
func (s *Server) controlToken(r *http.Request) (any, error) {
	var granted struct {
		Scopes []Scope `json:"scopes"`
	}
	if err := readControl(r, &granted); err != nil {
		return nil, err
	}
	for _, scope := range granted.Scopes {
		if scopeBits[scope] == 0 {
			return nil, fmt.Errorf("body: the API has no scope %q", scope)
		}
	}
	return map[string]string{"accessToken": s.NewAccessToken(granted.Scopes...)}, nil
}

func (s *Server) controlResetQuota(*http.Request) (any, error) {
	s.ResetQuota()
	return nothing{}, nil
}

// HeldUp is how many requests wait at the moment because of a fault, "slow" or
// "stall": what they sent is read, and the answer of a slow one is ready.
func (s *Server) HeldUp() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heldUp
}

// ForgetPlan forgets the faults that were planned, met or not; [Server.Met] and
// [Server.Unmet] begin anew. The delay of requests that wait is over.
func (s *Server) ForgetPlan() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plan = nil
	if s.forgotten != nil {
		close(s.forgotten)
		s.forgotten = nil
	}
	s.serviceChanged()
}
