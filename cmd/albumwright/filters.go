package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/nearest"
	"github.com/albumwright/albumwright/photos"
)

// filterFlags are the filters of a search. What is asked for has no environment variables: one that was forgotten would give another answer in silence.
func filterFlags() []cli.Flag {
	return under(ofSearch,
		perCall("date", "", "taken at this `DATE`: 2024, 2024-07, 2024-07-01, 07-01 (of every year), or a range of two of one form, as 2024-01..2024-03; up to 5 dates and 5 ranges"),
		perCall("category", "", "shows this `THING`, as the service sees it: pets, landscapes, ...; up to 10, of which one is enough"),
		perCall("not-category", "", "does not show this `THING`; up to 10"),
		perCall("type", "", "of this `TYPE`: photo or video"),
		&cli.BoolFlag{Name: "favorite", Usage: "marked as a favourite"},
		&cli.BoolFlag{Name: "archived", Usage: "also what is archived"},
		&cli.BoolFlag{Name: "app-created", Usage: "leave out what other apps created; the service shows none of it in any case"},
		&cli.BoolFlag{Name: "oldest-first", Usage: "in the order of time; with --date only"},
		&cli.BoolFlag{Name: "newest-first", Usage: "against the order of time; with --date only"},
	)
}

// filtersGiven tells which filters there are, in the words of the command line.
func filtersGiven(c *cli.Context) (given []string) {
	for _, f := range filterFlags() {
		if name := f.Names()[0]; c.IsSet(name) {
			given = append(given, "--"+name)
		}
	}
	return given
}

// readFilters checks every rule that the service documents (reference "mediaItems.search"), so that an error names its flag.
func readFilters(c *cli.Context) (in photos.SearchRequest, err error) {
	f := photos.Filters{IncludeArchivedMedia: c.Bool("archived"), ExcludeNonAppCreatedData: c.Bool("app-created")}
	if f.DateFilter, err = readDates(textsOf(c, "date")); err != nil {
		return in, err
	}
	if f.ContentFilter, err = readCategories(textsOf(c, "category"), textsOf(c, "not-category")); err != nil {
		return in, err
	}
	if f.MediaTypeFilter, err = readMediaType(textsOf(c, "type")); err != nil {
		return in, err
	}
	if c.Bool("favorite") {
		f.FeatureFilter = &photos.FeatureFilter{IncludedFeatures: []photos.Feature{photos.FeatureFavorites}}
	}
	in.Filters = &f
	in.OrderBy, err = readSearchOrder(c.Bool("oldest-first"), c.Bool("newest-first"), f)
	return in, err
}

func readDates(given []string) (*photos.DateFilter, error) {
	if len(given) == 0 {
		return nil, nil
	}
	var f photos.DateFilter
	for _, text := range given {
		start, end, isRange := strings.Cut(text, "..")
		if !isRange {
			d, err := readDate(text)
			if err != nil {
				return nil, fmt.Errorf("--date %q: %w", text, err)
			}
			f.Dates = append(f.Dates, d)
			continue
		}
		r, err := readRange(start, end)
		if err != nil {
			return nil, fmt.Errorf("--date %q: %w", text, err)
		}
		f.Ranges = append(f.Ranges, r)
	}
	if n := len(f.Dates); n > photos.MaxDates {
		return nil, fmt.Errorf("--date: %d dates, at most %d are allowed, and as many ranges", n, photos.MaxDates)
	}
	if n := len(f.Ranges); n > photos.MaxDates {
		return nil, fmt.Errorf("--date: %d ranges, at most %d are allowed, and as many dates", n, photos.MaxDates)
	}
	return &f, nil
}

// dateForms are a year, a month, a day, and a day of every year.
var dateForms = regexp.MustCompile(`^(?:(\d{4})|(\d{4})-(\d\d)|(\d{4})-(\d\d)-(\d\d)|(\d\d)-(\d\d))$`)

