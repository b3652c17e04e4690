package archtest_test

import (
	"go/ast"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// checkPackageDocs wants one comment for each package, in one of its files.
func checkPackageDocs(all []*source) []string {
	undocumented := make(map[string]*source)
	documented := make(map[string]bool)
	for _, s := range all {
		if s.test {
			continue
		}
		undocumented[s.folder] = s
		name := s.file.Name.Name
		if doc := s.file.Doc.Text(); name == "main" && doc != "" || strings.HasPrefix(doc, "Package "+name+" ") {
			documented[s.folder] = true
		}
	}
	var broken []string
	for _, folder := range slices.Sorted(maps.Keys(undocumented)) {
		if s := undocumented[folder]; !documented[folder] {
			broken = append(broken, s.at(s.file.Package, "package %s has no comment that begins with \"Package %s\"", folder, s.file.Name.Name))
		}
	}
	return broken
}

// checkDocs wants a comment for each exported function, method, type, constant
// and variable; those in a group may share its comment, as go doc shows it.
func checkDocs(s *source) []string {
	if s.test {
		return nil
	}
	var broken []string
	for _, d := range s.file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && exportedReceiver(d) {
				broken = append(broken, s.wantDoc(d.Name, d.Doc)...)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				broken = append(broken, s.checkSpec(d, spec)...)
			}
		}
	}
	return broken
}

func (s *source) checkSpec(d *ast.GenDecl, spec ast.Spec) []string {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		switch {
		case !spec.Name.IsExported():
		case spec.Doc != nil:
			return s.wantDoc(spec.Name, spec.Doc)
		case !d.Lparen.IsValid():
			return s.wantDoc(spec.Name, d.Doc)
		case d.Doc == nil:
			return list(s.at(spec.Pos(), "%s has no comment", spec.Name.Name))
		}
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			if name.IsExported() && spec.Doc == nil && spec.Comment == nil && d.Doc == nil {
				return list(s.at(name.Pos(), "%s has no comment", name.Name))
			}
		}
	}
	return nil
}

// wantDoc holds to the custom that go doc and its readers count on: a comment
// begins with the name.
func (s *source) wantDoc(name *ast.Ident, doc *ast.CommentGroup) []string {
	if doc.Text() == "" {
		return list(s.at(name.Pos(), "%s has no comment", name.Name))
	}
	if !regexp.MustCompile(`^((A|An|The) )?` + regexp.QuoteMeta(name.Name) + `\b`).MatchString(doc.Text()) {
		return list(s.at(name.Pos(), "the comment of %s does not begin with its name", name.Name))
	}
	return nil
}

// exportedReceiver: a method is seen only where its type is.
func exportedReceiver(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	t := f.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true // no known receiver: better asked than missed
		}
	}
}
