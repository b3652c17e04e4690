package album_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/album"
)

// shot is the file of which the tables tell: in the first hour of a Saturday and a month, two folders below the root.
func shot() album.File {
	at := time.Date(2024, 6, 1, 0, 30, 5, 0, time.UTC)
	return album.File{
		Root: filepath.FromSlash("/p/Photos"), Path: filepath.FromSlash("/p/Photos/2024/rome_by night/IMG_1.JPG"), Captured: at,
		Make: "Canon", Model: "Canon EOS R6", Event: at.Add(-2 * time.Hour),
	}
}

func titles(t *testing.T, f album.File, o album.Options, rules ...album.Rule) []string {
	t.Helper()
	names, err := album.Compile(rules, o)
	if err != nil {
		t.Fatalf("%+v: %v", rules, err)
	}
	return names.Titles(f)
}

func TestATemplateMakesATitle(t *testing.T) {
	late := album.Options{DayStart: 3 * time.Hour, Job: " Wedding "}
	for _, c := range []struct {
		template string
		options  album.Options
		want     string // "": no album
	}{
		{"{date}", album.Options{}, "2024-06-01"},
		{"{date}", late, "2024-05-31"},
		{"{date:%A %-d. %B %Y}", late, "Friday 31. May 2024"},
		{"{date:%Y-%m-%d %H:%M:%S}", late, "2024-06-01 00:30:05"}, // where a time of day stands beside it, the date is the clock's
		{"{date:%H:%M:upper}", late, "00:30"},
		{"{date:%B:upper}", album.Options{}, "JUNE"},
		{"{date:upper}", album.Options{}, "2024-06-01"},
		{"{date:'%d|%m'}", album.Options{}, "01|06"},
		{"{date:'%H:%M'}", album.Options{}, "00:30"},
		{"{date:'%B':max:3}", album.Options{}, "Jun"},
		{"{date:%Y %y %m %b %d %j %a %u %G %V %I %p %F %R %T %%}", album.Options{}, "2024 24 06 Jun 01 153 Sat 6 2024 22 12 AM 2024-06-01 00:30 00:30:05 %"},
		{"{date:%-m/%-d/%-H/%-j}", album.Options{}, "6/1/0/153"},
		{"{event}", album.Options{}, "2024-05-31 22:30"},
		{"{event:%F}", album.Options{}, "2024-05-31"},
		{"{event}, the night of {event:%-d %B}", album.Options{DayStart: 23 * time.Hour}, "2024-05-31 22:30, the night of 30 May"},
		{"{folder}", album.Options{}, "rome_by night"},
		{"{folder:1} {folder:0}", album.Options{}, "2024 Photos"},
		{"{folder:-1} {folder:-2} {folder:-3}", album.Options{}, "rome_by night 2024 Photos"},
		{"{folder:3}", album.Options{}, ""},
		{"{folder:-4}", album.Options{}, ""},
		{"{folder:replace:_:' ':title}", album.Options{}, "Rome By Night"},
		{"{folder:-2:upper}", album.Options{}, "2024"},
		{"{folder:cut:5:max:2}", album.Options{}, "by"},
		{"{folder:max:5:trim}", album.Options{}, "rome"},
		{"{folder:cut:99|stem}", album.Options{}, "IMG_1"},
		{"{path}", album.Options{}, "2024 / rome_by night"},
		{"{path}", album.Options{Joiner: " - "}, "2024 - rome_by night"},
		{"{path}", album.Options{Depth: 1}, "2024"},
		{"{path}", album.Options{Depth: -1}, "rome_by night"},
		{"{path:9}", album.Options{Depth: 1}, "2024 / rome_by night"},
		{"{camera} {make} {model} {stem}.{ext}", album.Options{}, "Canon EOS R6 Canon Canon EOS R6 IMG_1.jpg"},
		{"{job|event|folder|date:%Y-%m-%d}", late, "Wedding"},
		{"{job|event|folder|date:%Y-%m-%d}", album.Options{}, "2024-05-31 22:30"},
		{"{ job | 'no | } job' }", album.Options{}, "no | } job"},
		{`{job|"it's"}`, album.Options{}, "it's"},
		{"Trip: {job}", album.Options{}, ""},
		{"{{date}} of {folder:1}", album.Options{}, "{date} of 2024"},
		{"{folder:1}}}", album.Options{}, "2024}"},
		{"All of it", album.Options{}, "All of it"},
		{" Su\u0308d ", album.Options{}, "Süd"},
		{"{folder}" + strings.Repeat("x", 600), album.Options{}, "rome_by night" + strings.Repeat("x", 487)},
	} {
		got := titles(t, shot(), c.options, album.Rule{Template: c.template})
		if diff := cmp.Diff([]string{c.want}, got); diff != "" {
			t.Errorf("%s, %+v (-want +got):\n%s", c.template, c.options, diff)
		}
	}
}

func TestATemplateThatCannotBeIsRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ template, mark, want string }{
		{"{job|foldr|date}", "     ^", `unknown token "foldr"; the tokens are camera, date, event`},
		{"Süd {x}", "     ^", `unknown token "x"`},
		{"{}", " ^", "a token is missing"},
		{"{folder|}", "        ^", "a token is missing"},
		{"{ | folder}", "  ^", "a token is missing"},
		{"{date:%Y-%q}", "         ^", `unknown date directive "%q"`},
		{"{date:'%Y-%q'}", "          ^", `unknown date directive "%q"`},
		{"{date:%}", "      ^", "a date directive is missing"},
		{"{date:%-}", "      ^", "a date directive is missing"},
		{"{date:Y-m}", "      ^", `"Y-m" is neither a date's format, which has directives such as %Y-%m-%d, nor a filter; the filters are upper,`},
		{"{event:'day'}", "       ^", `"day" is neither a date's format`},
		{"{folder:shout}", "        ^", `unknown filter "shout"; the filters are upper, lower`},
		{"{folder:max}", "        ^", "lacks what comes behind it: max:N"},
		{"{folder:max:0}", "            ^", `"0" is no number of characters`},
		{"{folder:max:many}", "            ^", `"many" is no number of characters`},
		{"{folder:replace:a}", "        ^", "lacks what comes behind it"},
		{"{folder:replace::b}", "                ^", "what is to be replaced is missing"},
		{"a {folder", "  ^", "not closed"},
		{"a } b", "  ^", "closes nothing"},
		{"{folder|{date}}", "        ^", "a { inside of braces"},
		{"{job|'x}", "     ^", "a quote that is not closed"},
		{"{job|'x'y}", "        ^", "something behind a text in quotes"},
		{"{'x", " ^", "a quote that is not closed"},
		{"{'x'", "    ^", "something behind a text in quotes"},
		{" ", "^", "without a visible character"},
	} {
		_, err := album.ParseTemplate(c.template)
		if err == nil {
			t.Errorf("%q was taken, want %q", c.template, c.want)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		if len(lines) != 3 || !strings.Contains(lines[0], c.want) || lines[1] != "   "+c.template || lines[2] != "   "+c.mark {
			t.Errorf("%q is refused with\n%v\nwant %q and the mark\n   %s", c.template, err, c.want, c.mark)
		}
	}
}

func TestWaysToNameAnAlbum(t *testing.T) {
	bare := album.File{Root: shot().Root, Path: shot().Path}
	day := bare
	day.Captured, day.DayOnly = time.Date(2024, 5, 18, 0, 0, 0, 0, time.UTC), true
	for _, c := range []struct {
		by   album.By
		file album.File
		want string
	}{
		{album.ByDay, shot(), "2024-05-31"}, // it begins at three
		{album.ByMonth, shot(), "2024-05"},
		{album.ByYear, shot(), "2024"},
		{album.ByEvent, shot(), "2024-05-31 22:30"},
		{album.ByCamera, shot(), "Canon EOS R6"},
		{album.ByDay, bare, "Undated"},
		{album.ByMonth, bare, "Undated"},
		{album.ByYear, bare, "Undated"},
		{album.ByEvent, bare, "Undated"},
		{album.ByCamera, bare, "Unknown camera"},
		{album.ByDay, day, "2024-05-18"}, // a day is that day, whenever days begin
		{album.ByEvent, day, "2024-05-18"},
	} {
		if got := titles(t, c.file, album.Options{DayStart: 3 * time.Hour}, album.Rule{By: c.by}); got[0] != c.want {
			t.Errorf("by %s: %q, want %q", c.by, got, c.want)
		}
	}
}

