package archtest_test

import (
	"fmt"
	"go/ast"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// apiPage is the table of the service's rules.
const apiPage = "docs/api.md"

func TestTheRulesOfTheServiceAreKeptAndProvedAsThePageSays(t *testing.T) {
	root := os.DirFS(filepath.Join("..", ".."))
	all, err := load(root)
	if err != nil {
		t.Fatal(err)
	}
	text, err := fs.ReadFile(root, apiPage)
	if err != nil {
		t.Fatal(err)
	}
	p := readPage(string(text))
	for _, b := range append(p.check(all), p.checkNumbers(all)...) {
		t.Error(b)
	}
	if len(p.rules) < 100 || !p.numbers["3.1"] || !p.numbers["12 #43"] {
		t.Errorf("%d rules were read of %s, and not all sections: the page was not understood", len(p.rules), apiPage)
	}
}

// page is what was read of a page of rules.
type page struct {
	rules   []ruleRow
	numbers map[string]bool // "2.1" of headings, "12 #3" of rows
	broken  []string        // what could not be read
}

// ruleRow is one row of a table that says who keeps and who proves a rule.
type ruleRow struct {
	line  int
	cells map[string]string // by the column's heading
}

var heading = regexp.MustCompile(`^#+ (\d+(?:\.\d+)?)\b`)

// readPage reads the headings and tables of a page.
func readPage(text string) page {
	p := page{numbers: make(map[string]bool)}
	var section string
	var head []string
	for i, line := range strings.Split(text, "\n") {
		if m := heading.FindStringSubmatch(line); m != nil {
			section = m[1]
			p.numbers[section] = true
		}
		if !strings.HasPrefix(line, "|") {
			head = nil
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for j, c := range cells {
			cells[j] = strings.TrimSpace(c)
		}
		switch {
		case head == nil:
			head = cells
		case strings.Trim(cells[0], "-:") == "" && cells[0] != "":
		case len(cells) != len(head):
			p.broken = append(p.broken, fmt.Sprintf("%s:%d: %d cells below %d headings", apiPage, i+1, len(cells), len(head)))
		default:
			p.row(section, i+1, head, cells)
		}
	}
	return p
}

func (p *page) row(section string, line int, head, cells []string) {
	r := ruleRow{line: line, cells: make(map[string]string)}
	for i, name := range head {
		r.cells[name] = cells[i]
	}
	if number, ok := r.cells["#"]; ok {
		p.numbers[section+" #"+number] = true
	}
	if slices.Contains(head, "kept by") && slices.Contains(head, "proved by") {
		p.rules = append(p.rules, r)
	}
}

// check finds rules that name what is not in the tree.
func (p page) check(all []*source) []string {
	declared, tests := namesOf(all)
	broken := p.broken
	wrong := func(r ruleRow, format string, args ...any) {
		broken = append(broken, fmt.Sprintf("%s:%d: ", apiPage, r.line)+fmt.Sprintf(format, args...))
	}
	for _, r := range p.rules {
		if known, ok := r.cells["known from"]; ok && !weighed.MatchString(known) {
			wrong(r, "known from %q", known)
		}
		for _, c := range []struct {
			cell, what string
			exist      map[string]bool
			instead    []string
		}{
			{r.cells["kept by"], "declaration", declared, list("not yet", "no code yet")},
			{r.cells["proved by"], "test", tests, list("not yet", "no test yet")},
		} {
			names := spans(c.cell)
			for _, name := range names {
				if !c.exist[name] {
					wrong(r, "there is no %s %s", c.what, name)
				}
			}
			if len(names) == 0 && !slices.Contains(c.instead, c.cell) {
				wrong(r, "%q names nothing: say %q", c.cell, c.instead)
			}
		}
	}
	return broken
}

// weighed is where a rule may be known from; a link or a remark may follow.
var weighed = regexp.MustCompile(`^(documented|observed|recalled|choice)\b`)

// spans are the words between backquotes.
func spans(cell string) []string {
	var all []string
	for i, s := range strings.Split(cell, "`") {
		if i%2 == 1 {
			all = append(all, s)
		}
	}
	return all
}

// namesOf lists what a tree declares: package.Name, package.Type.Method, package.Type.Field, and each Go file by its path; and its tests.
func namesOf(all []*source) (declared, tests map[string]bool) {
	declared, tests = make(map[string]bool), make(map[string]bool)
	for _, s := range all {
		pkg := s.file.Name.Name + "."
		if !s.test {
			declared[s.path] = true
		}
		for _, d := range s.file.Decls {
			f, isFunc := d.(*ast.FuncDecl)
			switch {
			case s.test && isFunc && f.Recv == nil && isTest(f.Name.Name):
				tests[f.Name.Name] = true
			case s.test:
			case isFunc && f.Recv == nil:
				declared[pkg+f.Name.Name] = true
			case isFunc:
				declared[pkg+receiver(f)+"."+f.Name.Name] = true
			default:
				declareGroup(declared, pkg, d.(*ast.GenDecl))
			}
		}
	}
	return declared, tests
}

func isTest(name string) bool {
	return strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Example") || strings.HasPrefix(name, "Fuzz")
}

// receiver is the name of a method's type.
func receiver(f *ast.FuncDecl) (name string) {
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return name == ""
	})
	return name
}

