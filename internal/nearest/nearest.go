// Package nearest finds what somebody may have meant who wrote a name that is none.
package nearest

import (
	"cmp"
	"slices"
)

// Of is those of some words that take the fewest changes to become, the nearest first, most of them at most. Case counts.
func Of(word string, words []string, most int) []string {
	near := slices.SortedStableFunc(slices.Values(words), func(a, b string) int { return cmp.Compare(changes(word, a), changes(word, b)) })
	return near[:min(most, len(near))]
}

// changes counts the characters that have to be added, taken away or replaced to make one word another.
func changes(from, to string) int {
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(from) {
		diagonal := row[0]
		row[0]++
		for j := range len(to) {
			cost := diagonal
			if from[i] != to[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(to)]
}
