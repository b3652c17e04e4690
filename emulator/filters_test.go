package emulator_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// menagerie has items of several categories, types and marks, newest first as
// they stand.
func menagerie(t *testing.T) *client {
	t.Helper()
	shows := func(categories ...string) emulator.Marks { return emulator.Marks{Categories: categories} }
	items := []emulator.Stock{
		{Name: "dog", Marks: shows("PETS", "ANIMALS")},
		{Name: "lion", Marks: shows("ANIMALS", "TRAVEL")},
		{Name: "cake", Marks: shows("FOOD", "BIRTHDAYS")},
		{Name: "film", Video: true, Marks: shows("TRAVEL")},
		{Name: "plain"},
		{Name: "best", Marks: emulator.Marks{Favorite: true, Categories: []string{"PETS"}}},
		{Name: "old", Marks: emulator.Marks{Archived: true, Favorite: true, Categories: []string{"PETS"}}},
		{Name: "gone", Marks: emulator.Marks{Trashed: true, Favorite: true, Categories: []string{"PETS"}}},
		{Name: "alien", Marks: emulator.Marks{Foreign: true, Favorite: true, Categories: []string{"PETS"}}},
	}
	for i := range items {
		items[i].Taken = on(2024, 6, 30-i)
	}
	return stocked(t, items...)
}

// Contract 5, search: each filter, and several of them together.
func TestFiltersNarrowASearch(t *testing.T) {
	c := menagerie(t)
	for _, tt := range []struct{ filters, want string }{
		{`{}`, "dog lion cake film plain best"},
		{`{"includeArchivedMedia":true}`, "dog lion cake film plain best old"},
		{`{"excludeNonAppCreatedData":true}`, "dog lion cake film plain best"},
		{`{"mediaTypeFilter":{"mediaTypes":["VIDEO"]}}`, "film"},
		{`{"mediaTypeFilter":{"mediaTypes":["PHOTO"]}}`, "dog lion cake plain best"},
		{`{"mediaTypeFilter":{"mediaTypes":["ALL_MEDIA"]}}`, "dog lion cake film plain best"},
		{`{"mediaTypeFilter":{"mediaTypes":[1]}}`, "film"},
		{`{"featureFilter":{"includedFeatures":["FAVORITES"]}}`, "best"},
		{`{"featureFilter":{"includedFeatures":["NONE"]}}`, "dog lion cake film plain best"},
		{`{"featureFilter":{"includedFeatures":["NONE","FAVORITES"]}}`, "dog lion cake film plain best"},
		{`{"featureFilter":{}}`, "dog lion cake film plain best"},
		{`{"featureFilter":{"includedFeatures":["FAVORITES"]},"includeArchivedMedia":true}`, "best old"},
		{`{"contentFilter":{"includedContentCategories":["PETS"]}}`, "dog best"},
		{`{"contentFilter":{"includedContentCategories":["PETS","FOOD"]}}`, "dog cake best"},
		{`{"contentFilter":{"excludedContentCategories":["PETS","FOOD"]}}`, "lion film plain"},
		{`{"contentFilter":{"includedContentCategories":["ANIMALS"],"excludedContentCategories":["PETS"]}}`, "lion"},
		{`{"contentFilter":{"includedContentCategories":["NONE"]}}`, "dog lion cake film plain best"},
		{`{"contentFilter":{"includedContentCategories":["NONE","FOOD"]}}`, "cake"},
		{`{"contentFilter":{"excludedContentCategories":["NONE","FOOD"]}}`, "dog lion film plain best"},
		{`{"contentFilter":{"includedContentCategories":["WEDDINGS"]}}`, ""},
		{`{"contentFilter":{}}`, "dog lion cake film plain best"},
		{`{"contentFilter":{"includedContentCategories":["TRAVEL"]},"mediaTypeFilter":{"mediaTypes":["PHOTO"]}}`, "lion"},
		{`{"contentFilter":{"includedContentCategories":["PETS"]},"featureFilter":{"includedFeatures":["FAVORITES"]},` +
			`"dateFilter":{"dates":[{"year":2024,"month":6}]},"includeArchivedMedia":true}`, "best old"},
	} {
		c.wantFound(tt.filters, "", tt.want)
		c.wantFound(tt.filters, `,"pageSize":1`, tt.want)
	}
}

