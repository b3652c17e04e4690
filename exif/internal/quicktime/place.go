package quicktime

import (
	"strconv"
	"strings"

	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// parsePlace reads a position as ISO 6709 annex H writes it, "+60.391-005.322/",
// with an altitude or not, and what others write for it: two numbers with
// anything between them.
func parsePlace(s string) (lat, lon float64, ok bool) {
	first, rest := cutNumber(s)
	second, behind := cutNumber(rest)
	// Both have a sign, or neither needs one; letters would be another way to
	// name the hemisphere.
	read := s[:len(s)-len(behind)]
	if isSigned(first) && !isSigned(second) || strings.ContainsAny(read, "NSEWnsew") {
		return 0, 0, false
	}
	const latDegrees, lonDegrees = 2, 3
	lat, okLat := angle(first, latDegrees)
	lon, okLon := angle(second, lonDegrees)
	return lat, lon, okLat && okLon
}

func isSigned(s string) bool { return strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-") }

// cutNumber finds a number with its sign; a second sign begins the next one.
func cutNumber(s string) (number, rest string) {
	start := strings.IndexAny(s, "+-0123456789")
	if start < 0 {
		return "", ""
	}
	end := start + 1
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.') {
		end++
	}
	return s[start:end], s[end:]
}

// angle reads degrees, of which there are at most digits before the point. More
// digits are minutes, and then seconds: "+5132.004", "+513200.24". Fewer digits
// than the standard asks for are degrees still.
func angle(s string, digits int) (float64, bool) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, false
	}
	whole, _, _ := strings.Cut(strings.TrimLeft(s, "+-"), ".")
	negative := strings.HasPrefix(s, "-")
	if negative {
		v = -v
	}
	switch len(whole) {
	case digits + 2:
		v = float64(int(v/100)) + mod(v, 100)/60
	case digits + 4:
		v = float64(int(v/10_000)) + float64(int(mod(v, 10_000)/100))/60 + mod(v, 100)/3600
	default:
		if len(whole) > digits {
			return 0, false
		}
	}
	if negative {
		v = -v
	}
	return v, true
}

// mod is what is left of v above a multiple of n.
func mod(v float64, n int) float64 { return v - float64(int(v)/n*n) }

// location reads the loci box of 3GPP TS 26.244 section 8.2.9: version and flags,
// language, a name, its role, longitude, latitude and altitude with 16 bits behind
// the point.
func (r *reader) location(body file.Block) {
	const name = 6
	b := bounded(body)
	if len(b) < name {
		return
	}
	at := int64(name + len(name3GPP(b[name:])))
	f := bmff.Fields{Body: body, At: at + 1}
	lon, lat := fixed(f.Uint(4)), fixed(f.Uint(4))
	if f.Err == nil {
		r.to.AddPlace(claim.UserData, lat, lon)
	}
}

// name3GPP is a text of 3GPP with the zero that ends it: of two bytes if it
// begins as UTF-16.
func name3GPP(b []byte) []byte {
	width := 1
	if len(b) >= 2 && (b[0] == 0xfe && b[1] == 0xff || b[0] == 0xff && b[1] == 0xfe) {
		width = 2
	}
	for i := 0; i+width <= len(b); i += width {
		if b[i] == 0 && b[i+width-1] == 0 {
			return b[:i+width]
		}
	}
	return b
}

func fixed(v uint64) float64 { return float64(int32(v)) / (1 << 16) }
