package archtest_test

import (
	"fmt"
	"strings"
)

// small is a tree of files, and what is wrong with it.
type small struct {
	files map[string]string
	want  []string
}

// pkg is a documented package with imports.
func pkg(name string, imports ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "// Package %s is small.\npackage %s\n", name, name)
	for _, i := range imports {
		if strings.Contains(i, "/") && strings.Contains(strings.SplitN(i, "/", 2)[0], ".") || isStd(i) {
			fmt.Fprintf(&b, "import _ %q\n", i)
		} else {
			fmt.Fprintf(&b, "import _ %q\n", module+"/"+i)
		}
	}
	return b.String()
}

func isStd(i string) bool { return i == "os" || i == "net/http" || i == "C" }

func trees() map[string]small {
	all := make(map[string]small)
	for _, some := range []map[string]small{arrowTrees(), terminalTrees(), docTrees(), otherTrees()} {
		for name, tree := range some {
			all[name] = tree
		}
	}
	return all
}

func arrowTrees() map[string]small {
	return map[string]small{
		"allowed arrows": {files: map[string]string{
			"cmd/albumwright/main.go": pkg("main", "pipeline", "photos", "ratelimit", "emulator", "internal/ledger", "internal/plan"),
			"examples/library/a.go":   pkg("main", "pipeline", "watcher", "emulator", "github.com/x/y"),
			"pipeline/a.go":           pkg("pipeline", "watcher", "exif", "upload", "batch", "photos", "internal/media"),
			"batch/a.go":              pkg("batch", "photos", "net/http", "golang.org/x/sync/errgroup"),
			"ratelimit/a.go":          pkg("ratelimit", "net/http", "golang.org/x/time/rate"),
			"emulator/a.go":           pkg("emulator", "exif", "emulator/internal/gallery"),
			"internal/album/a.go":     pkg("album", "photos", "internal/ledger"),
			"internal/samples/a.go":   pkg("samples", "internal/fixture"),
			"photos/a_test.go":        pkg("photos_test", "photos", "emulator", "internal/fixture", "internal/samples"),
			"internal/ledger/a_test.go": pkg("ledger_test",
				"internal/ledger", "internal/ledger/ledgertest"),
			"internal/ledger/ledgertest/a.go": pkg("ledgertest", "internal/ledger"),
			// What the go command does not see, nobody judges.
			"photos/testdata/a.go": "package testdata; import \"C\"",
			".cache/a.go":          "package cache",
			"_old/a.go":            "package old",
			"tools/go.mod":         "module tools",
			"tools/a.go":           "package tools",
		}},
		"forbidden arrows": {
			files: map[string]string{
				"photos/a.go":             pkg("photos", "upload"),
				"upload/a.go":             pkg("upload", "batch", "photos"),
				"watcher/a.go":            pkg("watcher", "internal/media"),
				"exif/a.go":               pkg("exif", "exif/x"),
				"emulator/a.go":           pkg("emulator", "photos"),
				"pipeline/a.go":           pkg("pipeline", "ratelimit", "internal/ledger/ledgertest"),
				"cmd/albumwright/main.go": pkg("main", "batch"),
				"examples/library/a.go":   pkg("main", "internal/ledger"),
				"internal/plan/a.go":      pkg("plan", "internal/album"),
				"internal/media/a.go":     pkg("media", "internal/ledger"),
				"ratelimit/a.go":          pkg("ratelimit", "golang.org/x/sync/errgroup"),
				"emulator/a_test.go":      pkg("emulator_test", "emulator", "photos"),
				"photos/a_test.go":        pkg("photos_test", "internal/ledger"),
			},
			want: list(
				"photos/a.go:3: photos must not import upload",
				"upload/a.go:3: upload must not import batch",
				"watcher/a.go:3: watcher must not import internal/media",
				"exif/a.go:3: exif must not import exif/x",
				"emulator/a.go:3: emulator must not import photos",
				"pipeline/a.go:3: pipeline must not import ratelimit",
				"pipeline/a.go:4: pipeline must not import internal/ledger/ledgertest",
				"cmd/albumwright/main.go:3: cmd/albumwright must not import batch",
				"examples/library/a.go:3: examples/library must not import internal/ledger",
				"internal/plan/a.go:3: internal/plan must not import internal/album",
				"internal/media/a.go:3: internal/media must not import internal/ledger",
				"ratelimit/a.go:3: ratelimit must not import golang.org/x/sync/errgroup",
				"emulator/a_test.go:4: emulator must not import photos",
				"photos/a_test.go:3: photos must not import internal/ledger",
			),
		},
		"packages outside the house": {
			files: map[string]string{
				"a.go": pkg("albumwright"), "internal/utils/a.go": pkg("utils"), "photos/v2/a_test.go": pkg("v2_test"),
			},
			want: list(
				"a.go:2: package . is not in the house: see house_test.go",
				"internal/utils/a.go:2: package internal/utils is not in the house: see house_test.go",
				"photos/v2/a_test.go:2: package photos/v2 is not in the house: see house_test.go",
			),
		},
	}
}

