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

func TestHelpHasAnExampleNamesEveryFlagOnceAndFitsIntoATerminal(t *testing.T) {
	var check func(c *cli.Command, words []string)
	check = func(c *cli.Command, words []string) {
		page := pageOf(t, words...)
		if full := strings.Join(words, " "); !regexp.MustCompile(`(?m)^   .*\balbumwright ` + full + `\b`).MatchString(page[strings.Index(page, "\nDESCRIPTION:\n")+1:]) {
			t.Errorf("help of %s has no example", full)
		}
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
		if nameless := regexp.MustCompile(`(?m)^   --.* value$`).FindAllString(options, -1); nameless != nil {
			t.Errorf("help of %s does not say what the value is of %q", strings.Join(words, " "), nameless)
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
		if c.Name != "help" && !c.Hidden {
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
		"OPTIONS:", "--dry-run, -n\n", "What is taken\n", "--include GLOB", "Albums\n", "--album TITLE", "--order ORDER", "Pairs\n", "--live WHICH", "At the end\n", "--after WHAT",
		"Rehearsal\n", "Uploads and pace\n", "--bwlimit LIMIT", "Output\n", "--json\n", "Service and account\n", "--state-dir DIR", "environment variables too,",
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

func TestHelpOfTheProgramNamesEveryCommandAndFitsIntoATerminal(t *testing.T) {
	page := pageOf(t)
	for _, c := range newApp(terminal{}).Commands {
		if c.Hidden {
			continue
		}
		if n := len(regexp.MustCompile(`(?m)^      `+c.Name+` +\S`).FindAllString(page, -1)); n != 1 {
			t.Errorf("the help of the program names %s %d times", c.Name, n)
		}
	}
	for line := range strings.Lines(page) {
		if len([]rune(line)) > helpWidth+1 {
			t.Errorf("a line of %d characters: %s", len(line), line)
		}
	}
}
