package riff_test

import (
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claimtest"
)

// dateOf reads a date as the IDIT chunk of a video has it; "" if there is none.
func dateOf(t *testing.T, s string) string {
	t.Helper()
	times := mustRead(t, s, riffOf("AVI ", listOf("hdrl", chunkOf("IDIT", s)))).Times
	if len(times) == 0 {
		return ""
	}
	return claimtest.When(times[0])
}

func TestTheDatesOfCamerasAreReadInAllTheirForms(t *testing.T) {
	for s, want := range map[string]string{
		"Mon Mar 10 15:04:43 2003":         "2003-03-10T15:04:43",
		"Mon Mar 10 15:04:43 2003\n\x00":   "2003-03-10T15:04:43",
		"MON MAR 10 15:04:43 2003":         "2003-03-10T15:04:43",
		"Sat Jan  3 01:02:03 2009":         "2009-01-03T01:02:03",
		"Sat Jan 03 01:02:03 2009":         "2009-01-03T01:02:03",
		"sam. Jan 3 01:02:03 2009":         "2009-01-03T01:02:03",
		"2001/ 1/27  1:42PM":               "2001-01-27T13:42:00",
		"2001/ 1/27 12:42PM":               "2001-01-27T12:42:00",
		"2001/ 1/27 12:42AM":               "2001-01-27T00:42:00",
		"2001/ 1/27 13:42PM":               "2001-01-27T13:42:00",
		"2005/11/28/ 09:19":                "2005-11-28T09:19:00",
		"2002-12-16  15:35:01\x00\x00":     "2002-12-16T15:35:01",
		"2002:12:16 15:35:01":              "2002-12-16T15:35:01",
		"2002/12/16 15:35:01":              "2002-12-16T15:35:01",
		"2002-12-16T15:35:01Z":             "2002-12-16T15:35:01+00:00",
		"2002-12-16T15:35:01+02:00":        "2002-12-16T15:35:01+02:00",
		"2002:12:16 15:35:01.25 -05:00":    "2002-12-16T15:35:01.25-05:00",
		"Thu Jan  1 00:00:01 1970":         "1970-01-01T00:00:01",
		"2002-12-16 15:35":                 "2002-12-16T15:35:00",
		"Mon Mar 10 15:04:43 2003 (local)": "2003-03-10T15:04:43",
	} {
		if got := dateOf(t, s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestWhatIsNoDateOfAVideoIsAbsent(t *testing.T) {
	for _, s := range []string{
		"", "2003", "2003-03-10", "Mon Mar 10 2003", "Mon Mar 32 15:04:43 2003", "Mon Foo 10 15:04:43 2003",
		"Mon Mar 10 25:04:43 2003", "Thu Jan  1 00:00:00 1970", "Fri Jan  1 00:00:00 1904", "0000-00-00 00:00:00",
		"2001/13/27  1:42PM", "2001/ 1/27  1:72PM", "Mon Mar 10 15:04:43 0001", "29784123 12345678",
		"2003-03-10 15:04:43 and many more words than any date has, on and on and on",
	} {
		if got := dateOf(t, s); got != "" {
			t.Errorf("%q is read as %s", s, got)
		}
	}
}