func TestACameraIsNamedOnce(t *testing.T) {
	for _, c := range []struct{ make, model, want string }{
		{"Canon", "Canon EOS R6", "Canon EOS R6"},
		{"NIKON CORPORATION", "NIKON Z 6", "NIKON Z 6"},
		{"SONY", "ILCE-7M3", "SONY ILCE-7M3"},
		{"OLYMPUS IMAGING CORP.", "E-M5", "OLYMPUS E-M5"},
		{"EASTMAN KODAK COMPANY", "KODAK DC240", "KODAK DC240"},
		{"Apple", "", "Apple"},
		{"", "iPhone", "iPhone"},
		{" , ", "X100", "X100"},
		{"", "", "Unknown camera"},
	} {
		if got := titles(t, album.File{Path: "/p/a.jpg", Make: c.make, Model: c.model}, album.Options{}, album.Rule{By: album.ByCamera}); got[0] != c.want {
			t.Errorf("%q %q: %q, want %q", c.make, c.model, got[0], c.want)
		}
	}
}

func TestAFileBelongsToTheAlbumsOfAllRulesOnceEach(t *testing.T) {
	rules := []album.Rule{
		{}, {By: album.ByNone}, {Template: "{job}"}, {Title: "Su\u0308d"}, {By: album.ByYear}, {Template: " {'Süd'} "}, {Template: "{date:%Y}"},
	}
	if diff := cmp.Diff([]string{"Süd", "2024"}, titles(t, shot(), album.Options{}, rules...)); diff != "" {
		t.Errorf("albums (-want +got):\n%s", diff)
	}
	if got := titles(t, shot(), album.Options{}, rules[:3]...); !cmp.Equal(got, []string{""}) {
		t.Errorf("a file that no rule names an album for is in %q, want the library only", got)
	}
}

func TestATitleIsExplained(t *testing.T) {
	names, err := album.Compile([]album.Rule{{Template: "{job|folder:1:upper} of {camera}"}, {Template: "{date} {job|folder:9}"}}, album.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []album.Named{
		{
			Rule: "{job|folder:1:upper} of {camera}", Title: "2024 of Canon EOS R6",
			Used: []album.Used{{Token: "folder:1:upper", Value: "2024"}, {Token: "camera", Value: "Canon EOS R6"}},
		},
		{Rule: "{date} {job|folder:9}", Used: []album.Used{{Token: "date", Value: "2024-06-01"}}, Missing: "{job|folder:9}"},
	}
	if diff := cmp.Diff(want, names.Explain(shot())); diff != "" {
		t.Errorf("explanation (-want +got):\n%s", diff)
	}
}

func TestOptionsThatCannotBeAreRefused(t *testing.T) {
	for _, o := range []album.Options{{EventGap: -1}, {DayStart: -1}, {DayStart: 24 * time.Hour}} {
		if _, err := album.Compile(nil, o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}

func FuzzParseTemplate(f *testing.F) {
	for _, seed := range []string{"{job|event|folder|date:%Y-%m-%d}", "{{a}}{folder:-2:replace:'|':\"}\"}", "{date:%H:%M:upper", "{'", "}", "{date:%-"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		template, err := album.ParseTemplate(text)
		if bad := (*album.TemplateError)(nil); err != nil {
			if !asTemplateError(err, &bad) || bad.At > len(text) || bad.Column() < 1 {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		_ = template
		got := titles(t, shot(), album.Options{}, album.Rule{Template: text})
		if len(got) != 1 || album.CleanTitle(got[0]) != got[0] {
			t.Fatalf("%q makes %q, want one clean title", text, got)
		}
	})
}

func TestNamesKnowWhetherTheyAskForATime(t *testing.T) {
	for template, want := range map[string][2]bool{
		"{folder}": {false, false}, "Summer": {false, false}, "{camera}": {false, false},
		"{date:%Y}": {false, true}, "{folder|date}": {false, true}, "{event}": {true, true}, "{folder} {job|event:%A}": {true, true},
	} {
		n, err := album.Compile([]album.Rule{{Template: template}}, album.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]bool{n.ByEvent(), n.ByTime()}; got != want {
			t.Errorf("%s: by event and by time are %v, want %v", template, got, want)
		}
	}
}
