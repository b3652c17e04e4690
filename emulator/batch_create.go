package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"
	"unicode/utf8"
)

// batchRequest is the body of mediaItems.batchCreate, contract 4.
type batchRequest struct {
	albumID  string
	position albumPosition
	entries  []newMediaItem
}

type newMediaItem struct {
	description string
	token       string
	fileName    string
}

// batchWire is the reply: one result for each entry, in the order of the
// request (contract 4; 12 #2).
type batchWire struct {
	Results []newMediaItemResult `json:"newMediaItemResults,omitempty"`
}

type newMediaItemResult struct {
	UploadToken string         `json:"uploadToken"`
	Status      statusWire     `json:"status"`
	MediaItem   *mediaItemWire `json:"mediaItem,omitempty"`
}

// batchCreateMediaItems is mediaItems.batchCreate. First the rules that refuse
// the whole call, then a verdict on each entry, then room in the album; only
// then is anything changed.
func (s *Server) batchCreateMediaItems(c *call) (reply, *apiError) {
	req, err := readBatch(c)
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.wholeCallRules(c, req); err != nil {
		return reply{}, err
	}
	var into *album
	var at int
	if req.albumID != "" {
		if into, err = s.albumForWriting(c, req.albumID); err != nil {
			return reply{}, err
		}
		if err := positionIsTheOwners(req.position, into); err != nil {
			return reply{}, err
		}
		if at, err = req.position.placeIn(into); err != nil {
			return reply{}, err
		}
	}
	now := s.now()
	s.expire(s.store, now, s.config.TokenLife)
	verdicts := s.judge(c, req.entries)
	if err := s.albumHasRoom(into, verdicts); err != nil {
		return reply{}, err
	}
	return s.create(req.entries, verdicts, into, at, now)
}

func readBatch(c *call) (req batchRequest, err *apiError) {
	raw, err := readBody(c.r)
	if err != nil {
		return req, err
	}
	m, err := parseBody(raw)
	if err != nil {
		return req, err
	}
	req.albumID = m.text("albumId")
	req.position = readPosition(m)
	for _, e := range m.objects("newMediaItems", "google.photos.library.v1.NewMediaItem") {
		n := newMediaItem{description: e.text("description")}
		simple, _ := e.object("simpleMediaItem", "google.photos.library.v1.SimpleMediaItem")
		n.token, n.fileName = simple.text("uploadToken"), simple.text("fileName")
		_, _ = simple.end(), e.end() // m.end below returns their complaints
		req.entries = append(req.entries, n)
	}
	return req, m.end()
}

// wholeCallRules are the faults of one entry that sink the whole call
// (contract 0 #6), and the ones of the call itself. s.mu is held.
func (s *Server) wholeCallRules(c *call, req batchRequest) *apiError {
	if err := s.atMost50Entries(c, len(req.entries)); err != nil {
		return err
	}
	for i, e := range req.entries {
		if err := s.tokenIsPresent(c, i, e.token); err != nil {
			return err
		}
		if err := descriptionFits(e.description); err != nil {
			return err
		}
		if err := fileNameFits(e.fileName); err != nil {
			return err
		}
	}
	if err := positionNeedsAlbum(req.position, req.albumID); err != nil {
		return err
	}
	if err := relativeIDFitsPosition(req.position); err != nil {
		return err
	}
	return s.storageHasRoom()
}

// atMost50Entries: 1 to 50; the text says less than 50, 50 itself is fine
// (contract 2.3, 4).
func (s *Server) atMost50Entries(c *call, n int) *apiError {
	switch {
	case n == 0:
		return errInvalid("Request must have at least one item.")
	case n > maxBatch:
		s.violate(c, RuleBatchSize, fmt.Sprintf("mediaItems.batchCreate with %d items", n))
		return errInvalid("Request must have less than 50 items.")
	default:
		return nil
	}
}

// storageHasRoom: a full account takes nothing (contract 2.3). s.mu is held.
func (s *Server) storageHasRoom() *apiError {
	if s.user.StorageFull {
		return errStorageFull()
	}
	return nil
}

func errStorageFull() *apiError {
	return errInvalid("The remaining storage in the user's account is not enough to perform this operation.")
}

// textNoToken is the refusal of a whole call for one entry's token.
const textNoToken = "Request must contain a valid upload token."

// tokenIsPresent: contract 2.3; an entry without simpleMediaItem has none.
func (s *Server) tokenIsPresent(c *call, i int, token string) *apiError {
	if token == "" {
		s.violate(c, RuleTokenPresent, fmt.Sprintf("entry %d of a mediaItems.batchCreate", i))
		return errInvalid(textNoToken)
	}
	return nil
}

// descriptionFits: contract 4; 12 #6. Exactly 1000 passes here, and a careful
// client stays below.
func descriptionFits(d string) *apiError {
	if utf8.RuneCountInString(d) > maxDescription {
		return errInvalid("Description must be shorter than %d characters.", maxDescription)
	}
	return nil
}

// fileNameFits: contract 4; 12 #7.
func fileNameFits(name string) *apiError {
	if utf8.RuneCountInString(name) > maxFileName {
		return errInvalid("File name must not be longer than %d characters.", maxFileName)
	}
	return nil
}

