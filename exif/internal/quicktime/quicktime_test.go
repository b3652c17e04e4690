package quicktime_test

import (
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/exif/internal/quicktime"
	"github.com/albumwright/albumwright/internal/fixture"
)

const headerTime = "2024-05-18T12:30:05Z"

func TestTheMovieIsFoundWhereverItStands(t *testing.T) {
	moov := box("moov", mvhd(at2024, 1000, 2500), picture())
	endless := be32(0) + moov[4:]
	fragment := box("moof", zeros(200)) + box("mdat", "pictures")
	tests := map[string]string{
		"in front of the pictures":          ftyp() + moov + box("mdat", "pictures"),
		"behind them":                       ftyp() + box("mdat", zeros(5000)) + moov,
		"behind a box of 64 bits":           ftyp() + longBox("mdat", zeros(5000)) + moov,
		"in a box of 64 bits":               ftyp() + box("mdat", "pictures") + longBox("moov", moov[8:]),
		"in a box without a size":           ftyp() + box("mdat", "pictures") + endless,
		"before a box without a size":       ftyp() + moov + be32(0) + "mdat" + zeros(5000),
		"without brands":                    moov + box("mdat", "pictures"),
		"without brands, behind wide":       box("wide") + box("mdat", "pictures") + moov,
		"without brands, behind a preview":  box("pnot", zeros(12)) + box("PICT", zeros(700)) + box("skip", "x") + box("free") + moov,
		"in front of fragments":             ftyp() + moov + strings.Repeat(fragment, 500),
		"in front of zeros":                 ftyp() + moov + zeros(100),
		"in front of what is no box":        ftyp() + moov + "\x00\x00\x00\x03 some trailer",
		"behind boxes that nobody knows":    ftyp() + box("????", zeros(600)) + box("\xff\x00ab") + moov,
		"with a list that ends with zeros":  ftyp() + box("moov", moov[8:], box("udta", userText("\xa9mak", "A", 0), zeros(4))),
		"with a header that was compressed": ftyp() + box("moov", box("cmov", zeros(50)), moov[8:]),
	}
	for name, movie := range tests {
		said := mustRead(t, name, movie)
		if got := firstTime(said, claim.QuickTimeCreated); got != headerTime {
			t.Errorf("%s: time %q", name, got)
		}
		if len(said.Sizes) != 1 || said.Sizes[0] != (claim.Size{Width: 64, Height: 48, Source: claim.Header}) {
			t.Errorf("%s: sizes %v", name, said.Sizes)
		}
	}
}

func TestADamagedMovieIsReadAsFarAsItGoes(t *testing.T) {
	whole := movie(box("udta", userText("\xa9mak", "Aldermere", english)))
	tests := []struct {
		name, movie, says string
		time              string
	}{
		{"cut in its pictures", whole[:len(whole)-3], "inside of its pictures", headerTime},
		{"cut in its header", whole[:len(ftyp())+8+108+40], "cut short", headerTime},
		{"cut before its header", ftyp() + box("mdat", zeros(5000))[:700], "inside of its pictures", ""},
		{"cut in mvhd", ftyp() + box("moov", mvhd(at2024, 1000, 2500))[:20], "cut short", ""},
		{"no header at all", ftyp() + box("mdat", "pictures"), "no movie header", ""},
		{"fragments of another file", box("ftyp", "iso5") + box("moof", zeros(20)), "no movie header", ""},
		{"a box smaller than its head", ftyp() + be32(7) + "free", "no movie header", ""},
		{"a box like that inside", ftyp() + box("moov", mvhd(at2024, 1000, 2500), be32(5)+"udta"), "movie header end", headerTime},
		{"a mvhd without its end", ftyp() + box("moov", box("mvhd", zeros(9)), picture()), "movie header", ""},
		{"a broken list of user data", movie(box("udta", be32(3)+"abcd")), "user data end", headerTime},
		{"a broken list of items", movie(box("meta", hdlr("mdta"), box("ilst", be32(3)+"abcd"))), "items", headerTime},
		{"a broken track", ftyp() + box("moov", mvhd(at2024, 1000, 2500), box("trak", be32(3)+"abcd")), "track end", headerTime},
	}
	for _, tt := range tests {
		a := read(tt.movie)
		if (a.Complaint == "") != (tt.says == "") || !strings.Contains(a.Complaint, tt.says) {
			t.Errorf("%s: complaint %q, want one with %q", tt.name, a.Complaint, tt.says)
		}
		if got := firstTime(a.Set, claim.QuickTimeCreated); got != tt.time {
			t.Errorf("%s: time %q, want %q", tt.name, got, tt.time)
		}
	}
}

