// Package order says in which order files stand in an album, and which files belong together.
//
// An order is made of keys: bytes that sort, one for each file. [By.Key] makes the key of a file by itself. What a file is to those beside it, the other
// half of a pair, a chapter of the same clip, the number after 9999, only its folder tells: [NewFolder] takes all files of one and finds [Pair]s, and
// [Folder.Keys] makes keys that keep sets together, also beside files that stand in the album already and cannot be moved. [Folder.LeftOut] applies a
// [Choice] to pairs.
//
// [Follow] makes keys for a list that somebody has put in an order of their own.
//
// All of it is pure: the same files give the same keys and pairs, in whatever order they come.
package order

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"time"
)

// By is an order. The zero value is [Captured].
type By string

// The orders. Each has keys of its own, so an album that was filled by several has its parts one behind the other: by time, then by name, then as found.
const (
	Captured By = "captured" // by capture time, then the camera's numbers, then name; sets stay together
	Name     By = "name"     // by name, numbers in it as numbers: IMG_2 before IMG_10
	None     By = "none"     // as found, always at the end of the album
)

// Valid refuses an order that there is not.
func (b By) Valid() error {
	switch b {
	case "", Captured, Name, None:
		return nil
	}
	return fmt.Errorf("order %q: must be captured, name or none", string(b))
}

// Kind is what a file is, as far as pairs care.
type Kind uint8

// The kinds, in the order in which those of one moment stand.
const (
	HEIC Kind = iota + 1
	JPEG
	Photo // of another type
	Raw
	Video
)

// String is the kind in a reason.
func (k Kind) String() string {
	return [...]string{"file", "HEIC", "JPEG", "photo", "RAW", "video"}[k]
}

func (k Kind) still() bool { return k != Video }

// File is what order needs to know of a file.
type File struct {
	Dir, Name           string
	Kind                Kind
	Captured            time.Time // wall clock; zero: unknown
	Guessed             bool      // Captured is when the file was written, which tells nothing about a moment
	Make, Model, Serial string    // of the camera
	ContentID           string    // what a Live Photo's still and video have in common
	Duration            time.Duration

	stem *stem // that of Name, once it was asked for
}

// spaces of keys. The first eight bytes of a key by time are the time; no time is as late as these.
const (
	spaceOfNames = math.MaxUint64 - 1
	spaceOfNone  = math.MaxUint64
)

// Key is the key of a file that has to do with no other.
func (b By) Key(f File) []byte {
	switch b {
	case Name:
		key := binary.BigEndian.AppendUint64(nil, spaceOfNames)
		key = append(natural(key, f.Name), 0)
		key = append(append(key, f.Name...), 0)
		return append(key, f.Dir...)
	case None: // the same for all: nothing sorts after it, and among equals the ledger keeps the order in which they came
		return binary.BigEndian.AppendUint64(nil, spaceOfNone)
	}
	return append(base(f, sequence(f)), role(f))
}

// base is what all keys of a set begin with: the time, the sequence and the whole path of the file that leads it. No base is the beginning of another
// one, so nothing comes between the files of a set.
func base(f File, s numbered) []byte {
	key := binary.BigEndian.AppendUint64(make([]byte, 0, 40+len(f.Dir)+2*len(f.Name)), timeBytes(f.Captured))
	key = append(append(key, s.series...), 0)
	key = binary.BigEndian.AppendUint64(key, uint64(s.number)^(1<<63))
	key = append(append(key, f.Name...), 0)
	return append(append(key, f.Dir...), 0)
}

// timeBytes makes times sort as unsigned numbers. A file of which no time at all is known comes first.
func timeBytes(t time.Time) uint64 {
	switch {
	case t.Year() < 1700 || t.IsZero():
		return 0
	case t.Year() > 2250: // later ones do not fit
		return spaceOfNames - 1
	}
	return uint64(t.UnixNano()) ^ (1 << 63)
}

// cut finds the base of a key by time.
func cut(key []byte) (base []byte, ok bool) {
	if len(key) < 8 || binary.BigEndian.Uint64(key) >= spaceOfNames {
		return nil, false
	}
	at := 8
	for _, behind := range []int{8, 0, 0} { // series and number, name, folder
		zero := bytes.IndexByte(key[at:], 0)
		if at += zero + 1 + behind; zero < 0 || at >= len(key) {
			return nil, false
		}
	}
	return key[:at:at], true
}

// numberOf is the sequence in a base.
func numberOf(base []byte) (s numbered, ok bool) {
	if len(base) < 17 {
		return s, false
	}
	zero := bytes.IndexByte(base[8:], 0)
	if zero < 0 || 8+zero+1+8 > len(base) {
		return s, false
	}
	s.series, s.wraps = string(base[8:8+zero]), true
	s.number = int64(binary.BigEndian.Uint64(base[8+zero+1:]) ^ (1 << 63))
	return s, true
}

// role is a file's place in its set: chapters by their number, else the original before what was made of it, stills before videos.
func role(f File) byte {
	if c, ok := chapterOf(f); ok {
		return chapterRole + byte(c.chapter)
	}
	r := byte(f.Kind)
	if r == 0 {
		r = byte(Photo)
	}
	if stemOf(f).edited {
		r += editedRole
	}
	return r
}

const (
	editedRole  = 0x10
	chapterRole = 0x40
)