// verdict is what becomes of one entry: an upload that will be a media item,
// or a status that says why not.
type verdict struct {
	upload  *upload
	failure *statusWire
}

// judge decides about each entry without changing anything but the record of
// violations. Entries that a fault fails leave their content to the next entry
// that brings it. s.mu is held.
func (s *Server) judge(c *call, entries []newMediaItem) []verdict {
	refused := c.struck.refused()
	verdicts := make([]verdict, len(entries))
	tokens := map[string]bool{}
	taken := map[*content]bool{}
	for i, e := range entries {
		if tokens[e.token] {
			s.violate(c, RuleTokenOnce, fmt.Sprintf("entry %d of a mediaItems.batchCreate repeats a token", i))
		}
		tokens[e.token] = true
		u := s.tokens[e.token]
		if u != nil && u.content == nil {
			s.violate(c, RuleTokenFresh, fmt.Sprintf("entry %d has a token from %s", i, u.issued.UTC().Format(time.RFC3339)))
		}
		if status, found := refused[i]; found {
			verdicts[i] = verdict{upload: u, failure: &status}
			continue
		}
		verdicts[i] = verdict{upload: u, failure: entryFailure(u, taken)}
		if verdicts[i].failure == nil {
			taken[u.content] = true
		}
	}
	return verdicts
}

// entryFailure is the per-item status of contract 4, or nil. taken are the
// contents that earlier entries of the call bring in: the first one wins
// (contract 12 #5). A token that is unknown or expired fails its own entry
// (contract 12 #3).
func entryFailure(u *upload, taken map[*content]bool) *statusWire {
	switch {
	case u == nil || u.content == nil:
		return itemStatus(3, "Failed")
	case taken[u.content] && u.content.facts.Type.Video():
		return itemStatus(6, "EXISTS")
	case taken[u.content]:
		return itemStatus(6, "Failed")
	case u.content.refused == "":
		return nil
	case u.content.refused == refusedNotMedia:
		return itemStatus(3, "NOT_IMAGE")
	case u.content.refused == refusedDamaged && !u.content.facts.Type.Video():
		return itemStatus(3, "BAD_IMAGE")
	default:
		return itemStatus(3, "Failed")
	}
}

// itemStatus is a per-item status with one of the words that the service puts
// before its one text.
func itemStatus(code int, word string) *statusWire {
	return &statusWire{Code: code, Message: word + ": There was an error while trying to create this media item."}
}

// create carries the verdicts out. New items go into the album as one block in
// the order of the request; an item that it holds stays where it is (contract
// 4; 12 #39). s.mu is held.
func (s *Server) create(entries []newMediaItem, verdicts []verdict, into *album, at int, now time.Time) (reply, *apiError) {
	ids := make([]string, len(entries))
	var changes []change
	var block []string
	for i, v := range verdicts {
		if v.failure != nil {
			continue
		}
		it := v.upload.content.item
		if it == nil {
			made := newItem(v.upload, entries[i], now)
			made.Client = s.project.key
			made.From = &itemOrigin{v.upload.issued, v.upload.resumed, s.batches + 1, i + 1, len(entries)}
			changes = append(changes, change{Item: made})
			ids[i] = made.ID
		} else {
			ids[i] = it.id // the same bytes are the same item: contract 4, "Duplicates"; 12 #4, #35
		}
		if into != nil && into.lacks(it) {
			block = append(block, ids[i])
		}
	}
	if len(block) > 0 {
		changes = append(changes, change{Placed: &itemsPlaced{into.id, at, block}})
	}
	if err := s.commit(changes...); err != nil {
		return reply{}, err
	}
	return s.batchReply(entries, verdicts, ids, now), nil
}

// batchReply tells the result of each entry. s.mu is held.
func (s *Server) batchReply(entries []newMediaItem, verdicts []verdict, ids []string, now time.Time) reply {
	res := reply{status: http.StatusOK}
	var body batchWire
	for i, v := range verdicts {
		r := newMediaItemResult{UploadToken: entries[i].token}
		if v.failure != nil {
			r.Status = *v.failure
			res.status = s.config.PartialStatus // contract 12 #1
		} else {
			w := s.itemWire(s.itemID[ids[i]], now)
			r.Status, r.MediaItem = statusWire{Message: "Success"}, &w
		}
		body.Results = append(body.Results, r)
	}
	res.body = body
	return res
}

// newItem is the media item that an upload becomes.
func newItem(u *upload, e newMediaItem, now time.Time) *itemMade {
	name := e.fileName
	if name == "" {
		name = u.fileName // the header of the upload counts when nothing else is said
	}
	if name == "" { // contract 12 #30
		sum := sha256.Sum256([]byte(e.token))
		name = hex.EncodeToString(sum[:8]) + "." + u.content.facts.Type.Ext()
	}
	return &itemMade{
		ID: newID(idOfItem), Content: u.content.hash, FileName: name, Description: e.description,
		Created: now, Taken: creationTime(u.content.facts, u.issued), Marks: Marks{Undated: u.content.facts.Taken.IsZero()},
	}
}