func readDate(text string) (d photos.Date, err error) {
	m := dateForms.FindStringSubmatch(text)
	if m == nil {
		return d, errors.New("must be a date such as 2024, 2024-07, 2024-07-01 or 07-01 (of every year), or a range of two of one form, such as 2024-01..2024-03")
	}
	zero := false // a part that is written, and is 0, would be another form
	number := func(groups ...int) (n int) {
		for _, g := range groups {
			if m[g] != "" {
				n, _ = strconv.Atoi(m[g]) // digits
				zero = zero || n == 0
			}
		}
		return n
	}
	d = photos.Date{Year: number(1, 2, 4), Month: number(3, 5, 7), Day: number(6, 8)}
	if zero || !d.Valid() {
		return d, errors.New("is not in the calendar")
	}
	return d, nil
}

func readRange(start, end string) (r photos.DateRange, err error) {
	if r.StartDate, err = readDate(start); err != nil {
		return r, fmt.Errorf("%q %w", start, err)
	}
	if r.EndDate, err = readDate(end); err != nil {
		return r, fmt.Errorf("%q %w", end, err)
	}
	switch {
	case len(start) != len(end): // each form has a length of its own
		return r, errors.New("the two dates of a range must be of one form")
	case start > end && r.StartDate.Year == 0:
		return r, fmt.Errorf("a range does not go over the end of a year: --date %s..12-31 --date 01-01..%s", start, end)
	case start > end:
		return r, errors.New("it ends before it starts")
	}
	return r, nil
}

func readCategories(included, excluded []string) (*photos.ContentFilter, error) {
	if len(included)+len(excluded) == 0 {
		return nil, nil
	}
	in, err := readCategoryList("category", included)
	if err != nil {
		return nil, err
	}
	out, err := readCategoryList("not-category", excluded)
	if err != nil {
		return nil, err
	}
	for _, category := range in {
		if slices.Contains(out, category) {
			return nil, fmt.Errorf("--category %[1]s and --not-category %[1]s: a category is asked for or left out, not both", strings.ToLower(string(category)))
		}
	}
	return &photos.ContentFilter{IncludedContentCategories: in, ExcludedContentCategories: out}, nil
}

func readCategoryList(flag string, names []string) (list []photos.ContentCategory, err error) {
	for _, name := range names {
		category := photos.ContentCategory(strings.ToUpper(name))
		if !slices.Contains(photos.Categories(), category) {
			return nil, fmt.Errorf("--%s %q: the service knows no such category; did you mean %q? All are: %s", flag, name,
				nearest.Of(strings.ToLower(name), categoryNames(), 1)[0], strings.Join(categoryNames(), ", "))
		}
		if !slices.Contains(list, category) {
			list = append(list, category)
		}
	}
	if len(list) > photos.MaxCategories {
		return nil, fmt.Errorf("--%s: %d categories, at most %d are allowed", flag, len(list), photos.MaxCategories)
	}
	return list, nil
}

func categoryNames() (names []string) {
	for _, c := range photos.Categories() {
		if c != photos.CategoryNone { // it says nothing
			names = append(names, strings.ToLower(string(c)))
		}
	}
	return names
}

func readMediaType(given []string) (*photos.MediaTypeFilter, error) {
	if len(given) == 0 {
		return nil, nil
	}
	if len(given) > 1 {
		return nil, fmt.Errorf("--type: given %d times, a search takes one media type", len(given))
	}
	switch strings.ToLower(given[0]) {
	case "photo":
		return &photos.MediaTypeFilter{MediaTypes: []photos.MediaType{photos.PhotoOnly}}, nil
	case "video":
		return &photos.MediaTypeFilter{MediaTypes: []photos.MediaType{photos.VideoOnly}}, nil
	}
	return nil, fmt.Errorf("--type %q: must be photo or video", given[0])
}

func readSearchOrder(oldest, newest bool, f photos.Filters) (photos.Order, error) {
	flag, order := "--oldest-first", photos.OldestFirst
	if newest {
		flag, order = "--newest-first", photos.NewestFirst
	}
	switch {
	case !oldest && !newest:
		return "", nil
	case oldest && newest:
		return "", errors.New("--oldest-first and --newest-first: choose one")
	case f.DateFilter == nil:
		return "", fmt.Errorf("%s: the service sorts only what was searched by --date; without it the newest come first", flag)
	case f.ContentFilter != nil || f.MediaTypeFilter != nil || f.FeatureFilter != nil:
		return "", fmt.Errorf("%s: the service does not sort beside --category, --not-category, --type or --favorite", flag)
	}
	return order, nil
}
