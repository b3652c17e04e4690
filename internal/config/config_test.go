package config_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/albumwright/albumwright/internal/config"
)

// schema is a small one with a setting of each kind.
func schema() config.Schema {
	return config.Schema{
		Settings: []config.Setting{
			{Name: "account", Default: []string{"default"}, Folder: true},
			{Name: "state-dir", Path: true, Default: []string{"/var/state"}},
			{Name: "album", Kind: config.Texts, Folder: true},
			{Name: "album-by", Kind: config.Texts, Folder: true},
			{Name: "include", Kind: config.Texts, Folder: true},
			{Name: "quiet", Kind: config.Bool, Default: []string{"false"}},
			{Name: "tries", Kind: config.Int, Default: []string{"7"}},
			{Name: "tpslimit", Kind: config.Number, Default: []string{"0"}},
			{Name: "event-gap", Kind: config.Duration, Default: []string{"1h"}, Folder: true},
			{Name: "transfers", Default: []string{"auto"}},
		},
		Choices: [][]string{{"album", "album-by"}},
		Spoken:  []string{"dry-run"},
		Home:    "/home/me",
	}
}

func parse(t *testing.T, text string) *config.File {
	t.Helper()
	f, err := config.Parse("a.yaml", []byte(text), schema())
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	return f
}

