package quicktime_test

import (
	"math"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claim"
)

func TestEveryKnownTextOfTheUserDataIsClaimed(t *testing.T) {
	const words = "UserData:Description="
	for name, tt := range map[string]struct{ box, want string }{
		"make":                 {userText("\xa9mak", "Aldermere", english), "UserData=Aldermere"},
		"model":                {userText("\xa9mod", "Field 40", english), "UserData=Field 40"},
		"DJI's model":          {userText("\xa9mdl", "FC220", english), "UserData=FC220"},
		"one without a head":   {box("\xa9mdl", "FC220\x00"), "UserData=FC220"},
		"description":          {userText("\xa9des", "früh", english), words + "früh"},
		"comment":              {userText("\xa9cmt", "früh", english), words + "früh"},
		"with an @":            {userText("@mak", "Aldermere", english), "UserData=Aldermere"},
		"its model":            {userText("@mod", "Field 40", english), "UserData=Field 40"},
		"3GPP's description":   {box("dscp", zeros(4), be16(english), "früh\x00"), words + "früh"},
		"one in UTF-16":        {box("dscp", zeros(4), be16(english), "\xfe\xff\x00f\x00r\x00\xfc\x00h\x00\x00"), words + "früh"},
		"one without language": {box("dscp", zeros(4)), ""},
		"a phone's make":       {box("manu", zeros(6), "Aldermere\x00"), "UserData=Aldermere"},
		"a phone's model":      {box("modl", zeros(6), "Field 40\x00"), "UserData=Field 40"},
		"Canon's model":        {box("CNMN", "Canon EOS 5D\x00\x00\x00"), "UserData=Canon EOS 5D"},
		"another's model":      {box("cmnm", "DV-1"), "UserData=DV-1"},
		"serial number":        {box("slno", "0123"), "UserData=0123"},
		"another":              {box("SNum", "0123\x00"), "UserData=0123"},
		"an unknown box":       {box("\xa9swr", be16(3), be16(0), "7.1"), ""},
		"nothing":              {box("\xa9mak"), ""},
		"a text of nothing":    {userText("\xa9mak", "", 0), ""},
	} {
		if got := told(mustRead(t, name, movie(box("udta", box("????", "x"), tt.box)))); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestDatesOfTheUserData(t *testing.T) {
	const written, want = "2024-05-18T14:30:05+0200", "2024-05-18T14:30:05+02:00"
	for name, list := range map[string]string{
		"day":            userText("\xa9day", written, english),
		"with an @":      userText("@day", written, english),
		"bare":           box("date", written),
		"without a head": box("\xa9day", written),
	} {
		if got := firstTime(mustRead(t, name, movie(box("udta", list))), claim.UserDataDate); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestTextsAreReadInTheirEncodings(t *testing.T) {
	const dutch, german, notSaid, undetermined = 0x3a64, 2, 0x7fff, 0x55c4
	for name, tt := range map[string]struct {
		text     string
		language int
		want     string
	}{
		"UTF-8":                         {"früh ☃", dutch, "früh ☃"},
		"UTF-8 that nobody announced":   {"früh ☃", german, "früh ☃"},
		"UTF-8 of no language":          {"früh ☃", undetermined, "früh ☃"},
		"Macintosh":                     {"fr\x9fh \xf0\xa0\xff", german, "früh \uf8ff†ˇ"},
		"Macintosh, English":            {"fr\x9fh", 0, "früh"},
		"Macintosh, language not said":  {"fr\x9fh", notSaid, "früh"},
		"Windows":                       {"fr\xfch", dutch, "früh"},
		"UTF-16":                        {"\xfe\xff\x00f\x00r\x00\xfc\x00h\x26\x03", dutch, "früh☃"},
		"UTF-16 of the Macintosh":       {"\xfe\xff\x00f\x00r\x00\xfc\x00h", german, "früh"},
		"UTF-16, the other way":         {"\xff\xfef\x00r\x00\xfc\x00h\x00", dutch, "früh"},
		"with a zero at its end":        {"früh\x00", dutch, "früh"},
		"with control characters in it": {"fr\x01üh", dutch, "früh"},
	} {
		said := mustRead(t, name, movie(box("udta", userText("\xa9des", tt.text, tt.language))))
		if got := texts(said.Words, claim.UserDataDescription); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	two := box("\xa9des", be16(5), be16(0), "first", be16(6), be16(german), "second")
	if got := told(mustRead(t, "two languages", movie(box("udta", two)))); got != "UserData:Description=first" {
		t.Errorf("two languages: %q", got)
	}
	for name, b := range map[string]string{
		"a length beyond the box": box("\xa9des", be16(200), be16(0), "words"),
		"a box of a megabyte":     box("\xa9des", be16(5), be16(0), "words", zeros(1<<20)),
	} {
		if got := told(mustRead(t, name, movie(box("udta", b)))); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// places are positions as writers write them; without one for those that are none.
func places() map[string][2]float64 {
	return map[string][2]float64{
		"+51.5334-000.1255+025.0/":         {51.5334, -0.1255},
		"-33.856784+151.215297/":           {-33.856784, 151.215297},
		"-33.856784+151.215297":            {-33.856784, 151.215297},
		"-33.8568+151.2153-004CRSWGS_84/":  {-33.8568, 151.2153},
		"+5132.004-00007.53/":              {51.5334, -0.1255},
		"+513200.24-0000731.80/":           {51.5334, -0.1255},
		"-335124.42+1511255.07+12.3/":      {-33.856783, 151.215297},
		"+51-000/":                         {51, 0},
		"+5.5-3.25/":                       {5.5, -3.25},
		"51.5334 -0.1255":                  {51.5334, -0.1255},
		"51.5334, 0.1255, 25":              {51.5334, 0.1255},
		"(51.5334,-0.1255)":                {51.5334, -0.1255},
		"+00.0000+000.0000/":               {},
		"+91.0000+000.1255/":               {},
		"+51.5334+181.0000/":               {},
		"+51,5334-000,1255/":               {},
		"+51.5334":                         {},
		"51.5334 N 0.1255 W":               {},
		"N51.5334W000.1255":                {},
		"+51.53.34-000.1255/":              {},
		"+12345678-000.1255/":              {},
		"+-/":                              {},
		"somewhere":                        {},
		"":                                 {},
		"+9999999999999999999999999-1.0/":  {},
		"+51.5334-9999999999999999999.12/": {},
	}
}

func TestPlacesAreReadAsWritten(t *testing.T) {
	for written, want := range places() {
		for name, b := range map[string]string{
			"user data": box("udta", userText("\xa9xyz", written, english)),
			"@":         box("udta", userText("@xyz", written, english)),
			"keys":      box("meta", keyed("com.apple.quicktime.location.ISO6709", written)),
			"ffmpeg":    box("meta", keyed("location", written)),
		} {
			said := mustRead(t, written, movie(b))
			var got [2]float64
			if len(said.Places) > 0 {
				got = [2]float64{said.Places[0].Lat, said.Places[0].Lon}
			}
			if math.Abs(got[0]-want[0]) > 1e-6 || math.Abs(got[1]-want[1]) > 1e-6 {
				t.Errorf("%s %q: %v, want %v", name, written, got, want)
			}
		}
	}
}

func TestLocationsOf3GPP(t *testing.T) {
	numbers := be32(int(5.25*one)) + be32(int(-60.5*one)) + be32(0)
	for name, tt := range map[string]struct {
		body string
		ok   bool
	}{
		"without a name":   {zeros(4) + be16(english) + "\x00" + "\x00" + numbers + "earth\x00\x00", true},
		"with a name":      {zeros(4) + be16(english) + "Hafen\x00" + "\x01" + numbers, true},
		"named in UTF-16":  {zeros(4) + be16(english) + "\xfe\xff\x01\x00\x00H\x00\x00" + "\x00" + numbers, true},
		"cut in numbers":   {zeros(4) + be16(english) + "\x00" + "\x00" + numbers[:6], false},
		"a name for ever":  {zeros(4) + be16(english) + "Hafen", false},
		"cut in its head":  {zeros(4), false},
		"nowhere":          {zeros(4) + be16(english) + "\x00" + "\x00" + zeros(12), false},
		"beyond the poles": {zeros(4) + be16(english) + "\x00" + "\x00" + be32(0) + be32(100*one), false},
	} {
		said := mustRead(t, name, movie(box("udta", box("loci", tt.body))))
		if ok := len(said.Places) == 1; ok != tt.ok || ok && said.Places[0] != (claim.Place{Lat: -60.5, Lon: 5.25, Source: claim.UserData}) {
			t.Errorf("%s: %v", name, said.Places)
		}
	}
	both := box("udta", box("loci", zeros(4), be16(english), "\x00\x00", numbers), userText("\xa9xyz", "-60.500001+005.250001/", english))
	if said := mustRead(t, "both", movie(both)); said.Places[0].Lat != -60.500001 {
		t.Errorf("both: %v, want the one with more digits first", said.Places)
	}
}

func TestWindowsRatings(t *testing.T) {
	entry := func(name string, values string) string {
		e := be32(len(name)) + name + be32(1) + be32(6+len(values)) + be16(19) + values
		return be32(4+len(e)) + e
	}
	const rating = "WM/SharedUserRating"
	other := entry("WM/EncodingTime", zeros(8))
	for name, tt := range map[string]struct {
		body string
		want int
	}{
		"one":            {entry(rating, "\x01"+zeros(7)), 1},
		"two":            {entry(rating, "\x19"+zeros(7)), 2},
		"three":          {entry(rating, "\x32"+zeros(7)), 3},
		"four":           {entry(rating, "\x4b"+zeros(7)), 4},
		"five":           {entry(rating, "\x63"+zeros(7)), 5},
		"behind another": {other + entry(rating, "\x63"+zeros(7)), 5},
		"none":           {entry(rating, zeros(8)), 0},
		"too much":       {entry(rating, zeros(7)+"\x01"), 0},
		"cut":            {entry(rating, "\x63"), 0},
		"of another":     {entry("WM/SharedUserRatinG", "\x63"+zeros(7)), 0},
		"no list":        {be32(3), 0},
	} {
		got := 0
		if said := mustRead(t, name, movie(box("udta", box("Xtra", tt.body)))); len(said.Ratings) > 0 {
			got = said.Ratings[0].Value
		}
		if got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
}
