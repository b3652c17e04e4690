package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// All that the program says in this package's tests, in whatever process, is written down, and searched at the end for secrets. So are the files that the stories
// leave, but for those whose purpose is to keep secrets.

// overhearTo is the folder for it.
const overhearTo = "ALBUMWRIGHT_TEST_OVERHEAR_TO"

// secret is the shape of what must not be seen: access, refresh and upload tokens, addresses of upload sessions, authorization codes, client secrets. The
// emulator makes them as Google does; what a test makes up has one of these shapes, too. Four letters in the middle of a longer word are chance: a library of
// 100,000 items has millions of random ones in its base URLs.
var secret = regexp.MustCompile(`ya29\.[\w.-]{6,}|1//0[\w-]{20,}|(?:^|[^\w-])CAIS[\w-]{40,}|upload_id=[\w-]{8,}|GOCSPX-[\w-]{8,}|[?&]code=[\w%./-]{8,}|4/0[\w-]{20,}`)

// overheard is the program, with a copy of what it says.
func overheard() {
	dir := os.Getenv(overhearTo)
	f, err := os.CreateTemp(dir, "said-*")
	if err != nil {
		panic(err)
	}
	fmt.Fprintf(f, "%q\n", os.Args) // as all users of the machine see it in the list of processes
	noCoreFiles()
	term := terminal{in: os.Stdin, out: io.MultiWriter(os.Stdout, f), err: io.MultiWriter(os.Stderr, f)}
	os.Exit(run(context.Background(), os.Args, term))
}

// overhearing runs the tests and then looks at what was said.
type overhearing struct{ tests *testing.M }

// Run implements the interface of [testscript.Main].
func (o overhearing) Run() int {
	dir, err := os.MkdirTemp("", "overheard-")
	if err == nil {
		err = errors.Join(os.Setenv(overhearTo, dir), os.Chmod(dir, 0o777)) // some tests run the program as somebody else
	}
	if err != nil {
		panic(err)
	}
	code := o.tests.Run()
	for _, leak := range append(leaks(dir, saysItsOwn), nothingHeard(dir)...) {
		fmt.Fprintln(os.Stderr, "FAIL: a secret was seen:", leak)
		code = max(code, 1)
	}
	if err := os.RemoveAll(dir); err != nil {
		panic(err)
	}
	return code
}

var _ testscript.TestingM = overhearing{}

// nothingHeard keeps the search from passing because nothing was written down.
func nothingHeard(dir string) []string {
	if said, _ := os.ReadDir(dir); len(said) == 0 && flag.Lookup("test.run").Value.String() == "" {
		return []string{"nothing was overheard"}
	}
	return nil
}

// saysItsOwn tells the emulator, which makes up its secrets and shows the one that a client needs.
func saysItsOwn(path string, text []byte) bool {
	args, _, _ := strings.Cut(string(text), "\n")
	return strings.Contains(args, `"emulator"`) || strings.Contains(args, `"demo"`)
}

// keepsSecrets tells the files whose purpose it is: ledgers, stores of tokens, clients, what an emulator keeps. Others may not read them; their tests see to that.
func keepsSecrets(path string, text []byte) bool {
	return bytes.HasPrefix(text, []byte("export ALBUMWRIGHT_ENDPOINT")) || // what an emulator says when it begins
		bytes.HasPrefix(text, []byte("SQLite format 3")) || // a ledger's backup
		bytes.HasPrefix(text, []byte("{\n  \"installed\"")) || // a client, as Google's console gives it
		strings.HasSuffix(path, "/journal.jsonl") || strings.Contains(path, "/ledgers/") || strings.Contains(path, "/accounts/") || strings.Contains(path, "/auth/") ||
		slices.ContainsFunc([]string{"client.json", "client_secret", "/service/", "/emulator/", ".tokens", "plain"}, func(part string) bool { return strings.Contains(path, part) })
}

// leaks lists the files below a folder in which a secret stands, but for some.
func leaks(dir string, may func(path string, text []byte) bool) (found []string) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if leak := secret.Find(text); leak != nil && !may(path, text) {
			found = append(found, fmt.Sprintf("%s in %s\n%s", leak[:min(len(leak), 12)], path, firstLines(text)))
		}
		return nil
	})
	if err != nil {
		found = append(found, err.Error())
	}
	return found
}

func firstLines(text []byte) string { return string(text[:min(len(text), 400)]) }
