package emulator

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	mathrand "math/rand/v2"
)

// The kinds of id. An id of one kind is malformed where another is asked for.
const (
	idOfAlbum      = "album"
	idOfItem       = "media item"
	idOfEnrichment = "enrichment"
)

// newID makes an id as contract 7 describes them: opaque, of [A-Za-z0-9_-], of
// varying length from 55 on, albums about 68 and media items about 98 letters.
// It ends in a checksum that any server can verify, so that a malformed id
// (400) can be told from one that is not known here (404).
func newID(kind string) string {
	n := 42 // bytes without the checksum; four letters for three bytes
	if kind == idOfItem {
		n = 66
	}
	raw := make([]byte, n+mathrand.IntN(12))
	_, _ = rand.Read(raw[1:]) // the first byte stays 0: ids begin with an A
	raw = binary.BigEndian.AppendUint32(raw, checksum(kind, raw))
	return base64.RawURLEncoding.EncodeToString(raw)
}

// wellFormed reports whether newID could have made id.
func wellFormed(kind, id string) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(id)
	if err != nil || len(raw) < 42 {
		return false
	}
	body := raw[:len(raw)-4]
	return binary.BigEndian.Uint32(raw[len(body):]) == checksum(kind, body)
}

func checksum(kind string, body []byte) uint32 {
	return crc32.Update(crc32.ChecksumIEEE([]byte(kind)), crc32.IEEETable, body)
}

// newUploadToken makes a token as contract 3.1 saw them: long, opaque, of
// varying length, beginning CAIS.
func newUploadToken() string {
	return "CAIS" + randomText(160+mathrand.IntN(120))
}

// newSessionID makes the upload_id of a session's address, of the form that was
// seen (contract 3.2).
func newSessionID() string { return "AEnB2U" + randomText(120+mathrand.IntN(60)) }

// randomText is n letters of [A-Za-z0-9_-].
func randomText(n int) string {
	raw := make([]byte, n)
	_, _ = rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)[:n]
}
