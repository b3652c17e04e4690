// Command factstable measures package exif against exiftool: it reads every file
// below a folder with both, and writes how often they agree, for each format and
// each fact, into a document.
//
//	go run ./internal/factstable [-doc docs/facts.md] FOLDER...
//
// Without -doc the table goes to the standard output. Every disagreement is
// listed on the standard error, so that it can be looked into; where exiftool is
// the one that errs, exceptions.go says so with the reason, and the file counts
// as agreeing under that line.
package main

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/albumwright/albumwright/exif"
)

func main() {
	doc := flag.String("doc", "", "the document whose table is to be replaced")
	flag.Parse()
	if err := run(flag.Args(), *doc); err != nil {
		fmt.Fprintln(os.Stderr, "factstable:", err)
		os.Exit(1)
	}
}

func run(folders []string, doc string) error {
	paths, err := filesIn(folders)
	if err != nil {
		return err
	}
	answers, err := askExiftool(paths)
	if err != nil {
		return err
	}
	var table tally
	for _, told := range answers {
		if !told.isMedia() {
			continue
		}
		got, err := read(told.path)
		if err != nil {
			return err
		}
		table.compare(told, got, func(fact string, got, want any) {
			fmt.Fprintf(os.Stderr, "%s: %s is %v, exiftool says %v\n", told.path, fact, got, want)
		})
	}
	if doc == "" {
		fmt.Print(table.markdown())
		return nil
	}
	return replace(doc, table.markdown())
}

// filesIn lists the files below folders, in order.
func filesIn(folders []string) ([]string, error) {
	if len(folders) == 0 {
		return nil, fmt.Errorf("name a folder with photos and videos")
	}
	var out []string
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				out = append(out, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(out)
	return out, nil
}

// read has our package read a file. Damage is no error: both readers tell what
// they still find.
func read(path string) (exif.Facts, error) {
	f, err := os.Open(path)
	if err != nil {
		return exif.Facts{}, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return exif.Facts{}, err
	}
	facts, _ := exif.Read(f, info.Size())
	return facts, nil
}

// The table stands between these two lines of the document.
const (
	begin = "<!-- begin of the table made by make facts-table -->"
	end   = "<!-- end of the table -->"
)

// replace puts the table into the document.
func replace(doc, table string) error {
	b, err := os.ReadFile(doc)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(b), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no lines %q and %q", doc, begin, end)
	}
	return os.WriteFile(doc, []byte(before+begin+"\n\n"+table+"\n"+end+after), 0o644)
}
