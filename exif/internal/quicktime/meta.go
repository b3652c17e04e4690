package quicktime

import (
	"encoding/binary"
	"strings"

	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/file"
)

const (
	// maxKeys bounds the keys of one list. Phones have ten.
	maxKeys = 256

	// maxKey is longer than the name of any wanted key.
	maxKey = 128
)

// keyTopics are the wanted keys, in the order in which they are believed, with
// the prefixes of [prefixes] cut off. QuickTime Metadata Keys; Android's and
// Samsung's are as their phones write them, "date" as ffmpeg does.
var keyTopics = []struct {
	key   string
	about topic
}{
	{"creationdate", date},
	{"date", date},
	{"make", maker},
	{"manufacturer", maker},
	{"model", model},
	{"modelname", model},
	{"serialno", serial},
	{"location.ISO6709", place},
	{"location", place},
	{"description", description},
	{"comment", comment},
	{"content.identifier", contentID},
	{"rating.user", rating},
	{"utc_offset", zone},
}

var prefixes = []string{
	"com.apple.quicktime.", "com.apple.proapps.", "com.android.", "com.samsung.android.", "samsung.android.",
}

// itemTopics are the wanted items of lists without keys, which began with
// iTunes.
var itemTopics = map[string]topic{
	"\xa9day": date,
	"\xa9mak": maker,
	"\xa9mod": model,
	"\xa9xyz": place,
	"\xa9des": description,
	"desc":    description,
	"ldes":    description,
	"dscp":    description,
	"\xa9cmt": comment,
}

// meta reads a meta box.
func (r *reader) meta(body file.Block) {
	gather(body)
	r.src.Ahead(nearAhead)
	defer r.pace()
	var keys []string
	var items file.Block
	err := r.each(boxesOfMeta(body), func(b bmff.Box) bool {
		switch b.Type {
		case "keys":
			keys = readKeys(b.Body)
		case "ilst":
			items = b.Body
		case "xml ":
			r.nonRealTime(b.Body)
		}
		return true
	})
	if err != nil {
		r.bad.Add("the boxes of the metadata end: %v", err)
	}
	r.items(items, keys)
}

// boxesOfMeta skips the version of a meta box, which ISO/IEC 14496-12 section
// 8.11.1 has and QuickTime has not: its first box, the handler, tells which.
func boxesOfMeta(body file.Block) file.Block {
	if b, err := body.At(4, 4); err == nil && string(b) == "hdlr" {
		return body
	}
	return body.From(4)
}

// readKeys reads the names to which the items point by their number.
func readKeys(body file.Block) []string {
	f := bmff.Fields{Body: body}
	f.Full()
	count := int(min(f.Uint(4), maxKeys))
	var keys []string
	for range count {
		size := int64(f.Uint(4)) - 8
		f.Skip(4) // the kind of name
		if f.Err != nil || size < 0 {
			break
		}
		name := ""
		if size <= maxKey {
			b, err := body.At(f.At, int(size))
			if err != nil {
				break
			}
			name = withoutPrefix(string(b))
		}
		keys = append(keys, name)
		f.Skip(size)
	}
	return keys
}

func withoutPrefix(key string) string {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(key, p); ok {
			return rest
		}
	}
	return key
}

// items reads a list of items. An item's type is the number of its key, from 1,
// or, as in the user data from which these lists come, its name.
func (r *reader) items(list file.Block, keys []string) {
	found := map[string]string{}
	err := r.each(list, func(b bmff.Box) bool {
		if about, ok := itemTopics[b.Type]; ok {
			r.claim(about, fromUser, datum(b.Body))
			return true
		}
		n := binary.BigEndian.Uint32([]byte(b.Type))
		if n < 1 || int64(n) > int64(len(keys)) {
			return true
		}
		if key := keys[n-1]; isWanted(key) && found[key] == "" {
			found[key] = datum(b.Body)
		}
		return true
	})
	if err != nil {
		r.bad.Add("the items of the metadata end: %v", err)
	}
	for _, t := range keyTopics {
		r.claim(t.about, fromKeys, found[t.key])
	}
}

func isWanted(key string) bool {
	for _, t := range keyTopics {
		if t.key == key {
			return true
		}
	}
	return false
}
