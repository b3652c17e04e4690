package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"
	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/photos"
)

// searchOf reads the filters in a command line.
func searchOf(args ...string) (in photos.SearchRequest, err error) {
	app := &cli.App{Writer: io.Discard, ErrWriter: io.Discard, Commands: []*cli.Command{command(cli.Command{
		Name: "search", Flags: append(filterFlags(), &cli.StringFlag{Name: "album"}),
		Action: func(c *cli.Context) (err error) { in, err = readSearch(c); return err },
	})}}
	return in, app.Run(append([]string{"albumwright", "search"}, args...))
}

// times repeats a flag with values that differ.
func times(n int, flag, format string) (args []string) {
	for i := range n {
		args = append(args, flag, fmt.Sprintf(format, i+1))
	}
	return args
}

// categories repeats a flag with the first categories from one on.
func categories(flag string, from, n int) (args []string) {
	for _, name := range categoryNames()[from : from+n] {
		args = append(args, flag, name)
	}
	return args
}

func TestFiltersAreReadFromFlags(t *testing.T) {
	dates := func(dates ...photos.Date) *photos.DateFilter { return &photos.DateFilter{Dates: dates} }
	between := func(a, b photos.Date) *photos.DateFilter {
		return &photos.DateFilter{Ranges: []photos.DateRange{{StartDate: a, EndDate: b}}}
	}
	for _, tc := range []struct {
		args  string
		want  photos.Filters
		order photos.Order
	}{
		{"--date 2024", photos.Filters{DateFilter: dates(photos.Date{Year: 2024})}, ""},
		{"--date 2024-07", photos.Filters{DateFilter: dates(photos.Date{Year: 2024, Month: 7})}, ""},
		{"--date 2024-07-01", photos.Filters{DateFilter: dates(photos.Date{Year: 2024, Month: 7, Day: 1})}, ""},
		{"--date 07-01", photos.Filters{DateFilter: dates(photos.Date{Month: 7, Day: 1})}, ""},
		{"--date 02-29 --date 0001", photos.Filters{DateFilter: dates(photos.Date{Month: 2, Day: 29}, photos.Date{Year: 1})}, ""},
		{"--date 2023..2024", photos.Filters{DateFilter: between(photos.Date{Year: 2023}, photos.Date{Year: 2024})}, ""},
		{"--date 2024-01..2024-03", photos.Filters{DateFilter: between(photos.Date{Year: 2024, Month: 1}, photos.Date{Year: 2024, Month: 3})}, ""},
		{"--date 12-24..12-26", photos.Filters{DateFilter: between(photos.Date{Month: 12, Day: 24}, photos.Date{Month: 12, Day: 26})}, ""},
		{"--date 2024-07-01..2024-07-01", photos.Filters{DateFilter: between(photos.Date{Year: 2024, Month: 7, Day: 1}, photos.Date{Year: 2024, Month: 7, Day: 1})}, ""},
		{"--category pets --category PETS --not-category Selfies", photos.Filters{ContentFilter: &photos.ContentFilter{
			IncludedContentCategories: []photos.ContentCategory{photos.CategoryPets}, ExcludedContentCategories: []photos.ContentCategory{photos.CategorySelfies},
		}}, ""},
		{"--type Video", photos.Filters{MediaTypeFilter: &photos.MediaTypeFilter{MediaTypes: []photos.MediaType{photos.VideoOnly}}}, ""},
		{"--favorite", photos.Filters{FeatureFilter: &photos.FeatureFilter{IncludedFeatures: []photos.Feature{photos.FeatureFavorites}}}, ""},
		{"--archived --app-created", photos.Filters{IncludeArchivedMedia: true, ExcludeNonAppCreatedData: true}, ""},
		{"--date 2024 --oldest-first --archived", photos.Filters{DateFilter: dates(photos.Date{Year: 2024}), IncludeArchivedMedia: true}, photos.OldestFirst},
		{"--date 2024 --newest-first", photos.Filters{DateFilter: dates(photos.Date{Year: 2024})}, photos.NewestFirst},
	} {
		got, err := searchOf(strings.Fields(tc.args)...)
		if diff := cmp.Diff(photos.SearchRequest{Filters: &tc.want, OrderBy: tc.order}, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", tc.args, err, diff)
		}
	}
}

