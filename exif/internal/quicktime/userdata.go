package quicktime

import (
	"encoding/binary"

	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// userTopics are the wanted texts of user data, with the form that each comes in.
// Those that begin with the copyright sign are QuickTime's, with an @ the same of
// a phone whose writer had no such sign, "dscp" is of 3GPP TS 26.244; the others
// are as cameras write them.
var userTopics = map[string]struct {
	about topic
	read  func(file.Block) string
}{
	"\xa9day": {date, international},
	"\xa9mak": {maker, international},
	"\xa9mod": {model, international},
	"\xa9mdl": {model, international}, // DJI
	"\xa9xyz": {place, international},
	"\xa9des": {description, international},
	"\xa9cmt": {comment, international},
	"@day":    {date, international},
	"@mak":    {maker, international},
	"@mod":    {model, international},
	"@xyz":    {place, international},
	"dscp":    {description, asset},
	"date":    {date, plain},
	"manu":    {maker, behind(6)},
	"modl":    {model, behind(6)},
	"CNMN":    {model, plain}, // Canon
	"cmnm":    {model, plain},
	"slno":    {serial, plain},
	"SNum":    {serial, plain},
}

// userData reads a udta box: of a movie what its maker had to say.
func (r *reader) userData(body file.Block) {
	gather(body)
	r.src.Ahead(userAhead)
	defer r.pace()
	var later []bmff.Box
	err := r.each(body, func(b bmff.Box) bool {
		switch b.Type {
		case "\xa9day", // behind that of the list of items, which is younger
			"loci": // behind a position with more digits
			later = append(later, b)
		default:
			r.userBox(b)
		}
		return true
	})
	if err != nil {
		r.bad.Add("the boxes of the user data end: %v", err)
	}
	for _, b := range later {
		r.userBox(b)
	}
}

func (r *reader) userBox(b bmff.Box) {
	if t, ok := userTopics[b.Type]; ok {
		r.claim(t.about, fromUser, t.read(b.Body))
		return
	}
	switch b.Type {
	case "meta":
		r.meta(b.Body)
	case "loci":
		r.location(b.Body)
	case "XMP_":
		r.packet(b.Body)
	case "Xtra":
		r.windows(b.Body)
	default:
		r.makersBox(b)
	}
}

// windows reads the rating that Windows Explorer gives, of a list of names and
// their values: both have their size in front, values have a type of two bytes.
func (r *reader) windows(body file.Block) {
	const (
		name     = "WM/SharedUserRating"
		maxItems = 64
	)
	f := bmff.Fields{Body: body}
	for range maxItems {
		item := f.At
		size := int64(f.Uint(4))
		length := f.Uint(4)
		if f.Err != nil || size < 8 {
			return
		}
		if length == uint64(len(name)) {
			b, err := body.At(f.At, len(name))
			if err == nil && string(b) == name {
				f.Skip(int64(len(name)) + 4 + 4 + 2) // the count, one value's size and type
				r.to.AddRating(claim.UserData, starsOfPercent(littleEndian(body, f.At)))
				return
			}
		}
		f.At = item + size
	}
}

// starsOfPercent are Windows' 1, 25, 50, 75 and 99; zero is none.
func starsOfPercent(percent uint64) int {
	if percent == 0 || percent > 100 {
		return 0
	}
	return int(percent+12)/25 + 1
}

func littleEndian(b file.Block, at int64) uint64 {
	v, err := b.At(at, 8)
	if err != nil {
		return 0
	}
	return binary.LittleEndian.Uint64(v)
}
