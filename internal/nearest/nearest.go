// Package nearest finds what somebody may have meant who wrote a name that is none.
package nearest

import (
	"cmp"
	"slices"
)

// Of is those of some words that take the fewest changes to become, the nearest first, most of them at most. Case counts.
func Of(word string, words []string, most int) []string {
	near := slices.SortedStableFunc(slices.Values(words), func(a, b string) int { return cmp.Compare(Changes(word, a), Changes(word, b)) })
	return near[:min(most, len(near))]
}

// Changes counts the characters that have to be added, taken away or replaced to make one word another.
func Changes(from, to string) int {
	was, will := []rune(from), []rune(to)
	row := make([]int, len(will)+1)
	for j := range row {
		row[j] = j
	}
	for i := range was {
		diagonal := row[0]
		row[0]++
		for j := range will {
			cost := diagonal
			if was[i] != will[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(will)]
}