func TestAsManyFiltersAsTheServiceTakes(t *testing.T) {
	for name, args := range map[string][]string{
		"5 dates and 5 ranges":                append(times(5, "--date", "200%d"), times(5, "--date", "01-01..01-%02d")...),
		"10 categories in, and 10 others out": append(categories("--category", 0, 10), categories("--not-category", 10, 10)...),
	} {
		if _, err := searchOf(args...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFilterThatBreaksARuleIsRefusedWithItsFlag(t *testing.T) {
	for _, tc := range []struct {
		name string
		args []string
		want string // in the error
	}{
		{"a sixth date", times(6, "--date", "200%d"), "--date: 6 dates, at most 5 are allowed"},
		{"a sixth range", times(6, "--date", "01-01..01-%02d"), "--date: 6 ranges, at most 5 are allowed"},
		{"no date", []string{"--date", "July"}, `--date "July": must be a date such as`},
		{"an empty date", []string{"--date", ""}, `--date "": must be a date`},
		{"a month of every year", []string{"--date", "07"}, "must be a date"},
		{"a month that is none", []string{"--date", "2024-13"}, `--date "2024-13": is not in the calendar`},
		{"a day that is none", []string{"--date", "2023-02-29"}, "not in the calendar"},
		{"a day of no year", []string{"--date", "02-30"}, "not in the calendar"},
		{"the year 0", []string{"--date", "0000"}, "not in the calendar"},
		{"a day of the year 0", []string{"--date", "0000-07-01"}, "not in the calendar"},
		{"a month 0", []string{"--date", "2024-00"}, "not in the calendar"},
		{"a day 0", []string{"--date", "2024-07-00"}, "not in the calendar"},
		{"a range of two forms", []string{"--date", "2024..2024-07"}, `--date "2024..2024-07": the two dates of a range must be of one form`},
		{"an open range", []string{"--date", "2024.."}, `"" must be a date`},
		{"a range that runs back", []string{"--date", "2024-07..2024-01"}, "it ends before it starts"},
		{"a range over New Year", []string{"--date", "12-24..01-06"}, "--date 12-24..12-31 --date 01-01..01-06"},
		{"an eleventh category", categories("--category", 0, 11), "--category: 11 categories, at most 10 are allowed"},
		{"an eleventh category left out", categories("--not-category", 0, 11), "--not-category: 11 categories, at most 10 are allowed"},
		{"a category in and out", []string{"--category", "pets", "--not-category", "PETS"}, "--category pets and --not-category pets"},
		{"a category that is none", []string{"--category", "cats"}, `--category "cats": the service knows no such category; did you mean`},
		{"one written wrongly", []string{"--not-category", "peopel"}, `did you mean "people"?`},
		{"two media types", []string{"--type", "photo", "--type", "video"}, "--type: given 2 times"},
		{"a media type that is none", []string{"--type", "film"}, `--type "film": must be photo or video`},
		{"both orders", []string{"--date", "2024", "--oldest-first", "--newest-first"}, "choose one"},
		{"an order without a date", []string{"--oldest-first", "--archived"}, "--oldest-first: the service sorts only what was searched by --date"},
		{"an order beside a category", []string{"--date", "2024", "--newest-first", "--category", "pets"}, "--newest-first: the service does not sort beside"},
		{"an order beside a type", []string{"--date", "2024", "--newest-first", "--type", "photo"}, "--newest-first: "},
		{"an order beside a mark", []string{"--date", "2024", "--oldest-first", "--favorite"}, "--oldest-first: "},
		{"an album", []string{"--album", "Garden", "--date", "2024"}, "--album: the service searches the library or lists an album, never both"},
		{"no filter", nil, "there is no filter"},
		{"a word", []string{"--favorite", "beach"}, `unexpected argument "beach"`},
	} {
		_, err := searchOf(tc.args...)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
}

// What the flags let through, the client does not refuse.
func TestTheRulesOfTheFlagsAreThoseOfTheClient(t *testing.T) {
	client, err := photos.New(photos.Config{TokenSource: noTokens{}, UserAgent: "test/1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		append(times(5, "--date", "200%d"), times(5, "--date", "01-01..01-%02d")...), categories("--category", 0, 10), {"--date", "02-29", "--oldest-first", "--app-created"},
	} {
		in, err := searchOf(args...)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := client.MediaItems.SearchPage(t.Context(), in, ""); photos.Classify(err) != photos.ClassUnauthenticated {
			t.Errorf("%q: %v, want it to get as far as the access token", args, err)
		}
	}
}

// noTokens has no access token.
type noTokens struct{}

func (noTokens) Token() (*oauth2.Token, error) { return nil, errors.New("none here") }
