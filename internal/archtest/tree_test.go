package archtest_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// source is one Go file of the module.
type source struct {
	path   string
	folder string
	test   bool
	lines  int
	file   *ast.File
	fset   *token.FileSet
}

// at says that a rule is broken, and where.
func (s *source) at(pos token.Pos, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: %s", s.path, s.fset.Position(pos).Line, fmt.Sprintf(format, args...))
}

// load parses all Go files below the root of a module.
func load(fsys fs.FS) ([]*source, error) {
	var all []*source
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p != "." && skipped(fsys, p):
			return fs.SkipDir
		case d.IsDir() || path.Ext(p) != ".go":
			return nil
		}
		s, err := parse(fsys, p)
		all = append(all, s)
		return err
	})
	return all, err
}

// skipped: what the go command does not see either, and other modules.
func skipped(fsys fs.FS, folder string) bool {
	name := path.Base(folder)
	if name == "testdata" || name == "vendor" || name[0] == '.' || name[0] == '_' {
		return true
	}
	_, err := fs.Stat(fsys, path.Join(folder, "go.mod"))
	return err == nil
}

func parse(fsys fs.FS, p string) (*source, error) {
	text, err := fs.ReadFile(fsys, p)
	if err != nil {
		return nil, err
	}
	s := &source{
		path: p, folder: path.Dir(p), test: strings.HasSuffix(p, "_test.go"),
		lines: bytes.Count(text, []byte("\n")), fset: token.NewFileSet(),
	}
	s.file, err = parser.ParseFile(s.fset, p, text, parser.ParseComments)
	return s, err
}

// imports returns the imported paths, by the name that the file uses for each.
func (s *source) imports() map[string]*ast.ImportSpec {
	byName := make(map[string]*ast.ImportSpec)
	for _, i := range s.file.Imports {
		name := path.Base(pathOf(i))
		if i.Name != nil {
			name = i.Name.Name
		}
		byName[name] = i
	}
	return byName
}

func pathOf(i *ast.ImportSpec) string {
	p, err := strconv.Unquote(i.Path.Value)
	if err != nil {
		return i.Path.Value // cannot be: the parser took it
	}
	return p
}

// uses calls found for every mention of something from another package: os.Args
// is found with "os" and "Args".
func (s *source) uses(found func(pos token.Pos, pkg, name string)) {
	imports := s.imports()
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		// With an Obj it is a variable of this file that is called like a package.
		if x, ok := sel.X.(*ast.Ident); ok && x.Obj == nil && imports[x.Name] != nil {
			found(sel.Pos(), pathOf(imports[x.Name]), sel.Sel.Name)
		}
		return true
	})
}

// matchesAny reports whether a folder matches one of the patterns.
func matchesAny(patterns []string, folder string) bool {
	for _, p := range patterns {
		if ok, err := path.Match(p, folder); ok && err == nil {
			return true
		}
	}
	return false
}
