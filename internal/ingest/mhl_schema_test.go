package ingest_test

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/ingest"
)

// form is what the published schema of ASC MHL 2.0 says of an element: which ones it has, in which order; its attributes; its text. What this program never writes
// (authors, directory hashes, references, metadata) is not here, and so refused.
type form struct {
	children string // a regular expression over the names of the children, each with a blank behind it
	attrs    map[string]string
	needs    []string // attributes that must be there
	text     string
}

const (
	anyText  = `(?s).+`
	noText   = `\s*`
	dateTime = `-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?`
)

// forms are the elements of a namespace, by their path below its root.
func forms(namespace string) map[string]form {
	if namespace == "urn:ASC:MHL:DIRECTORY:v2.0" {
		return map[string]form{
			"ascmhldirectory":               {children: `(hashlist )+`, text: noText},
			"ascmhldirectory/hashlist":      {children: `path c4 `, attrs: map[string]string{"sequencenr": `[1-9]\d*`}, needs: []string{"sequencenr"}, text: noText},
			"ascmhldirectory/hashlist/path": {text: `\d{4,}_.+_\d{4}-\d\d-\d\d_\d{6}Z\.mhl`},
			"ascmhldirectory/hashlist/c4":   {text: `c4[1-9A-HJ-NP-Za-km-z]{88}`},
		}
	}
	return map[string]form{
		"hashlist":                            {children: `creatorinfo processinfo (hashes )?(metadata )?(references )?`, attrs: map[string]string{"version": `2\.0`}, needs: []string{"version"}, text: noText},
		"hashlist/creatorinfo":                {children: `creationdate hostname tool (author )*(location )?(comment )?`, text: noText},
		"hashlist/creatorinfo/creationdate":   {text: dateTime},
		"hashlist/creatorinfo/hostname":       {text: anyText},
		"hashlist/creatorinfo/tool":           {attrs: map[string]string{"version": anyText}, text: anyText},
		"hashlist/creatorinfo/comment":        {text: anyText},
		"hashlist/processinfo":                {children: `process (roothash )?(ignore )?`, text: noText},
		"hashlist/processinfo/process":        {text: `in-place|transfer|flatten`},
		"hashlist/processinfo/ignore":         {children: `(pattern )+`, text: noText},
		"hashlist/processinfo/ignore/pattern": {text: anyText},
		"hashlist/hashes":                     {children: `((hash )+|directoryhash )+`, text: noText},
		"hashlist/hashes/hash":                {children: `path ((md5|sha1|c4|xxh32|xxh64|xxh3|xxh128) )+(previousPath )?(metadata )?`, text: noText},
		"hashlist/hashes/hash/path": {
			attrs: map[string]string{"size": `\d+`, "creationdate": dateTime, "lastmodificationdate": dateTime},
			text:  `(?s)[^/](.*[^/])?`, needs: []string{"size", "lastmodificationdate"},
		},
		"hashlist/hashes/hash/xxh64": {
			attrs: map[string]string{"action": `original|verified|failed`, "hashdate": dateTime, "structure": anyText},
			text:  `[0-9a-f]{16}`, needs: []string{"action", "hashdate"},
		},
	}
}

// element is a part of an XML file, whatever it is.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

// wantForm holds an XML file to the schema of its namespace.
func wantForm(t *testing.T, file, namespace string) element {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var root element
	if err := xml.Unmarshal(body, &root); err != nil {
		t.Fatalf("%s: %v\n%s", file, err, body)
	}
	if !strings.HasPrefix(string(body), `<?xml version="1.0" encoding="UTF-8"?>`) {
		t.Errorf("%s: it begins with %.60q", file, body)
	}
	root.check(t, namespace, root.XMLName.Local)
	return root
}

