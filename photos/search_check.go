package photos

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// The limits of a search (reference "mediaItems.search").
const (
	MaxDates      = 5  // dates in a date filter, and as many ranges
	MaxCategories = 10 // content categories to include, and as many to exclude
)

// problem is what is wrong with a search. Names of categories, types and features are left to the service, which may know more of them.
func (in SearchRequest) problem() error {
	switch {
	case in.PageSize < 0 || in.PageSize > maxItemsPage:
		return fmt.Errorf("pageSize is %d, want 1 to %d", in.PageSize, maxItemsPage)
	case in.AlbumID != "" && in.Filters != nil:
		return errors.New("albumId cannot stand beside filters")
	case in.OrderBy != "" && in.OrderBy != OldestFirst && in.OrderBy != NewestFirst:
		return fmt.Errorf("orderBy is %q, want %q or %q", in.OrderBy, OldestFirst, NewestFirst)
	case in.OrderBy != "" && (in.Filters == nil || in.Filters.DateFilter == nil):
		return errors.New("orderBy works with a date filter only")
	case in.Filters == nil:
		return nil
	}
	return in.Filters.problem(in.OrderBy != "")
}

func (f Filters) problem(ordered bool) error {
	if ordered && (f.ContentFilter != nil || f.MediaTypeFilter != nil || f.FeatureFilter != nil) {
		return errors.New("orderBy cannot stand beside a content, media type or feature filter")
	}
	if m := f.MediaTypeFilter; m != nil && len(m.MediaTypes) != 1 {
		return fmt.Errorf("filters.mediaTypeFilter.mediaTypes has %d types, want exactly one", len(m.MediaTypes))
	}
	if f.ContentFilter != nil {
		if err := f.ContentFilter.problem(); err != nil {
			return err
		}
	}
	if f.DateFilter != nil {
		return f.DateFilter.problem()
	}
	return nil
}

func (f ContentFilter) problem() error {
	in, out := f.IncludedContentCategories, f.ExcludedContentCategories
	if len(in) > MaxCategories || len(out) > MaxCategories {
		return fmt.Errorf("filters.contentFilter includes %d categories and excludes %d, at most %d each are allowed", len(in), len(out), MaxCategories)
	}
	for _, c := range in {
		if slices.Contains(out, c) {
			return fmt.Errorf("filters.contentFilter includes %s and excludes it", c)
		}
	}
	return nil
}

func (f DateFilter) problem() error {
	if len(f.Dates) > MaxDates || len(f.Ranges) > MaxDates {
		return fmt.Errorf("filters.dateFilter has %d dates and %d ranges, at most %d each are allowed", len(f.Dates), len(f.Ranges), MaxDates)
	}
	for i, d := range f.Dates {
		if !d.Valid() {
			return fmt.Errorf("filters.dateFilter.dates[%d]: %s is no date that a search knows", i, d)
		}
	}
	for i, r := range f.Ranges {
		switch {
		case !r.StartDate.Valid() || !r.EndDate.Valid():
			return fmt.Errorf("filters.dateFilter.ranges[%d]: %s to %s: one is no date that a search knows", i, r.StartDate, r.EndDate)
		case r.StartDate.form() != r.EndDate.form():
			return fmt.Errorf("filters.dateFilter.ranges[%d]: %s and %s are not of the same form", i, r.StartDate, r.EndDate)
		}
	}
	return nil
}

// String is the date with zeros where it says nothing, "2024-07-00".
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// form is which parts are set.
func (d Date) form() [3]bool { return [3]bool{d.Year != 0, d.Month != 0, d.Day != 0} }

// Valid tells whether a search knows the date: one of the forms that the reference has, and a day of its month; 29 February is one of every year.
func (d Date) Valid() bool {
	switch d.form() {
	case [3]bool{true, false, false}, [3]bool{true, true, false}, [3]bool{true, true, true}, [3]bool{false, true, true}:
	default:
		return false
	}
	if d.Year < 0 || d.Year > 9999 || d.Month < 0 || d.Month > 12 || d.Day < 0 {
		return false
	}
	if d.Day == 0 {
		return true
	}
	year := d.Year
	if year == 0 {
		year = 2000 // a leap year
	}
	return time.Date(year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Day() == d.Day
}
