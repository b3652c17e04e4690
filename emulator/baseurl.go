package emulator

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"
)

// baseURLPath is where base URLs lead, on this server's own address or on the
// service's host for media.
const baseURLPath = "/lh"

// baseURLLoads is the key in Calls of loads of base URLs.
const baseURLLoads = "baseUrl"

// baseURLKind is what a base URL shows.
type baseURLKind byte

const (
	showsItem  baseURLKind = iota + 1 // a media item
	showsCover                        // a media item, as the cover of an album: its picture only
	showsEmpty                        // the cover of an album without items
	showsUser                         // somebody's profile picture
)

// baseURL is what stands behind a base URL. It is valid for a time, and must not
// be stored (contract 8).
type baseURL struct {
	kind  baseURLKind
	name  string // the id of the item, or the name of the user
	until time.Time

	user, client string // the keys of the account and the project that it was given to
}

// itemURL is the baseUrl of an item.
func (s *Server) itemURL(c *call, it *item, now time.Time) string {
	return s.issueBaseURL(c, baseURL{kind: showsItem, name: it.id, until: now.Add(s.config.BaseURLLife)})
}

// coverURL is the coverPhotoBaseUrl of an album; an empty one has a placeholder
// (contract 12 #42).
func (s *Server) coverURL(c *call, cover *item, now time.Time) string {
	u := baseURL{kind: showsEmpty, until: now.Add(s.config.BaseURLLife)}
	if cover != nil {
		u.kind, u.name = showsCover, cover.id
	}
	return s.issueBaseURL(c, u)
}

// userURL is somebody's profilePictureBaseUrl.
func (s *Server) userURL(c *call, name string, now time.Time) string {
	return s.issueBaseURL(c, baseURL{kind: showsUser, name: name, until: now.Add(s.config.BaseURLLife)})
}

// issueBaseURL makes an address that tells nothing but to this server, and that
// nobody can make up: who has it needs no access token. It is another one each
// time, as the service's are.
func (s *Server) issueBaseURL(c *call, u baseURL) string {
	raw := binary.BigEndian.AppendUint64([]byte{byte(u.kind)}, uint64(u.until.UnixNano()))
	raw = append(raw, strings.Join([]string{s.account.key, s.project.key, u.name}, "\x00")...)
	sealed := s.baseURLs.Seal(nil, nil, raw, nil)
	return mediaOriginOf(c.r) + baseURLPath + "/" + base64.RawURLEncoding.EncodeToString(sealed)
}

// openBaseURL reads what this server, or an earlier one with its folder, has
// sealed; false if it is none of theirs.
func (s *Server) openBaseURL(token string) (u baseURL, ok bool) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil {
		return u, false
	}
	raw, err := s.baseURLs.Open(nil, nil, sealed, nil)
	if err != nil || len(raw) < 9 {
		return u, false
	}
	u.kind, u.until = baseURLKind(raw[0]), time.Unix(0, int64(binary.BigEndian.Uint64(raw[1:])))
	names := strings.SplitN(string(raw[9:]), "\x00", 3)
	if len(names) < 3 {
		return u, false // of an earlier version
	}
	u.user, u.client, u.name = names[0], names[1], names[2]
	return u, true
}

// newSeal has a key of its own for each purpose, made of the server's.
func newSeal(purpose string, server [32]byte) cipher.AEAD {
	key := sha256.Sum256(append([]byte(purpose+" "), server[:]...))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // a key of 32 bytes is one
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // AES is what it takes
	}
	return aead
}
