package tape

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// The kinds of secret, by which their placeholders are named.
const (
	kindAccess   = "access-token"
	kindRefresh  = "refresh-token"
	kindIdentity = "id-token"
	kindCode     = "oauth-code"
	kindVerifier = "code-verifier"
	kindClient   = "client-id"
	kindPassword = "client-secret"
	kindUpload   = "upload-token"
	kindSession  = "upload-session" // the address of a resumable upload: who has it can write to it (contract 3.2)
	kindUploadID = "upload-id"
	kindBaseURL  = "base-url" // loads without a token (contract 8)
	kindShare    = "share-token"
	kindShareURL = "shareable-url"
	kindPage     = "page-token"
	kindPath     = "path"   // of a request to an address that is not known
	kindOpaque   = "opaque" // a long run of letters in a text: it may be anything
)

// kinds is all of them. Read only.
var kinds = []string{
	kindAccess, kindRefresh, kindIdentity, kindCode, kindVerifier, kindClient, kindPassword, kindUpload, kindSession, kindUploadID, kindBaseURL,
	kindShare, kindShareURL, kindPage, kindPath, kindOpaque,
}

// placeholder is what stands for a secret.
var placeholder = regexp.MustCompile(`\b(` + strings.Join(kinds, "|") + `)-([0-9]+|\?)`)

func isPlaceholder(s string) bool { return s != "" && placeholder.FindString(s) == s }

// scrub takes secrets out of what is recorded. It remembers each by a hash, so that the same one is given the same placeholder: some 60 bytes a secret.
type scrub struct {
	words  bool // the user's own words stay
	replay bool // what looks like a placeholder is one that was handed out; whatever else is secret is the client's own

	mu    sync.Mutex // guards everything below
	seen  map[secretHash]label
	count map[string]int
	short []known // the newest secrets that have no form of their own, to be found inside of other texts
}

type secretHash [16]byte

type label struct {
	kind string
	n    int
}

type known struct{ secret, stands string }

// maxShort bounds the list that every text is searched for: the last access tokens, codes and the like.
const maxShort = 64

func newScrub(words bool) *scrub {
	return &scrub{words: words, seen: map[secretHash]label{}, count: map[string]int{}}
}

func hashOf(secret string) secretHash {
	sum := sha256.Sum256([]byte(secret))
	return secretHash(sum[:16])
}

func (s *scrub) name(l label) string {
	if s.replay {
		return l.kind + "-?"
	}
	return fmt.Sprintf("%s-%d", l.kind, l.n)
}

// secret gives the placeholder of a secret. An empty one is none, and says so.
func (s *scrub) secret(kind, value string) string {
	if value == "" || s.replay && isPlaceholder(value) {
		return value
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h := hashOf(value)
	l, found := s.seen[h]
	if !found {
		s.count[kind]++
		l = label{kind, s.count[kind]}
		s.seen[h] = l
		s.remember(kind, value, s.name(l))
	}
	return s.name(l)
}

// remember lists a secret that may be short or have any letters. s.mu is held.
func (s *scrub) remember(kind, value, stands string) {
	switch kind {
	case kindUpload, kindSession, kindUploadID, kindBaseURL, kindShareURL, kindPage, kindPath, kindOpaque:
		return // long runs of letters, found by their form
	}
	if len(value) < 6 {
		return // it would be found in everything
	}
	if len(s.short) == maxShort {
		s.short = slices.Delete(s.short, 0, 1)
	}
	s.short = append(s.short, known{value, stands})
}

// alias makes another text stand for the same secret, such as the path of an address.
func (s *scrub) alias(value, as string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l, found := s.seen[hashOf(value)]; found {
		s.seen[hashOf(as)] = l
	}
}

// lookUp finds the placeholder of what was once said to be a secret.
func (s *scrub) lookUp(value string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, found := s.seen[hashOf(value)]
	return s.name(l), found
}

// The runs of letters that a secret can be inside of a text: with the letters of Base64 and of percent-encoding, or only those of an id.
var (
	wideRun   = regexp.MustCompile(`[A-Za-z0-9_.~/+=%-]{8,}`)
	narrowRun = regexp.MustCompile(`[A-Za-z0-9_-]{8,}`)
)

// longRun is how many letters in a row are no word in any language of error messages, and may be a secret. The longest name in one that is known
// has 30.
const longRun = 32

// without takes the secrets that are known out of a text.
func (s *scrub) without(text string) string { return s.clean(text, false) }

// text takes out of the service's own words what may be a secret, known or not.
func (s *scrub) text(text string) string { return s.clean(text, true) }

func (s *scrub) clean(text string, all bool) string {
	for _, k := range s.shortOnes() {
		text = strings.ReplaceAll(text, k.secret, k.stands)
		text = strings.ReplaceAll(text, url.QueryEscape(k.secret), k.stands)
		text = strings.ReplaceAll(text, url.PathEscape(k.secret), k.stands)
	}
	return wideRun.ReplaceAllStringFunc(text, func(run string) string {
		if stands, found := s.lookUpEncoded(run); found {
			return stands
		}
		return narrowRun.ReplaceAllStringFunc(run, func(run string) string {
			if stands, found := s.lookUp(run); found {
				return stands
			}
			if all && len(run) >= longRun && !isPlaceholder(run) {
				return s.secret(kindOpaque, run)
			}
			return run
		})
	})
}

func (s *scrub) shortOnes() []known {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.short)
}

// lookUpEncoded finds a secret also if it is percent-encoded.
func (s *scrub) lookUpEncoded(run string) (string, bool) {
	if stands, found := s.lookUp(run); found {
		return stands, true
	}
	if plain, err := url.PathUnescape(run); err == nil && plain != run {
		return s.lookUp(plain)
	}
	return "", false
}