func TestEveryMistakeIsFoundAtItsPlace(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"an unknown key", "account: a\n\n\n\n\n\nalbm-by: month\n", `line 7, column 1: unknown key "albm-by": did you mean "album-by"?`},
		{"an unknown key far from all", "colour: red\n", `line 1, column 1: unknown key "colour"`},
		{"swapped letters", "quite: true\n", `line 1, column 1: unknown key "quite": did you mean "quiet"?`},
		{"dashes and underscores", "--event_gap: 1h\n", `line 1, column 1: unknown key "--event_gap": did you mean "event-gap"?`},
		{"a flag of one call", "dry-run: true\n", `line 1, column 1: "dry-run" does not belong here: it is said with the call that it is meant for`},
		{"a secret", "access-token: ya29.x\n", `line 1, column 1: "access-token" does not belong here: this file keeps no secrets; use the environment variable ALBUMWRIGHT_ACCESS_TOKEN`},
		{"a passphrase", "accounts:\n  a:\n    passphrase: x\n", `line 3, column 5: "passphrase" does not belong here: this file keeps no secrets; use the environment variable ALBUMWRIGHT_TOKEN_PASSPHRASE, or ALBUMWRIGHT_TOKEN_PASSPHRASE_FILE`},
		{"an address that is one", "webhook: https://x\n", `line 1, column 1: "webhook" does not belong here: this file keeps no secrets; use the environment variable ALBUMWRIGHT_WEBHOOK`},
		{"another secret", "client_secret: x\n", `line 1, column 1: "client_secret" does not belong here: this file keeps no secrets; use the file or the environment variable that the command asks for`},
		{"a word for yes", "quiet: yes\n", `line 1, column 8: quiet is either true or false, not "yes"`},
		{"an octal number", "tries: 0600\n", `line 1, column 8: tries is a decimal number: "0600" begins with 0, which looks like another base`},
		{"another base", "tries: 0x10\n", `line 1, column 8: tries is a decimal number: "0x10" begins with 0, which looks like another base`},
		{"a fraction of a whole number", "tries: 1.5\n", `line 1, column 8: tries is a whole number, such as 8, not "1.5"`},
		{"no number", "tpslimit: .nan\n", `line 1, column 11: tpslimit is a number, such as 2.5, not ".nan"`},
		{"a time without a unit", "event-gap: 90\n", `line 1, column 12: event-gap is a time with its unit, such as 90s or 1h30m: "90" has none`},
		{"no time", "event-gap: soon\n", `line 1, column 12: event-gap is a time, such as 90s or 1h30m, not "soon"`},
		{"no value", "account:\n", `line 1, column 9: account has no value: write one, or take the line out; "" is an empty text`},
		{"a list for one value", "tries: [1, 2]\n", `line 1, column 8: tries takes one value, not a list`},
		{"a block for a value", "account:\n  name: x\n", `line 2, column 3: account takes a value, not a block of its own`},
		{"a list in a list", "include:\n  - a\n  - [b]\n", `line 3, column 5: include takes one value, not a list`},
		{"a relative path", "state-dir: state\n", `line 1, column 12: state-dir "state" is relative, and nobody knows to which folder: begin with ~/ or with the root`},
		{"a key that is there twice", "tries: 1\nquiet: true\ntries: 2\n", `line 3, column 1: "tries" is there already, in line 1: of two only one could count`},
		{"an alias", "account: &a x\nstate-dir: *a\n", `line 1, column 10: anchors and aliases (& and *) are not understood here: write it out, or put the value in quotes
line 2, column 12: anchors and aliases (& and *) are not understood here: write it out, or put the value in quotes`},
		{"a merge", "<<: {tries: 1}\n", `line 1, column 1: merge keys (<<) are not understood here: write it out`},
		{"a tag", "account: !!str 5\n", `line 1, column 10: tags (!) are not understood here: put a value that begins with ! in quotes`},
		{"two documents", "tries: 1\n---\ntries: 2\n", `line 2, column 1: a second document begins here (---): all belongs into one`},
		{"a list of all", "- tries: 1\n", `line 1, column 1: the file is made of lines such as "key: value"`},
		{"a word only", "tries\n", `line 1, column 1: the file is made of lines such as "key: value"`},
		{"folders that are no list", "folders:\n  path: /a\n", `line 2, column 3: folders is a list: each begins with "- path: "`},
		{"a folder without a path", "folders:\n  - album: x\n", `line 2, column 5: this folder has no path`},
		{"a folder that is there twice", "folders:\n  - path: /a\n  - path: /a/../a\n", `line 3, column 5: the folder /a is there already, in line 2`},
		{"a folder with a setting of the run", "folders:\n  - path: /a\n    tries: 2\n", `line 3, column 5: "tries" is no setting of a folder: it belongs to the top of the file`},
		{"a time to settle", "folders:\n  - path: /a\n    settle: 0s\n", `line 3, column 13: settle must be longer than nothing`},
		{"an account within an account", "accounts:\n  a: {account: b}\n", `line 2, column 7: "account" is no setting of an account: it belongs to the top of the file`},
		{"all at once", "trie: 1\nquiet: on\nfolders:\n  - path: x\n    albun: y\n", `line 1, column 1: unknown key "trie": did you mean "tries"?
line 2, column 8: quiet is either true or false, not "on"
line 4, column 11: path "x" is relative, and nobody knows to which folder: begin with ~/ or with the root
line 5, column 5: unknown key "albun": did you mean "album"?`},

		{"a tab", "folders:\n\t- path: /a\n", `line 2, column 1: there is a tab before the text: YAML indents with spaces only`},
		{"a tab behind spaces", "accounts:\n  a:\n  \ttries: 1\n", `line 3, column 3: there is a tab before the text: YAML indents with spaces only`},
		{"a colon in a value", "account: a: b\n", `line 1, column 11: a second ": " on one line, or a line that is indented too far: put a value with ": " in it in quotes`},
		{"a glob without quotes", "include: *.jpg\n", `line 1, column 10: a value that begins with * must be in quotes`},
		{"another sign that needs quotes", "account: @me\n", `line 1, column 10: a value that begins with @ must be in quotes`},
		{"a quote that stays open", "account: 'me\n", `line 1, column 10: the quote that begins here is not closed`},
		{"a wrong indent", "accounts:\n  a:\n    tries: 1\n   quiet: true\n", `line 4, column 4: this line is indented neither like the ones before it nor like a new block`},
		{"bytes that are no text", "account: \xff\n", `line 1, column 10: this is no UTF-8: save the file in that encoding`},
		{"a photo", "\xef\xbb\xbfa\x00b", `line 1, column 2: there is a control character (0x00): this is no text file`},
		{"too much", "# " + strings.Repeat("x", config.MaxSize), `it has more than 1024 KiB: that is no configuration of albumwright`},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := config.Parse("a.yaml", []byte(c.text), schema())
			invalid := (*config.InvalidError)(nil)
			if !errors.As(err, &invalid) {
				t.Fatalf("error %v (%+v), want mistakes", err, f)
			}
			var got []string
			for _, p := range invalid.Problems {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(strings.Split(c.want, "\n"), got); diff != "" {
				t.Errorf("%s\n(-want +got)\n%s", c.text, diff)
			}
		})
	}
}

