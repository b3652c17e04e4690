package config

import (
	"slices"
	"strings"
)

// didYouMean is the known key that is nearest to what was written, as the end of a message; "" if none is near.
func didYouMean(written string, known []string) string {
	if best := nearest(written, known); best != "" {
		return ": did you mean \"" + best + "\"?"
	}
	return ""
}

// nearest allows one slip in three letters. Of two at the same distance the first by the alphabet wins.
func nearest(written string, known []string) string {
	plain := strings.ToLower(strings.ReplaceAll(strings.TrimLeft(written, "-"), "_", "-"))
	best, least := "", max(len(plain)/3, 1)+1
	for _, key := range slices.Sorted(slices.Values(known)) {
		if d := slips(plain, key); d < least {
			best, least = key, d
		}
	}
	return best
}

// slips counts the letters that were changed, left out, added, or swapped with their neighbour, between two words.
func slips(a, b string) int {
	var before, last []int // the rows of the table above this one
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+differ(a[i], b[j]))
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}

func differ(a, b byte) int {
	if a == b {
		return 0
	}
	return 1
}