func declareGroup(declared map[string]bool, pkg string, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			for _, id := range spec.Names {
				declared[pkg+id.Name] = true
			}
		case *ast.TypeSpec:
			declared[pkg+spec.Name.Name] = true
			st, ok := spec.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, field := range st.Fields.List {
				for _, id := range field.Names {
					declared[pkg+spec.Name.Name+"."+id.Name] = true
				}
			}
		}
	}
}

// In a comment, "contract 2.1" is a section of the page, and "12 #9, #10" are rows.
var (
	citedSection = regexp.MustCompile(`(?i)\bcontract (\d+(?:\.\d+)?)`)
	citedRows    = regexp.MustCompile(`\b(\d+) ((?:#\d+)(?:, #\d+)*)`)
)

// checkNumbers finds comments whose numbers lead nowhere.
func (p page) checkNumbers(all []*source) []string {
	var broken []string
	for _, s := range all {
		for _, group := range s.file.Comments {
			text := strings.Join(strings.Fields(group.Text()), " ")
			for _, number := range cited(text) {
				if !p.numbers[number] {
					broken = append(broken, s.at(group.Pos(), "%s has no %s", apiPage, number))
				}
			}
		}
	}
	return broken
}

// cited are the numbers in a comment that speaks of the contract.
func cited(comment string) []string {
	var numbers []string
	for _, m := range citedSection.FindAllStringSubmatch(comment, -1) {
		numbers = append(numbers, m[1])
	}
	if numbers == nil {
		return nil
	}
	for _, m := range citedRows.FindAllStringSubmatch(comment, -1) {
		for row := range strings.SplitSeq(m[2], ", ") {
			numbers = append(numbers, m[1]+" "+row)
		}
	}
	return numbers
}

// The checker can fail: each of these pages has one thing wrong, or none.
func TestAPageOfRulesIsHeldToTheTree(t *testing.T) {
	const head = "## 2. Errors\n| # | known from | kept by | proved by |\n|---|---|---|---|\n"
	all, err := load(fstest.MapFS{
		"photos/a.go": {Data: []byte("package photos\nconst Max = 50 // contract 2; 2 #1\ntype T[P any] struct{ F int }\nfunc (t *T[P]) M() {}\nfunc f() {}\n")},
		"photos/a_test.go": {Data: []byte(
			"package photos_test\n// Contract 2.3, 4; 2\n// #1, #7\nfunc TestIt(t *testing.T) {}\nfunc FuzzIt(f *testing.F) {}\nfunc helper() {}\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, row, want string }{
		{"all is there", "| 1 | observed, recalled | `photos.Max`, `photos.T`, `photos.T.F` and `photos.T.M` | `TestIt`, `FuzzIt` |", ""},
		{"a file and an inner name", "| 1 | choice | `photos/a.go`, `photos.f` | no test yet |", ""},
		{"nothing yet", "| 1 | documented [x] | no code yet | not yet |", ""},
		{"no such declaration", "| 1 | choice | `photos.Min` | `TestIt` |", "docs/api.md:4: there is no declaration photos.Min"},
		{"no such package", "| 1 | choice | `upload.Max` | `TestIt` |", "docs/api.md:4: there is no declaration upload.Max"},
		{"no such file", "| 1 | choice | `photos/b.go` | `TestIt` |", "docs/api.md:4: there is no declaration photos/b.go"},
		{"a name of a test file", "| 1 | choice | `photos_test.helper` | `TestIt` |", "docs/api.md:4: there is no declaration photos_test.helper"},
		{"no such test", "| 1 | choice | `photos.Max` | `TestIt`, `TestThat` |", "docs/api.md:4: there is no test TestThat"},
		{"no test but a helper", "| 1 | choice | `photos.Max` | `helper` |", "docs/api.md:4: there is no test helper"},
		{"an empty cell", "| 1 | choice | `photos.Max` |  |", `docs/api.md:4: "" names nothing: say ["not yet" "no test yet"]`},
		{"a test without backquotes", "| 1 | choice | `photos.Max` | TestIt |", `docs/api.md:4: "TestIt" names nothing: say ["not yet" "no test yet"]`},
		{"a rumour", "| 1 | heard | `photos.Max` | `TestIt` |", `docs/api.md:4: known from "heard"`},
		{"a cell too many", "| 1 | choice | `photos.Max` | `TestIt` | |", "docs/api.md:4: 5 cells below 4 headings"},
	} {
		got := readPage(head + tt.row).check(all)
		if strings.Join(got, "\n") != tt.want {
			t.Errorf("%s: found %q, want %q", tt.name, got, tt.want)
		}
	}
	got := readPage(head + "| 1 | choice | not yet | not yet |").checkNumbers(all)
	want := list("photos/a_test.go:2: docs/api.md has no 2.3", "photos/a_test.go:2: docs/api.md has no 2 #7")
	if !slices.Equal(got, want) {
		t.Errorf("numbers that lead nowhere: %q, want %q", got, want)
	}
}