func TestTheTimeOfTheHeaderIsAnInstantOrAbsent(t *testing.T) {
	const unixEpoch = 2_082_844_800
	wide := func(created, duration int) string {
		return box("mvhd", be32(1<<24), be64(created), be64(created), be32(1000), be64(duration), zeros(80))
	}
	tests := map[string]struct{ header, want string }{
		"32 bits":                    {mvhd(at2024, 1000, 1), headerTime},
		"64 bits":                    {wide(at2024, 1), headerTime},
		"64 bits, behind 2040":       {wide(5_000_000_000, 1), "2062-06-10T08:53:20Z"},
		"1971":                       {mvhd(unixEpoch+365*86_400, 1000, 1), "1971-01-01T00:00:00Z"},
		"counted from 1970":          {mvhd(1_720_000_000, 1000, 1), "2024-07-03T09:46:40Z"},
		"counted from 1970, 64 bits": {wide(1_720_000_000, 1), "2024-07-03T09:46:40Z"},
		"nothing":                    {mvhd(0, 1000, 1), ""},
		"1970":                       {mvhd(unixEpoch, 1000, 1), ""},
		"a clock that was never set": {mvhd(unixEpoch+3600, 1000, 1), ""},
		"the same, from 1970":        {mvhd(3600, 1000, 1), ""},
		"before movies":              {mvhd(600_000_000, 1000, 1), ""},
		"all ones":                   {mvhd(math.MaxUint32, 1000, 1), ""},
		"all ones, 64 bits":          {wide(-1, 1), ""},
		"milliseconds":               {wide(1_720_000_000_000, 1), ""},
	}
	for name, tt := range tests {
		said := mustRead(t, name, ftyp()+box("moov", tt.header, picture()))
		if got := firstTime(said, claim.QuickTimeCreated); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestAPhonesZoneMakesAWallClockOfTheHeadersTime(t *testing.T) {
	for _, key := range []string{"com.samsung.android.utc_offset", "samsung.android.utc_offset"} {
		for offset, want := range map[string]string{
			"+0200": "2024-05-18T14:30:05+02:00", "-03:30": "2024-05-18T09:00:05-03:30", "+0000": "2024-05-18T12:30:05+00:00",
			"+9900": headerTime, "": headerTime, "summer": headerTime,
		} {
			said := mustRead(t, offset, movie(box("meta", zeros(4), keyed("com.android.version", "14", key, offset))))
			if got := firstTime(said, claim.QuickTimeCreated); got != want {
				t.Errorf("%s %q: %q, want %q", key, offset, got, want)
			}
		}
	}
}

func TestTheDurationIsThatOfTheHeaderOrElseOfItsFragmentsOrItsTrack(t *testing.T) {
	track := func(units int) string { return trak(tkhd(one, one, units, upright()), mdia("vide")) }
	mehd := func(units int) string { return box("mvex", box("mehd", zeros(4), be32(units)), box("trex", zeros(24))) }
	wideMehd := box("mvex", box("mehd", be32(1<<24), be64(90_000)))
	tests := map[string]struct {
		boxes string
		want  time.Duration
	}{
		"header":              {mvhd(0, 600, 300) + track(9999), 500 * time.Millisecond},
		"fragments":           {mvhd(0, 1000, 0) + track(0) + mehd(12_345), 12_345 * time.Millisecond},
		"fragments, 64 bits":  {mvhd(0, 1000, 0) + track(0) + wideMehd, 90 * time.Second},
		"track":               {mvhd(0, 1000, 0) + track(777), 777 * time.Millisecond},
		"unknown, then track": {mvhd(0, 1000, math.MaxUint32) + track(777), 777 * time.Millisecond},
		"nothing":             {mvhd(0, 1000, 0) + track(0), 0},
		"unknown":             {mvhd(0, 1000, math.MaxUint32) + track(math.MaxUint32), 0},
		"no scale":            {mvhd(0, 0, 300) + track(300), 0},
		"a month":             {mvhd(0, 1, 30*86_400) + track(0), 0},
	}
	for name, tt := range tests {
		said := mustRead(t, name, ftyp()+box("moov", tt.boxes))
		got := time.Duration(0)
		if len(said.Durations) > 0 {
			got = said.Durations[0].Value
		}
		if got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// sparse is a file with a hole of zeros between its head and its tail.
type sparse struct {
	head, tail string
	hole       int64
}

func (s sparse) size() int64 { return int64(len(s.head)) + s.hole + int64(len(s.tail)) }

func (s sparse) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		at := off + int64(i)
		switch tail := at - int64(len(s.head)) - s.hole; {
		case at < int64(len(s.head)):
			p[i] = s.head[at]
		case tail < 0:
			p[i] = 0
		case tail < int64(len(s.tail)):
			p[i] = s.tail[tail]
		default:
			return i, io.EOF
		}
	}
	return len(p), nil
}

// like an iPhone's: pictures, sound, and three tracks of measurements with the
// tables of their samples, then the keys.
func phoneMovie() string {
	tables := box("minf", box("stbl", zeros(6000)))
	measured := strings.Repeat(trak(tkhd(0, 0, 1000, upright()), mdia("meta", tables)), 3)
	return box("moov", mvhd(at2024, 600, 60_000),
		trak(tkhd(1920*one, 1080*one, 1000, upright()), mdia("vide", tables), box("tapt", zeros(60)), box("edts", zeros(28))),
		trak(tkhd(0, 0, 1000, upright()), mdia("soun", tables)), measured,
		box("meta", keyed(
			"com.apple.quicktime.location.accuracy.horizontal", "14.986921", "com.apple.quicktime.location.ISO6709", "+60.3913+005.3221+012.345/",
			"com.apple.quicktime.make", "Apple", "com.apple.quicktime.model", "iPhone 15 Pro", "com.apple.quicktime.software", "17.5.1",
			"com.apple.quicktime.creationdate", "2024-05-18T14:30:05+0200", "com.apple.quicktime.content.identifier", "6B29FC40-CA47-1067-B31D-00DD010662DA")))
}

func TestAMovieBehindAGigabyteOfPicturesCostsLittle(t *testing.T) {
	moov := box("moov", mvhd(at2024, 1000, 2500), picture(), box("udta", userText("\xa9xyz", "+60.3913+005.3221/", english)))
	const hole = 1 << 30
	tests := map[string]struct {
		moov  string
		bytes int64
		calls int
	}{
		"of a camera":   {moov, 1024, 2},
		"of an iPhone":  {phoneMovie(), 2048, 8},
		"of a fragment": {box("moov", mvhd(at2024, 1000, 0), picture(), box("mvex", box("mehd", zeros(4), be32(9)))), 1024, 2},
	}
	for name, tt := range tests {
		for _, s := range []sparse{
			{ftyp() + be32(8+hole) + "mdat", tt.moov, hole},
			{ftyp() + be32(1) + "mdat" + be64(16+8*hole), tt.moov, 8 * hole},
		} {
			a := claimtest.ReadFrom(quicktime.Read, s, s.size())
			if a.Complaint != "" || firstTime(a.Set, claim.QuickTimeCreated) != headerTime {
				t.Errorf("%s: times %v, complaint %q", name, a.Times, a.Complaint)
			}
			if a.Bytes > tt.bytes || a.Calls > tt.calls {
				t.Errorf("%s: %d bytes in %d reads, want at most %d in %d", name, a.Bytes, a.Calls, tt.bytes, tt.calls)
			}
		}
	}
}

func TestHostileMoviesStayWithinTheirBounds(t *testing.T) {
	nest := func(n int, inner string) string {
		for range n {
			inner = box("udta", inner)
		}
		return inner
	}
	many := func(n int, s string) string { return strings.Repeat(s, n) }
	const mostBytes, mostCalls, mostMemory = 256 << 10, 2000, 8 << 20
	tests := map[string]string{
		"a million empty boxes":      box("moov", many(1<<20, box("udta"))),
		"tracks without end":         ftyp() + box("moov", many(20_000, trak(tkhd(0, 0, 0, upright()), mdia("soun")))),
		"lists in lists":             ftyp() + box("moov", many(64, box("udta", many(1000, box("meta", zeros(4), many(100, box("ilst"))))))),
		"deep lists":                 ftyp() + box("moov", nest(5000, "")),
		"many headers":               ftyp() + many(5000, box("moov", mvhd(at2024, 1000, 1), box("udta", many(500, userText("\xa9mak", "A", 0))))),
		"a count of keys":            movie(box("meta", hdlr("mdta"), box("keys", zeros(4), be32(-1), many(70_000, be32(8)+"mdta")))),
		"keys of a gigabyte":         movie(box("meta", hdlr("mdta"), box("keys", zeros(4), be32(9), be32(1<<30)+"mdta"))),
		"a thousand stills":          movie(box("udta", many(1000, box("CNTH", box("CNDA", string(fixture.TinyJPEG(1, time.Now()))))))),
		"a document of open tags":    movie(box("meta", zeros(4), box("xml ", zeros(4), "NonRealTimeMeta", many(20_000, "<a>")))),
		"texts of a megabyte":        movie(box("udta", userText("\xa9des", many(1<<20, "w"), 0), box("dscp", many(1<<20, "w")))),
		"a list of GoPro in circles": movie(box("udta", box("GPMF", many(100_000, "DEVC\x00\x00\x00\x00")))),
	}
	for name, movie := range tests {
		content := []byte(movie)
		var a claimtest.Answer
		used := claimtest.Allocated(func() { a = claimtest.Read(quicktime.Read, content) })
		if a.Bytes > mostBytes || a.Calls > mostCalls {
			t.Errorf("%s: %d bytes in %d reads, want at most %d in %d", name, a.Bytes, a.Calls, mostBytes, mostCalls)
		}
		if used > mostMemory {
			t.Errorf("%s: %d bytes of memory, want at most %d", name, used, mostMemory)
		}
	}
}
