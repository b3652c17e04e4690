package album

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// filter changes a value. It is made of so many arguments.
type filter struct {
	use  string // as a user writes it
	args int
	make func(args []string) (func(string) string, error)
}

func filters() []filter {
	return []filter{
		{"upper", 0, plainly(strings.ToUpper)},
		{"lower", 0, plainly(strings.ToLower)},
		{"title", 0, plainly(capitalised)},
		{"trim", 0, plainly(trimmed)},
		{"max:N", 1, counted(func(runes []rune, n int) []rune { return runes[:n] })},
		{"cut:N", 1, counted(func(runes []rune, n int) []rune { return runes[n:] })},
		{"replace:OLD:NEW", 2, replaced},
	}
}

func filterNamed(name string) (filter, bool) {
	for _, f := range filters() {
		if word, _, _ := strings.Cut(f.use, ":"); word == name {
			return f, true
		}
	}
	return filter{}, false
}

func filterUses() []string {
	var uses []string
	for _, f := range filters() {
		uses = append(uses, f.use)
	}
	return uses
}

func plainly(apply func(string) string) func([]string) (func(string) string, error) {
	return func([]string) (func(string) string, error) { return apply, nil }
}

// counted makes a filter that splits a value after so many characters.
func counted(apply func(runes []rune, n int) []rune) func([]string) (func(string) string, error) {
	return func(args []string) (func(string) string, error) {
		n, err := strconv.Atoi(strings.TrimSpace(args[0]))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no number of characters", args[0])
		}
		return func(s string) string {
			runes := []rune(s)
			return string(apply(runes, min(n, len(runes))))
		}, nil
	}
}

func replaced(args []string) (func(string) string, error) {
	if args[0] == "" {
		return nil, errors.New("what is to be replaced is missing")
	}
	return func(s string) string { return strings.ReplaceAll(s, args[0], args[1]) }, nil
}

// capitalised begins every word with a capital, and leaves the rest of it.
func capitalised(s string) string {
	inWord := false
	return strings.Map(func(r rune) rune {
		letter := unicode.In(r, unicode.L, unicode.N, unicode.M) || inWord && (r == '\'' || r == '’')
		if letter && !inWord {
			r = unicode.ToTitle(r)
		}
		inWord = letter
		return r
	}, s)
}

// trimmed takes away what separates words, where there is none on the one side.
func trimmed(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("_-.,", r) })
}
