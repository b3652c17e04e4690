package matroska

import (
	"strconv"
	"strings"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// Elements of RFC 9559 section 5.1.8.
const (
	idTag           = 0x7373
	idTargets       = 0x63c0
	idSimpleTag     = 0x67c8
	idTagName       = 0x45a3
	idTagString     = 0x4487
	idTagTrack      = 0x63c5
	idTagEdition    = 0x63c9
	idTagChapter    = 0x63c4
	idTagAttachment = 0x63c6
)

// tags claims what tags of the file or of its video say.
func (s *segment) tags(tags element) error {
	return tags.each(func(tag element) bool {
		if tag.id != idTag {
			return true
		}
		skip := false
		err := tag.each(func(e element) bool {
			switch e.id {
			case idTargets:
				skip = s.isElsewhere(e)
			case idSimpleTag:
				s.simpleTag(e)
			}
			return !skip
		})
		if err != nil {
			s.bad.Add("a tag: %v", err)
		}
		return true
	})
}

// isElsewhere tells the targets that are a chapter, an attached file, or another
// track than the video: sound and subtitles have statistics, which may be long.
func (s *segment) isElsewhere(targets element) bool {
	elsewhere := false
	err := targets.each(func(e element) bool {
		uid, ok := e.unsigned()
		if !ok || uid == 0 {
			return true // of all
		}
		switch e.id {
		case idTagEdition, idTagChapter, idTagAttachment:
			elsewhere = true
		case idTagTrack:
			elsewhere = elsewhere || s.track != 0 && s.track != uid
		}
		return true
	})
	return elsewhere && err == nil
}

func (s *segment) simpleTag(tag element) {
	var name, text string
	err := tag.each(func(e element) bool {
		switch e.id {
		case idTagName:
			name = value.Text(e.text())
		case idTagString:
			text = value.Text(e.text())
		}
		return true
	})
	if err != nil {
		s.bad.Add("a tag: %v", err)
	}
	s.claim(strings.ToUpper(name), text)
}

// claim takes a tag by its name: those of the Matroska tag registry, and those
// that arrive with a video that was a phone's MP4 or MOV before.
func (s *segment) claim(name, text string) {
	switch name {
	case "DATE_RECORDED":
		if t, ok := value.ParseStamp(text); ok {
			s.to.Times = append(s.to.Times,
				claim.Time{Wall: t.Wall, Offset: t.Offset, HasOffset: t.HasOffset, Source: claim.MatroskaRecorded})
		}
	case "DESCRIPTION":
		claim.AddText(&s.to.Words, claim.MatroskaDescription, value.WithoutControls(text))
	case "COMMENT":
		claim.AddText(&s.to.Words, claim.MatroskaComment, value.WithoutControls(text))
	case "MAKE", "COM.APPLE.QUICKTIME.MAKE", "COM.ANDROID.MANUFACTURER":
		claim.AddText(&s.to.Makes, claim.Matroska, value.WithoutControls(text))
	case "MODEL", "COM.APPLE.QUICKTIME.MODEL", "COM.ANDROID.MODEL":
		claim.AddText(&s.to.Models, claim.Matroska, value.WithoutControls(text))
	case "RATING":
		if stars, err := strconv.Atoi(text); err == nil {
			s.to.AddRating(claim.Matroska, stars)
		}
	case "ROTATE":
		if degrees, err := strconv.Atoi(text); err == nil {
			s.rotation(float64(degrees))
		}
	}
}
