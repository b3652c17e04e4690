package png

import (
	"bytes"
	"compress/zlib"
	"io"
	"strings"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/value"
	"github.com/albumwright/albumwright/exif/internal/xmp"
)

const (
	// maxKeyword: a keyword has 1 to 79 bytes, PNG 11.3.3.2.
	maxKeyword = 79

	// maxLabels bounds the language and the translated keyword of an iTXt chunk.
	maxLabels = 512

	// maxUnpacked bounds what the packed chunks of one file may grow to. It is
	// more than metadata needs, and little enough to be unpacked in no time.
	maxUnpacked = 2 << 20

	// maxProfile bounds one profile, which is written with two digits a byte.
	maxProfile = 1 << 20

	keyXMP         = "XML:com.adobe.xmp" // XMP specification part 3, 1.1.5
	keyProfile     = "Raw profile type " // ImageMagick's
	keyDescription = "Description"       // PNG 11.3.3.2, as is the next
	keySoftware    = "Software"
)

// text reads a chunk of one of the three kinds of text, if its keyword is one
// that tells a fact. Dates are not among them: "Creation Time" and what other
// programs have for it is mostly when the file was written.
func (r *reader) text(c chunk) {
	b, err := c.body.At(0, int(min(c.body.Size(), maxKeyword+1)))
	if err != nil {
		r.bad.Add("a %s chunk cannot be read: %v", c.kind, err)
		return
	}
	word, _, ok := bytes.Cut(b, []byte{0})
	if !ok {
		return
	}
	key := string(word)
	profile, isProfile := strings.CutPrefix(key, keyProfile)
	if isProfile && !isWantedProfile(profile) || !isProfile && !isWantedKey(key) {
		return
	}
	if r.texts++; r.texts > maxTexts {
		return
	}
	v, ok := valueOf(c, int64(len(word)+1))
	switch {
	case !ok:
		r.bad.Add("the text %q is cut short", key)
	case isProfile:
		r.profile(v)
	case key == keyXMP:
		r.xmp(v)
	default:
		r.words(key, v)
	}
}

// isWantedKey knows the keywords that are read; programs forget the capital.
func isWantedKey(key string) bool {
	return key == keyXMP || strings.EqualFold(key, keyDescription) || strings.EqualFold(key, keySoftware)
}

// packable is a text that may be packed.
type packable struct {
	body   file.Block
	packed bool
}

// valueOf finds the text behind the keyword and its NUL: PNG 11.3.3.3, 11.3.3.4
// and 11.3.3.5. It returns false if there is none.
func valueOf(c chunk, at int64) (packable, bool) {
	switch c.kind {
	case "tEXt":
		return packable{body: c.body.From(at)}, true
	case "zTXt": // one byte tells the method, of which there is one
		return packable{body: c.body.From(at + 1), packed: true}, c.body.Size() > at
	}
	// iTXt: whether it is packed, how, the language and a translated keyword, both
	// with a NUL at their end.
	b, err := c.body.At(at, int(min(max(c.body.Size()-at, 0), maxLabels)))
	if err != nil || len(b) < 2 {
		return packable{}, false
	}
	packed, end := b[0] != 0, 2
	for range 2 {
		n := bytes.IndexByte(b[end:], 0)
		if n < 0 {
			return packable{}, false
		}
		end += n + 1
	}
	return packable{body: c.body.From(at + int64(end)), packed: packed}, true
}

// xmp reads a packet, which alone may be long.
func (r *reader) xmp(v packable) {
	packet, err := v.body.Long()
	if err != nil {
		r.bad.Add("the XMP packet cannot be read: %v", err)
		return
	}
	if v.packed {
		packet = r.unpack(packet, maxUnpacked)
	}
	xmp.Read(packet, r.to, r.bad)
}

// words reads a description, and knows the program whose pictures are all
// screenshots. Text is Latin-1 or UTF-8, depending on the kind of chunk; those
// who write UTF-8 into the wrong one are understood, too.
func (r *reader) words(key string, v packable) {
	s := value.Text(r.bytes(v, file.MaxValue))
	if strings.EqualFold(key, keyDescription) {
		claim.AddText(&r.to.Words, claim.PNGText, value.WithoutControls(s))
		return
	}
	if s == "gnome-screenshot" {
		r.to.Screenshot = true
	}
}

// bytes returns a text of at most limit bytes, unpacked; nothing if it is longer,
// because nobody writes that.
func (r *reader) bytes(v packable, limit int) []byte {
	if v.body.Size() > int64(limit) {
		return nil
	}
	b, err := v.body.At(0, int(v.body.Size()))
	if err != nil {
		r.bad.Add("a text cannot be read: %v", err)
		return nil
	}
	if v.packed {
		return r.unpack(b, limit)
	}
	return b
}

// unpack inflates to at most limit bytes; nothing if there are more.
func (r *reader) unpack(packed []byte, limit int) []byte {
	limit = min(limit, maxUnpacked-r.unpacked)
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		r.bad.Add("a packed text is damaged: %v", err)
		return nil
	}
	var plain bytes.Buffer
	n, err := io.Copy(&plain, io.LimitReader(z, int64(limit)+1))
	r.unpacked += int(n)
	if err != nil {
		r.bad.Add("a packed text is damaged: %v", err)
		return nil
	}
	if n > int64(limit) {
		return nil
	}
	return plain.Bytes()
}
