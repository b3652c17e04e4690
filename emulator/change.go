package emulator

import (
	"encoding/hex"
	"fmt"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
)

// change is one step of what can happen to a library. Everything that the API
// or the user does to it is a list of changes: they are written to the journal
// first, if there is one, and carried out then. So what a restart reads back is
// what happened, and an operation that is cut off in between has happened
// wholly or not at all.
//
// One of the fields is set, beside User.
type change struct {
	User string `json:"user,omitempty"` // the key of the account whose library it is; "" = the first one

	Content    *contentKept     `json:"content,omitempty"`
	Token      *tokenIssued     `json:"token,omitempty"`
	Item       *itemMade        `json:"item,omitempty"`
	Edit       *itemEdited      `json:"edit,omitempty"`
	Album      *albumMade       `json:"album,omitempty"`
	AlbumEdit  *albumEdited     `json:"albumEdit,omitempty"`
	AlbumGone  *albumDeleted    `json:"albumGone,omitempty"`
	ItemsGone  *itemsDeleted    `json:"itemsGone,omitempty"`
	Placed     *itemsPlaced     `json:"placed,omitempty"`
	Removed    *itemsRemoved    `json:"removed,omitempty"`
	Enrichment *enrichmentAdded `json:"enrichment,omitempty"`
	Shared     *albumShared     `json:"shared,omitempty"`
	Joined     *albumJoined     `json:"joined,omitempty"`

	Clock *clockSet `json:"clock,omitempty"`

	Account *accountSet       `json:"account,omitempty"`
	Client  *clientSet        `json:"client,omitempty"`
	Consent *consentGiven     `json:"consent,omitempty"`
	Access  *accessIssued     `json:"access,omitempty"`
	Revoked *consentWithdrawn `json:"revoked,omitempty"`

	SessionStart *sessionStarted `json:"sessionStart,omitempty"`
	SessionEnd   *sessionEnded   `json:"sessionEnd,omitempty"`
}

// apply carries a change out. An error is a journal that was written by
// something else: no operation makes a change that does not fit.
func (c change) apply(l *library, st *store) error {
	switch {
	case c.Content != nil:
		return c.Content.apply(l, st)
	case c.Token != nil:
		return c.Token.apply(l)
	case c.Item != nil:
		return c.Item.apply(l)
	case c.Edit != nil:
		return c.Edit.apply(l)
	case c.Album != nil:
		l.addAlbum(*c.Album)
		return nil
	case c.AlbumEdit != nil:
		return c.AlbumEdit.apply(l)
	case c.AlbumGone != nil:
		return c.AlbumGone.apply(l)
	case c.ItemsGone != nil:
		c.ItemsGone.apply(l)
		return nil
	case c.Placed != nil:
		return c.Placed.apply(l)
	case c.Removed != nil:
		return c.Removed.apply(l)
	case c.Enrichment != nil:
		return c.Enrichment.apply(l)
	case c.Shared != nil:
		return c.Shared.apply(l)
	case c.Joined != nil:
		return c.Joined.apply(l)
	case c.SessionStart != nil:
		return c.SessionStart.apply(l)
	case c.SessionEnd != nil:
		return c.SessionEnd.apply(l)
	}
	return nil // of a later version
}

// contentHash is a SHA-256, in hexadecimal where it is written.
type contentHash [32]byte

// MarshalText implements [encoding.TextMarshaler].
func (h contentHash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (h *contentHash) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(h)) {
		return fmt.Errorf("a hash of %d digits", len(text))
	}
	_, err := hex.Decode(h[:], text)
	return err
}

// contentKept: bytes are in the store under their hash.
type contentKept struct {
	Hash    contentHash   `json:"hash"`
	Size    int64         `json:"size"`
	Facts   inspect.Facts `json:"facts"`
	Refused refusal       `json:"refused,omitempty"`
	Packed  bool          `json:"packed,omitempty"` // in a file with others, from At on
	At      int64         `json:"at,omitempty"`
	Gone    bool          `json:"gone,omitempty"` // of the bytes only the facts are here
}