// Contract 9: before March 2025 a search had what other apps created, unless it
// was to leave that out.
func TestTheWiderScopesSearchTheWholeLibrary(t *testing.T) {
	c := direct(t, emulator.Config{Era: emulator.Era2024})
	c.s.Fill(2, func(i int) emulator.Stock {
		return emulator.Stock{Taken: on(2024, 6, 30-i), Marks: emulator.Marks{Foreign: i == 1}}
	})
	for _, scope := range []emulator.Scope{emulator.ScopeLibrary, emulator.ScopeReadOnly} {
		c.as(scope).wantFound(`{}`, "", "0 1")
		c.as(scope).wantFound(`{"excludeNonAppCreatedData":true}`, "", "0")
		if names, _ := c.names(func(token string) answer { return c.as(scope).get("/v1/mediaItems?pageToken=" + token) }); len(names) != 2 {
			t.Errorf("%s lists %v", scope, names)
		}
	}
	c.as(emulator.ScopeReadAppCreated).wantFound(`{}`, "", "0")
}

// Contract 5, search: filters that make no sense.
func TestFiltersThatAreRefused(t *testing.T) {
	c := menagerie(t)
	eleven := strings.Repeat(`"PETS",`, 10) + `"PETS"`
	for name, filters := range map[string]string{
		"two media types":           `"mediaTypeFilter":{"mediaTypes":["PHOTO","VIDEO"]}`,
		"the same type twice":       `"mediaTypeFilter":{"mediaTypes":["PHOTO","PHOTO"]}`,
		"no media type":             `"mediaTypeFilter":{}`,
		"an unknown media type":     `"mediaTypeFilter":{"mediaTypes":["SOUND"]}`,
		"a media type in small":     `"mediaTypeFilter":{"mediaTypes":["photo"]}`,
		"a number of no type":       `"mediaTypeFilter":{"mediaTypes":[3]}`,
		"a type that is no list":    `"mediaTypeFilter":{"mediaTypes":"PHOTO"}`,
		"a null among types":        `"mediaTypeFilter":{"mediaTypes":[null]}`,
		"an unknown feature":        `"featureFilter":{"includedFeatures":["BLURRED"]}`,
		"an unknown category":       `"contentFilter":{"includedContentCategories":["CATS"]}`,
		"a number of no category":   `"contentFilter":{"includedContentCategories":[27]}`,
		"eleven categories":         `"contentFilter":{"includedContentCategories":[` + eleven + `]}`,
		"eleven excluded":           `"contentFilter":{"excludedContentCategories":[` + eleven + `]}`,
		"one on both sides":         `"contentFilter":{"includedContentCategories":["PETS"],"excludedContentCategories":["FOOD","PETS"]}`,
		"no filter":                 `"sizeFilter":{}`,
		"a field of no filter":      `"featureFilter":{"features":[]}`,
		"another field":             `"contentFilter":{"categories":[]}`,
		"one more":                  `"mediaTypeFilter":{"mediaTypes":["PHOTO"],"type":1}`,
		"a flag that is none":       `"includeArchivedMedia":"maybe"`,
		"another flag that is none": `"excludeNonAppCreatedData":1`,
		"a filter that is a list":   `"contentFilter":[]`,
	} {
		t.Run(name, func(t *testing.T) {
			c.post("/v1/mediaItems:search", `{"filters":{`+filters+`}}`).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
		})
	}
	ten := strings.TrimPrefix(eleven, `"PETS",`)
	c.wantFound(`{"contentFilter":{"includedContentCategories":[`+ten+`],"excludedContentCategories":[`+
		strings.ReplaceAll(ten, "PETS", "FOOD")+`]}}`, "", "dog best")
}

// What a refused filter is told names the field (contract 1).
func TestARefusedFilterNamesItsField(t *testing.T) {
	a := direct(t, emulator.Config{}).post("/v1/mediaItems:search", `{"filters":{"dateFilter":{"dates":[{"year":2024},{"day":3}]}}}`)
	var e struct {
		Error struct {
			Details []struct{ FieldViolations []struct{ Field string } }
		}
	}
	a.into(t, &e)
	if got := e.Error.Details[0].FieldViolations[0].Field; got != "filters.date_filter.dates[1]" {
		t.Errorf("the field is %q: %s", got, a.body)
	}
}

// plainDate and the types below are a search as a test makes and reads it.
type plainDate struct {
	Year  int `json:"year,omitempty"`
	Month int `json:"month,omitempty"`
	Day   int `json:"day,omitempty"`
}

type plainRange struct {
	Start plainDate `json:"startDate"`
	End   plainDate `json:"endDate"`
}

// matches reads a Date as its documentation does, field by field.
func (d plainDate) matches(t time.Time) bool {
	return (d.Year == 0 || d.Year == t.Year()) && (d.Month == 0 || d.Month == int(t.Month())) && (d.Day == 0 || d.Day == t.Day())
}

