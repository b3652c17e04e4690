package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// pageOf is the help of a command, as it is printed.
func pageOf(t *testing.T, words ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := newApp(terminal{in: strings.NewReader(""), out: &out, err: &out}).Run(append(append([]string{"albumwright"}, words...), "--help")); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestHelpNamesEveryFlagOnceAndFitsIntoATerminal(t *testing.T) {
	var check func(c *cli.Command, words []string)
	check = func(c *cli.Command, words []string) {
		page := pageOf(t, words...)
		_, all, _ := strings.Cut(page, "\nOPTIONS:\n")
		options, _, _ := strings.Cut(all, "\n   Flags can be set")
		for _, f := range c.Flags {
			if f == cli.HelpFlag || !f.(cli.VisibleFlag).IsVisible() {
				continue
			}
			if n := len(regexp.MustCompile(`(?m)^   --`+f.Names()[0]+`( |,|$)`).FindAllString(options, -1)); n != 1 {
				t.Errorf("help of %s names --%s %d times", strings.Join(words, " "), f.Names()[0], n)
			}
		}
		for line := range strings.Lines(all) {
			if len([]rune(line)) > helpWidth+1 {
				t.Errorf("help of %s has a line of %d characters: %s", strings.Join(words, " "), len(line), line)
			}
		}
		for _, sub := range c.Subcommands {
			if sub.Name != "help" {
				check(sub, append(words, sub.Name))
			}
		}
	}
	for _, c := range newApp(terminal{}).Commands {
		if c.Name != "help" {
			check(c, []string{c.Name})
		}
	}
}

func TestHelpOfACommandIsWhatItsFlagShows(t *testing.T) {
	for _, words := range [][]string{{"import"}, {"template"}, {"template", "test"}, {"auth", "client", "import"}} {
		var out bytes.Buffer
		term := terminal{in: strings.NewReader(""), out: &out, err: &out}
		if code := run(t.Context(), append([]string{"albumwright", "help"}, words...), term); code != exitOK || out.String() != pageOf(t, words...) {
			t.Errorf("help %s ends with %d and shows\n%s", strings.Join(words, " "), code, out.String())
		}
	}
}

func TestHelpPutsTheFlagsOfACommandFirstAndTheOthersUnderTheirHeadings(t *testing.T) {
	page := pageOf(t, "import")
	at := 0
	for _, text := range []string{
		"OPTIONS:", "--dry-run, -n\n", "What is taken\n", "--include value", "Albums\n", "--album value", "--order value", "Pairs\n", "--live value", "At the end\n", "--after value",
		"Rehearsal\n", "Uploads and pace\n", "--bwlimit value", "Output\n", "--json\n", "Service and account\n", "--state-dir value", "environment variables too,",
	} {
		i := strings.Index(page[at:], text)
		if i < 0 {
			t.Fatalf("%q does not follow in:\n%s", text, page)
		}
		at += i
	}
	if page := pageOf(t, "search"); !strings.Contains(strings.Join(strings.Fields(page), " "), "Not so --date, ") {
		t.Errorf("help of search does not say what has no variable:\n%s", page)
	}
}
