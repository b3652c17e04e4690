// Package iptc reads IPTC-IIM, the news agencies' datasets, and Photoshop's image
// resources, in which they mostly stand.
package iptc

import (
	"encoding/binary"
	"strings"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// IPTC-IIM 4.2, chapters 1 and 6: what a dataset begins with, and the numbers of
// those in the application record that are wanted.
const (
	marker      = 0x1c
	headSize    = 5 // marker, record, dataset, length
	application = 2

	dateCreated = 55
	timeCreated = 60
	caption     = 120

	// extended marks a length that is the number of bytes of the real length.
	extended       = 0x8000
	maxLengthBytes = 4 // of the real length; more would be for gigabytes

	// maxDatasets bounds those of one block: each keyword is one, and archives
	// give hundreds.
	maxDatasets = 10_000
)

// Read claims what a run of IPTC-IIM datasets says: the date with the time of day
// when the picture was made, and its caption. A date without a time is none.
//
// Texts are taken for UTF-8 if they can be, and else for windows-1252. The
// character set in dataset 1:90 is not asked: many writers of UTF-8 leave it out,
// others name it in front of other bytes, and no third one is met.
func Read(datasets []byte, to *claim.Set, bad *file.Complaints) {
	found := map[byte]string{}
	for n := 0; n < maxDatasets && len(datasets) >= headSize && datasets[0] == marker; n++ {
		d, rest, ok := next(datasets)
		if !ok {
			bad.Add("an IPTC dataset is cut short")
			break
		}
		datasets = rest
		if d.record != application || d.number != dateCreated && d.number != timeCreated && d.number != caption {
			continue
		}
		if found[d.number] == "" {
			found[d.number] = value.Text(d.value)
		}
	}
	if t, ok := moment(found[dateCreated], found[timeCreated]); ok {
		to.Times = append(to.Times, t)
	}
	claim.AddText(&to.Words, claim.IPTCCaption, value.WithoutControls(found[caption]))
}

// dataset is one value with its numbers.
type dataset struct {
	record, number byte
	value          []byte
}

// next cuts the first dataset off b, which has its head.
func next(b []byte) (d dataset, rest []byte, ok bool) {
	d = dataset{record: b[1], number: b[2]}
	length := int64(binary.BigEndian.Uint16(b[3:]))
	b = b[headSize:]
	if length&extended != 0 {
		n := length &^ extended
		if n > maxLengthBytes || n > int64(len(b)) {
			return dataset{}, nil, false
		}
		length = 0
		for _, c := range b[:n] {
			length = length<<8 | int64(c)
		}
		b = b[n:]
	}
	if length > int64(len(b)) {
		return dataset{}, nil, false
	}
	d.value = b[:length]
	return d, b[length:], true
}

// moment reads a date, "20240518", and a time of day, "143005+0200"; the offset
// may be missing. Some programs put separators in.
func moment(date, clock string) (claim.Time, bool) {
	const day, second = len("20240518"), len("143005")
	date = strings.NewReplacer("-", "", ":", "", "/", "", ".", "").Replace(date)
	clock = strings.ReplaceAll(clock, ":", "")
	if len(date) != day || len(clock) < second {
		return claim.Time{}, false
	}
	s, ok := value.ParseStamp(date[:4] + "-" + date[4:6] + "-" + date[6:] +
		"T" + clock[:2] + ":" + clock[2:4] + ":" + clock[4:6] + clock[6:])
	return claim.Time{Wall: s.Wall, Offset: s.Offset, HasOffset: s.HasOffset, Source: claim.IPTCDateCreated}, ok
}