func terminalTrees() map[string]small {
	const uses = `import (
	"fmt"
	"log"
	sys "os"
)

func f(print func()) {
	fmt.Fprintln(sys.Stderr, sys.Args, sys.Getenv("A"))
	_, _ = sys.LookupEnv("B")
	fmt.Println()
	log.Fatal(fmt.Sprint())
	println()
	print()
	var log struct{ Print func() }
	log.Print()
	sys.Exit(1)
}
`
	return map[string]small{
		"a program owns its terminal": {files: map[string]string{
			"cmd/albumwright/main.go": pkg("main") + uses, "examples/library/main.go": pkg("main") + uses,
			"photos/a_test.go": pkg("photos_test") + uses,
		}},
		"a library writes to the terminal": {
			files: map[string]string{"photos/a.go": pkg("photos") + uses, "exif/a.go": pkg("exif") + "import . \"fmt\"\n"},
			want: list(
				"photos/a.go:10: os.Stderr is for programs only",
				"photos/a.go:10: os.Args is for programs only",
				"photos/a.go:10: os.Getenv is for programs only",
				"photos/a.go:11: os.LookupEnv is for programs only",
				"photos/a.go:12: fmt.Println is for programs only",
				"photos/a.go:13: log.Fatal is for programs only",
				"photos/a.go:14: println writes to the terminal",
				"photos/a.go:18: os.Exit is for programs only",
				"exif/a.go:3: fmt must not be imported with a dot",
			),
		},
	}
}

func docTrees() map[string]small {
	return map[string]small{
		"documented": {files: map[string]string{
			"photos/a.go": pkg("photos") + `
// A T is a type.
type T[K any] struct{ Field int }

// M does.
func (t *T[K]) M() {}

// F does.
func F() {}

// All of these.
const (
	A = 1
	B = 2
)

var (
	C = 1 // this one
	// D is that one.
	D = 2
)

// These types.
type (
	X struct{}
	// Y is one of them.
	Y struct{}
)

type hidden struct{}

func (hidden) String() string { return "" }
func small() {}
`,
			"photos/b.go":             "package photos\n",
			"cmd/albumwright/main.go": "// Albumwright is a program.\npackage main\n",
			"photos/a_test.go":        "package photos_test\nfunc TestX() {}\n",
		}},
		"undocumented": {
			files: map[string]string{
				"photos/a.go": `package photos

type T[K any] struct{}

func (t *T[K]) M() {}

func F() {}

// Does something.
func G() {}

const A, b = 1, 2

type (
	X struct{}
	// That other one.
	Y struct{}
)

var E = 1
`,
				"cmd/albumwright/main.go": "package main\n",
			},
			want: list(
				`photos/a.go:1: package photos has no comment that begins with "Package photos"`,
				`cmd/albumwright/main.go:1: package cmd/albumwright has no comment that begins with "Package main"`,
				"photos/a.go:3: T has no comment",
				"photos/a.go:5: M has no comment",
				"photos/a.go:7: F has no comment",
				"photos/a.go:10: the comment of G does not begin with its name",
				"photos/a.go:12: A has no comment",
				"photos/a.go:15: X has no comment",
				"photos/a.go:17: the comment of Y does not begin with its name",
				"photos/a.go:20: E has no comment",
			),
		},
	}
}

func otherTrees() map[string]small {
	const sleep = "import \"time\"\nfunc f() { time.Sleep(1) }\n"
	long := strings.Repeat("\n", maxLines)
	return map[string]small{
		"cgo": {
			files: map[string]string{"exif/a.go": pkg("exif", "C")},
			want:  list("exif/a.go:3: no cgo: the program must build everywhere without a C compiler"),
		},
		"a test that sleeps": {
			files: map[string]string{
				"photos/a.go":      pkg("photos") + sleep,
				"photos/a_test.go": pkg("photos_test") + sleep,
				"photos/b_test.go": pkg("photos_test") + "import \"testing/synctest\"\n" + sleep,
			},
			want: list("photos/a_test.go:4: time.Sleep in a test without testing/synctest"),
		},
		"files that are too long": {
			files: map[string]string{
				"photos/a.go":      "// Package photos is long.\npackage photos" + long,
				"photos/b_test.go": "package photos_test\n" + long,
				"photos/c.go":      "// Code generated by x. DO NOT EDIT.\n\npackage photos\n" + long,
				"photos/d.go":      "package photos" + long,
			},
			want: list("photos/a.go:2: 501 lines, at most 500", "photos/b_test.go:1: 501 lines, at most 500"),
		},
	}
}