func (c *contentKept) apply(l *library, st *store) error {
	if l.contents[c.Hash] == nil {
		l.contents[c.Hash] = &content{hash: c.Hash, blob: st.kept(c), facts: c.Facts, refused: c.Refused}
	}
	return nil
}

// tokenIssued: an upload was answered with a token.
type tokenIssued struct {
	Token    string      `json:"token"`
	Content  contentHash `json:"content"`
	Issued   time.Time   `json:"issued"`
	FileName string      `json:"fileName,omitempty"`

	Resumable bool `json:"resumable,omitempty"` // by which protocol the bytes came
}

func (c *tokenIssued) apply(l *library) error {
	content := l.contents[c.Content]
	if content == nil {
		return fmt.Errorf("a token for unknown content %x", c.Content)
	}
	content.tokens++
	u := &upload{content: content, issued: c.Issued, resumed: c.Resumable, fileName: c.FileName}
	l.tokens[c.Token] = u
	l.issued = append(l.issued, u)
	return nil
}

// itemMade: a content became a media item.
type itemMade struct {
	ID          string      `json:"id"`
	Content     contentHash `json:"content"`
	FileName    string      `json:"fileName"`
	Description string      `json:"description,omitempty"`
	Created     time.Time   `json:"created"`
	Taken       time.Time   `json:"taken"`
	Marks       Marks       `json:"marks,omitzero"`
	Owner       string      `json:"owner,omitempty"`
	From        *itemOrigin `json:"from,omitempty"`
	Client      string      `json:"client,omitempty"`
}

// itemOrigin is the upload and the mediaItems.batchCreate that an item is of.
type itemOrigin struct {
	Uploaded  time.Time `json:"uploaded"`
	Resumable bool      `json:"resumable,omitempty"`
	Call      int       `json:"call"`
	Entry     int       `json:"entry"`
	Of        int       `json:"of"`
}

func (c *itemMade) apply(l *library) error {
	content := l.contents[c.Content]
	if content == nil {
		return fmt.Errorf("an item of unknown content %x", c.Content)
	}
	it := &item{
		id: c.ID, seq: len(l.items), fileName: c.FileName, description: c.Description,
		content: content, created: c.Created, taken: c.Taken, owner: c.Owner, client: c.Client,
	}
	if c.From != nil {
		it.from = &origin{c.From.Uploaded, c.From.Resumable, c.From.Call, c.From.Entry, c.From.Of}
		l.batches = max(l.batches, c.From.Call)
	}
	l.mark(it, c.Marks)
	l.items = append(l.items, it)
	l.itemID[it.id] = it
	if it.owner != "" {
		content.others = true
		return nil
	}
	content.item = it
	l.byTime.add(it)
	l.bytes += content.blob.size
	return nil
}

// itemEdited: what can change of a media item is now this.
type itemEdited struct {
	ID          string    `json:"id"`
	Description string    `json:"description,omitempty"`
	Marks       Marks     `json:"marks,omitzero"`
	At          time.Time `json:"at,omitzero"`
}

func (c *itemEdited) apply(l *library) error {
	it := l.itemID[c.ID]
	if it == nil {
		return fmt.Errorf("an edit of unknown item %s", c.ID)
	}
	it.remember(c)
	it.description = c.Description
	l.mark(it, c.Marks)
	return nil
}

// edit is the change that leaves an item as it is, to be altered.
func (it *item) edit(now time.Time) *itemEdited {
	return &itemEdited{ID: it.id, Description: it.description, Marks: it.marks, At: now}
}

// itemsDeleted: the trash was emptied. The bytes stay in the store.
type itemsDeleted struct{}

func (c *itemsDeleted) apply(l *library) {
	gone := map[*item]bool{}
	for _, it := range l.trash {
		gone[it], it.deleted = true, true
		it.content.item = nil
		delete(l.itemID, it.id)
		l.bytes -= it.content.blob.size
	}
	for _, a := range l.albums {
		a.remove(gone)
	}
	l.byTime.remove(gone)
	l.trash = nil
}
