package quicktime_test

import (
	"math"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/internal/fixture"
)

// told is all that a movie says in texts, as one text.
func told(said claim.Set) string {
	var out []string
	for _, list := range [][]claim.Text{said.Makes, said.Models, said.Serials, said.Words, said.ContentIDs} {
		for _, c := range list {
			out = append(out, c.Source+"="+c.Value)
		}
	}
	return strings.Join(out, " ")
}

func TestEveryKnownKeyIsClaimed(t *testing.T) {
	tests := map[string]struct{ key, value, want string }{
		"Apple's make":      {"com.apple.quicktime.make", "Apple", "Keys=Apple"},
		"Apple's model":     {"com.apple.quicktime.model", "iPhone 15", "Keys=iPhone 15"},
		"Android's make":    {"com.android.manufacturer", "Google", "Keys=Google"},
		"Android's model":   {"com.android.model", "Pixel 8", "Keys=Pixel 8"},
		"a studio's maker":  {"com.apple.proapps.manufacturer", "Aldermere", "Keys=Aldermere"},
		"a studio's model":  {"com.apple.proapps.modelname", "Field 40", "Keys=Field 40"},
		"a studio's serial": {"com.apple.proapps.serialno", "0123", "Keys=0123"},
		"without a prefix":  {"model", "Field 40", "Keys=Field 40"},
		"description":       {"com.apple.quicktime.description", "früh ☃", "Keys:Description=früh ☃"},
		"comment":           {"com.apple.quicktime.comment", "früh", "Keys:Description=früh"},
		"a Live Photo's":    {"com.apple.quicktime.content.identifier", "6B29FC40", "Keys=6B29FC40"},
		"spaces and zeros":  {"com.apple.quicktime.make", " Apple \x00\x00", "Keys=Apple"},
		"nothing":           {"com.apple.quicktime.make", "", ""},
		"another key":       {"com.apple.quicktime.software", "17.5.1", ""},
		"a very long key":   {strings.Repeat("com.apple.quicktime.", 50), "x", ""},
	}
	for name, tt := range tests {
		list := keyed("com.android.version", "14", tt.key, tt.value)
		for form, moov := range map[string]string{
			"QuickTime": box("meta", list), "ISO": box("meta", zeros(4), list), "in user data": box("udta", box("meta", zeros(4), list)),
		} {
			if got := told(mustRead(t, name, movie(moov))); got != tt.want {
				t.Errorf("%s, %s: %q, want %q", name, form, got, tt.want)
			}
		}
	}
}

func TestTheFirstOfTwoKeysForOneFactIsTheMoreTelling(t *testing.T) {
	said := mustRead(t, "keys", movie(box("meta", keyed(
		"date", "2020-01-01T01:01:01+0100", "com.apple.quicktime.comment", "a comment",
		"com.apple.quicktime.creationdate", "2024-05-18T14:30:05+0200", "com.apple.quicktime.description", "a description"))))
	if got := firstTime(said, claim.KeysCreationDate); got != "2024-05-18T14:30:05+02:00" {
		t.Errorf("time %q", got)
	}
	if got := texts(said.Words, claim.KeysDescription); got != "a description|a comment" {
		t.Errorf("words %q", got)
	}
}

func TestItemsAreReadByTheTypeOfTheirData(t *testing.T) {
	item := func(kind int, value string) string {
		return movie(box("meta", hdlr("mdta"), box("keys", zeros(4), be32(1), be32(8+11)+"mdtarating.user"),
			box("ilst", box(be32(1), box("data", be32(kind), zeros(4), value)))))
	}
	for name, tt := range map[string]struct {
		kind  int
		value string
		want  int
	}{
		"UTF-8":            {1, "4", 4},
		"UTF-16":           {2, "\x004", 4},
		"without a type":   {0, "4", 4},
		"one byte":         {21, "\x04", 4},
		"four bytes":       {21, be32(4), 4},
		"below zero":       {21, "\xff", -1},
		"above zero":       {22, be32(4), 4},
		"32 bits":          {23, be32(int(math.Float32bits(4))), 4},
		"64 bits":          {24, be64(int(math.Float64bits(3.6))), 4},
		"no stars":         {23, be32(0), 0},
		"too many":         {21, "\x63", 0},
		"not a number":     {23, be32(int(math.Float32bits(float32(math.NaN())))), 0},
		"nine bytes":       {21, zeros(8) + "\x04", 0},
		"a float cut":      {23, "\x40\x80", 0},
		"nothing":          {21, "", 0},
		"a picture's type": {13, "\xff\xd8", 0},
	} {
		got := 0
		if said := mustRead(t, name, item(tt.kind, tt.value)); len(said.Ratings) > 0 {
			got = said.Ratings[0].Value
		}
		if got != tt.want {
			t.Errorf("%s: %d stars, want %d", name, got, tt.want)
		}
	}
}

