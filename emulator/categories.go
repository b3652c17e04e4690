package emulator

import (
	"fmt"
	"slices"
)

// contentCategories are the values of ContentCategory by number, contract 7.
// Read only.
var contentCategories = []string{
	"NONE", "LANDSCAPES", "RECEIPTS", "CITYSCAPES", "LANDMARKS", "SELFIES", "PEOPLE", "PETS", "WEDDINGS", "BIRTHDAYS",
	"DOCUMENTS", "TRAVEL", "ANIMALS", "FOOD", "SPORT", "NIGHT", "PERFORMANCES", "WHITEBOARDS", "SCREENSHOTS", "UTILITY",
	"ARTS", "CRAFTS", "FASHION", "HOUSES", "GARDENS", "FLOWERS", "HOLIDAYS",
}

// noCategory is NONE: it is ignored beside others (contract 5, search).
const noCategory = 0

// categorySet is a set of content categories: bit i is value i.
type categorySet uint32

// categoriesOf is the set of some categories by their numbers.
func categoriesOf(values []int) (set categorySet) {
	for _, v := range values {
		set |= 1 << v
	}
	return set
}

// categoriesNamed is the set of some categories by their names; those that do
// not exist are not in it.
func categoriesNamed(names []string) (set categorySet) {
	for _, name := range names {
		if v := slices.Index(contentCategories, name); v >= 0 {
			set |= 1 << v
		}
	}
	return set
}

// categoriesExist wants names of something that can be seen in a picture.
func categoriesExist(names []string) error {
	for _, name := range names {
		if slices.Index(contentCategories, name) <= noCategory {
			return fmt.Errorf("%q is no content category; they are %q", name, contentCategories[noCategory+1:])
		}
	}
	return nil
}