// within tells whether a day is neither before the start nor after the end.
func (r plainRange) within(t time.Time) bool {
	cut := func(d plainDate) string { // the day, with the fields that the range has
		is := plainDate{t.Year(), int(t.Month()), t.Day()}
		if d.Year == 0 {
			is.Year = 0
		}
		if d.Month == 0 {
			is.Month = 0
		}
		if d.Day == 0 {
			is.Day = 0
		}
		return is.text()
	}
	return r.Start.text() <= cut(r.Start) && cut(r.End) <= r.End.text()
}

func (d plainDate) text() string { return fmt.Sprintf("%04d%02d%02d", d.Year, d.Month, d.Day) }

// randomDate is a date of a form: 0 year, 1 month, 2 day, 3 anniversary.
func randomDate(r *rand.Rand, form int) plainDate {
	d := plainDate{2018 + r.IntN(6), 1 + r.IntN(12), 1 + r.IntN(28)}
	switch form {
	case 0:
		d.Month, d.Day = 0, 0
	case 1:
		d.Day = 0
	case 3:
		d.Year = 0
	}
	return d
}

// plainDateFilter is a DateFilter.
type plainDateFilter struct {
	Dates  []plainDate  `json:"dates"`
	Ranges []plainRange `json:"ranges"`
}

func (f plainDateFilter) matches(t time.Time) bool {
	return slices.ContainsFunc(f.Dates, func(d plainDate) bool { return d.matches(t) }) ||
		slices.ContainsFunc(f.Ranges, func(r plainRange) bool { return r.within(t) })
}

func randomDateFilter(r *rand.Rand) (f plainDateFilter) {
	for range 1 + r.IntN(3) {
		f.Dates = append(f.Dates, randomDate(r, r.IntN(4)))
	}
	for range r.IntN(3) {
		form := r.IntN(4)
		a, b := randomDate(r, form), randomDate(r, form)
		if a.text() > b.text() {
			a, b = b, a
		}
		f.Ranges = append(f.Ranges, plainRange{a, b})
	}
	return f
}

// Date filters of all forms, against a reading that knows nothing of an order.
func TestDateFiltersAgreeWithAPlainReading(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 0))
	items := make([]emulator.Stock, 100)
	for i := range items {
		items[i] = emulator.Stock{Name: fmt.Sprint(i), Taken: time.Date(2018, 1, 1, 0, 0, r.IntN(6*365*24*3600), 0, time.UTC)}
	}
	c := stocked(t, items...)
	slices.Reverse(items) // of two at the same second, the later comes first
	slices.SortStableFunc(items, func(a, b emulator.Stock) int { return b.Taken.Compare(a.Taken) })
	nonempty := 0
	for range 100 {
		filter := randomDateFilter(r)
		var want []string
		for _, it := range items {
			if filter.matches(it.Taken) {
				want = append(want, it.Name)
			}
		}
		body := `{"dateFilter":` + asJSON(t, filter) + `}`
		if diff := cmp.Diff(want, c.found(body, `,"pageSize":100`)); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", body, diff)
		}
		slices.Reverse(want)
		if diff := cmp.Diff(want, c.found(body, `,"pageSize":100,"orderBy":"MediaMetadata.creation_time"`)); diff != "" {
			t.Fatalf("%s from the oldest on (-want +got):\n%s", body, diff)
		}
		if len(want) > 0 {
			nonempty++
		}
	}
	if nonempty < 30 {
		t.Errorf("only %d of 100 filters match anything", nonempty)
	}
}

// Contract 7: the values of ContentCategory by number.
func TestCategoriesHaveTheirNumbers(t *testing.T) {
	names := strings.Fields("LANDSCAPES RECEIPTS CITYSCAPES LANDMARKS SELFIES PEOPLE PETS WEDDINGS BIRTHDAYS DOCUMENTS TRAVEL " +
		"ANIMALS FOOD SPORT NIGHT PERFORMANCES WHITEBOARDS SCREENSHOTS UTILITY ARTS CRAFTS FASHION HOUSES GARDENS FLOWERS HOLIDAYS")
	c := direct(t, emulator.Config{})
	c.s.Fill(len(names), func(i int) emulator.Stock {
		return emulator.Stock{Name: names[i], Taken: on(2024, 1, 1+i), Marks: emulator.Marks{Categories: names[i : i+1]}}
	})
	for i, name := range names {
		c.wantFound(fmt.Sprintf(`{"contentFilter":{"includedContentCategories":[%q]}}`, name), "", name)
		c.wantFound(fmt.Sprintf(`{"contentFilter":{"includedContentCategories":[%d]}}`, i+1), "", name)
	}
}