func TestItemsThatPointToNoKeyArePassedOver(t *testing.T) {
	data := func(s string) string { return box("data", be32(1), be32(0), s) }
	keys := box("keys", zeros(4), be32(1), be32(8+4)+"mdtamake")
	said := mustRead(t, "items", movie(box("meta", hdlr("mdta"), keys, box("ilst",
		box(be32(2), data("two")), box(be32(1), "no data"), box(be32(-1), data("minus")), box(be32(1), data("right"))))))
	if got := texts(said.Makes, claim.Keys); got != "right" {
		t.Errorf("makes %q", got)
	}
	said = mustRead(t, "items before keys", movie(box("meta", hdlr("mdta"), box("ilst", box(be32(1), data("right"))), keys)))
	if got := texts(said.Makes, claim.Keys); got != "right" {
		t.Errorf("items before keys: makes %q", got)
	}
}

func TestItemsWithoutKeysBelongToTheUserData(t *testing.T) {
	data := func(kind, s string) string { return box(kind, box("data", be32(1), be32(0), s)) }
	list := hdlr("mdir") + box("ilst",
		data("\xa9cmt", "a comment"), data("\xa9too", "an encoder"), data("desc", "a description"),
		data("\xa9day", "2024-05-18T14:30:05+0200"), data("\xa9mak", "Aldermere"), data("\xa9xyz", "+60.3913+005.3221/"))
	for name, file := range map[string]string{
		"in the movie":     movie(box("meta", zeros(4), list)),
		"in its user data": movie(box("udta", userText("\xa9day", "2020-01-01T01:01:01", 0), box("meta", zeros(4), list))),
		"at the top":       movie() + box("meta", zeros(4), list),
	} {
		said := mustRead(t, name, file)
		if got := told(said); got != "UserData=Aldermere UserData:Description=a description UserData:Description=a comment" {
			t.Errorf("%s: %q", name, got)
		}
		if got := firstTime(said, claim.UserDataDate); got != "2024-05-18T14:30:05+02:00" {
			t.Errorf("%s: time %q", name, got)
		}
		if len(said.Places) != 1 {
			t.Errorf("%s: places %v", name, said.Places)
		}
	}
}

func TestDatesAreReadAsWritersWriteThem(t *testing.T) {
	for date, want := range map[string]string{
		"2024-05-18T14:30:05+0200":      "2024-05-18T14:30:05+02:00",
		"2024-05-18T14:30:05-03:30":     "2024-05-18T14:30:05-03:30",
		"2024-05-18T14:30:05.25+0200":   "2024-05-18T14:30:05.25+02:00",
		"2024-05-18T14:30:05Z":          "2024-05-18T14:30:05Z", // the moment, not the zone
		"2024-05-18 14:30:05":           "2024-05-18T14:30:05",
		"2024:05:18 14:30:05":           "2024-05-18T14:30:05",
		"2024-05-18T14:30+02:00":        "2024-05-18T14:30:00+02:00",
		"1966-07-30T15:00:00":           "1966-07-30T15:00:00", // a film that was digitised
		"2024-05-18":                    "",
		"2024":                          "",
		"18/05/2024 14:30":              "",
		"0000-00-00T00:00:00Z":          "",
		"1904-01-01T00:00:00Z":          "",
		"1970-01-01T00:00:00Z":          "",
		"1970-01-01T01:00:00+0100":      "",
		"1969-12-31T19:00:00-0500":      "",
		"2024-02-30T14:30:05+0200":      "",
		"yesterday":                     "",
		"\xff\xfe\x00\x01not even text": "",
	} {
		said := mustRead(t, date, movie(box("meta", keyed("com.apple.quicktime.creationdate", date))))
		if got := firstTime(said, claim.KeysCreationDate); got != want {
			t.Errorf("%q: %q, want %q", date, got, want)
		}
	}
}

func TestXMPIsReadWhereverItStands(t *testing.T) {
	const id = "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac"
	packet := string(fixture.XMP(fixture.Spec{Description: "words", PadTo: 4000}))
	for name, file := range map[string]string{
		"behind the pictures":     movie() + box("uuid", id, packet),
		"in front of them":        ftyp() + box("uuid", id, packet) + movie()[len(ftyp()):],
		"in the header":           movie(box("uuid", id, packet)),
		"in the user data":        movie(box("udta", box("XMP_", packet))),
		"behind another uuid":     movie() + box("uuid", "PROF", zeros(60)) + box("uuid", "x") + box("uuid", id, packet),
		"behind a large user box": movie(box("udta", box("thmb", zeros(9000)), box("XMP_", packet))),
	} {
		if got := told(mustRead(t, name, file)); got != "XMP-dc:Description=words" {
			t.Errorf("%s: %q", name, got)
		}
	}
}