func TestTheErrorNamesTheFileAndNoSecret(t *testing.T) {
	_, err := config.Parse("a.yaml", []byte("token: ya29.very-secret\nquiet: maybe\n"), schema())
	if err == nil || !strings.HasPrefix(err.Error(), "a.yaml: 2 things are wrong\n  line 1, ") || strings.Contains(err.Error(), "ya29") {
		t.Errorf("error %v, want both mistakes and no token", err)
	}
	if _, err = config.Parse("a.yaml", []byte("token: 'ya29.very-secret\n"), schema()); err == nil || strings.Contains(err.Error(), "ya29") {
		t.Errorf("error %v, want no token", err)
	}
}

func TestValuesAreTakenAsTheyAreWritten(t *testing.T) {
	f := parse(t, "\xef\xbb\xbfaccount: 0600\nstate-dir: ~/state/\nquiet: True\ntries: -3\ntpslimit: 2.5\nevent-gap: 1h30m\ntransfers: no\n"+
		"include: ['*.{jpg,png}', \"a b\"]\nalbum: 2024\n")
	want := config.Block{
		"account": {[]string{"0600"}, 1}, "state-dir": {[]string{"/home/me/state"}, 2}, "quiet": {[]string{"true"}, 3}, "tries": {[]string{"-3"}, 4},
		"tpslimit": {[]string{"2.5"}, 5}, "event-gap": {[]string{"1h30m"}, 6}, "transfers": {[]string{"no"}, 7},
		"include": {[]string{"*.{jpg,png}", "a b"}, 8}, "album": {[]string{"2024"}, 9},
	}
	if diff := cmp.Diff(want, f.Settings); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAFileThatSaysNothingIsGood(t *testing.T) {
	for _, text := range []string{"", "# only words\n", "---\n", "~\n", "{}\n"} {
		if f := parse(t, text); len(f.For("default")) > 0 {
			t.Errorf("%q says %v, want nothing", text, f.Settings)
		}
	}
	if said := (*config.File)(nil).For("x"); len(said) > 0 {
		t.Errorf("no file says %v, want nothing", said)
	}
}

func TestAnAccountsOwnSettingsWinAndAChoiceIsOne(t *testing.T) {
	f := parse(t, "tries: 3\nquiet: true\nalbum: All\naccounts:\n  family:\n    tries: 5\n    album-by: month\n  empty:\n")
	family := config.Block{"tries": {[]string{"5"}, 6}, "quiet": {[]string{"true"}, 2}, "album-by": {[]string{"month"}, 7}}
	if diff := cmp.Diff(family, f.For("family")); diff != "" {
		t.Errorf("family (-want +got)\n%s", diff)
	}
	for _, name := range []string{"empty", "default"} {
		if diff := cmp.Diff(f.Settings, f.For(name)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestFoldersHaveSettingsOfTheirOwn(t *testing.T) {
	f := parse(t, "folders:\n  - path: ~/Camera\n    settle: 10s\n    album-by: [month, camera]\n    account: family\n  - path: /srv/in\n")
	want := []config.Folder{
		{Path: "/home/me/Camera", Settle: 10 * time.Second, Line: 2, Settings: config.Block{"album-by": {[]string{"month", "camera"}, 4}, "account": {[]string{"family"}, 5}}},
		{Path: "/srv/in", Line: 6},
	}
	if diff := cmp.Diff(want, f.Folders, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWhatMakesNoSenseIsBlamedOnItsLine(t *testing.T) {
	s := schema()
	s.Try = func(b config.Block) error {
		if v, ok := b["transfers"]; ok && v.Texts[0] == "many" {
			return errors.New("--transfers many: must be a number")
		}
		if _, quiet := b["quiet"]; quiet && len(b) > 1 {
			return fmt.Errorf("--quiet wants to be alone")
		}
		return nil
	}
	for text, want := range map[string]string{
		"tries: 1\ntransfers: many\nquiet: true\n": "a.yaml: line 2, column 12: transfers many: must be a number",
		"tries: 1\nquiet: true\n":                  "a.yaml: line 1, column 1: quiet wants to be alone",
	} {
		if _, err := config.Parse("a.yaml", []byte(text), s); err == nil || err.Error() != want {
			t.Errorf("%s\nerror %v, want %s", text, err, want)
		}
	}
}