func (e element) check(t *testing.T, namespace, at string) {
	t.Helper()
	f, known := forms(namespace)[at]
	if !known || e.XMLName.Space != namespace {
		t.Errorf("%s of %q is not in the schema", at, e.XMLName.Space)
		return
	}
	names := ""
	for _, c := range e.Children {
		names += c.XMLName.Local + " "
		c.check(t, namespace, at+"/"+c.XMLName.Local)
	}
	match := func(what, pattern, text string) {
		if !regexp.MustCompile(`\A(?:` + pattern + `)\z`).MatchString(text) {
			t.Errorf("%s: %s is %q, want %s", at, what, text, pattern)
		}
	}
	match("the order of its elements", f.children, names)
	match("its text", f.text, e.Text)
	var have []string
	for _, a := range e.Attrs {
		if a.Name.Local == "xmlns" {
			continue
		}
		have = append(have, a.Name.Local)
		pattern, known := f.attrs[a.Name.Local]
		if !known {
			t.Errorf("%s has no attribute %s", at, a.Name.Local)
			continue
		}
		match("attribute "+a.Name.Local, pattern, a.Value)
	}
	for _, name := range f.needs {
		if !slices.Contains(have, name) {
			t.Errorf("%s lacks its %s", at, name)
		}
	}
}

// at are the elements of a path below this one.
func (e element) at(path ...string) (found []element) {
	if len(path) == 0 {
		return []element{e}
	}
	for _, c := range e.Children {
		if c.XMLName.Local == path[0] {
			found = append(found, c.at(path[1:]...)...)
		}
	}
	return found
}

func TestHashListsHaveTheFormOfTheSchema(t *testing.T) {
	dir, m := t.TempDir(), remember(t)
	mount, dest := filepath.Join(dir, "card"), filepath.Join(dir, "dest")
	naming, err := ingest.ParseNaming("{name}", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"DCIM/<a & b>.JPG", "DCIM/ spaces .JPG", "PRIVATE/AVCHD/two\nlines.MTS", "PRIVATE/AVCHD/\xff\x01.MTS"} {
		lay(t, filepath.Join(mount, filepath.FromSlash(name)), name)
	}
	copies := func(mhl bool) {
		t.Helper()
		res := real(t, m, mount, func(c *ingest.Config) { c.Dests, c.MHL, c.Path = []string{dest}, mhl, naming })
		if !res.Report.Verdict.Safe {
			t.Fatalf("reasons %q", res.Report.Verdict.Reasons)
		}
	}
	copies(false)
	copies(true) // its copies are not new, but their hashes are the first here
	lay(t, filepath.Join(mount, "DCIM", "late.JPG"), "late")
	copies(true)

	wantForm(t, filepath.Join(dest, "ascmhl", "ascmhl_chain.xml"), "urn:ASC:MHL:DIRECTORY:v2.0")
	lists, err := filepath.Glob(filepath.Join(dest, "ascmhl", "*.mhl"))
	if err != nil || len(lists) != 2 {
		t.Fatalf("%v, %v", lists, err)
	}
	for i, list := range lists {
		root := wantForm(t, list, "urn:ASC:MHL:v2.0")
		hashes := root.at("hashes", "hash")
		if len(hashes) != 3+i {
			t.Errorf("%s has %d hashes, want those of all names that XML can hold", list, len(hashes))
		}
		if comment := root.at("creatorinfo", "comment")[0].Text; !strings.Contains(comment, "1 name that XML cannot hold is left out") {
			t.Errorf("the comment is %q", comment)
		}
		for _, h := range hashes {
			path, want := h.at("path")[0].Text, "verified"
			if i == 0 || path == "late.JPG" {
				want = "original"
			}
			if _, err := os.Stat(filepath.Join(dest, filepath.FromSlash(path))); err != nil {
				t.Errorf("a path leads nowhere: %v", err)
			}
			if got := h.at("xxh64")[0].Attrs[0].Value; got != want {
				t.Errorf("%s: %q is %s, want %s", filepath.Base(list), path, got, want)
			}
		}
	}
}
