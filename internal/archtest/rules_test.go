package archtest_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// rule is one rule of the house: it returns what breaks it.
type rule func([]*source) []string

func rules() []rule {
	return []rule{
		checkArrows,
		each(checkCgo), each(checkTerminal), each(checkSleep), each(checkLength), each(checkDocs),
		checkPackageDocs,
	}
}

// check applies all rules.
func check(all []*source) []string {
	var broken []string
	for _, r := range rules() {
		broken = append(broken, r(all)...)
	}
	return broken
}

// each makes a rule of a rule for one file.
func each(one func(*source) []string) rule {
	return func(all []*source) []string {
		var broken []string
		for _, s := range all {
			broken = append(broken, one(s)...)
		}
		return broken
	}
}

func checkArrows(all []*source) []string {
	var broken []string
	for _, s := range all {
		i := slices.IndexFunc(house(), func(a arrows) bool { return matchesAny(list(a.folder), s.folder) })
		if i < 0 {
			broken = append(broken, s.at(s.file.Package, "package %s is not in the house: see house_test.go", s.folder))
			continue
		}
		broken = append(broken, checkImports(s, house()[i])...)
	}
	return broken
}

func checkImports(s *source, may arrows) []string {
	ours := may.ours
	if s.test {
		ours = slices.Concat(ours, forTests(), list(s.folder))
	}
	var broken []string
	for _, i := range s.file.Imports {
		p := pathOf(i)
		folder, isOurs := strings.CutPrefix(p, module+"/")
		first, _, _ := strings.Cut(p, "/")
		switch {
		case isOurs && !matchesAny(ours, folder):
			broken = append(broken, s.at(i.Pos(), "%s must not import %s", s.folder, folder))
		case !isOurs && strings.Contains(first, ".") && !s.test && may.others != nil && !slices.Contains(may.others, p):
			broken = append(broken, s.at(i.Pos(), "%s must not import %s", s.folder, p))
		}
	}
	return broken
}

func checkCgo(s *source) []string {
	for _, i := range s.file.Imports {
		if pathOf(i) == "C" {
			return list(s.at(i.Pos(), "no cgo: the program must build everywhere without a C compiler"))
		}
	}
	return nil
}

func checkTerminal(s *source) []string {
	if s.test || matchesAny(programs(), s.folder) {
		return nil
	}
	var broken []string
	s.uses(func(pos token.Pos, pkg, name string) {
		if slices.Contains(terminal()[pkg], name) {
			broken = append(broken, s.at(pos, "%s.%s is for programs only", pkg, name))
		}
	})
	for name, i := range s.imports() {
		if name == "." && terminal()[pathOf(i)] != nil {
			broken = append(broken, s.at(i.Pos(), "%s must not be imported with a dot", pathOf(i)))
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if f, ok := call.Fun.(*ast.Ident); ok && f.Obj == nil && (f.Name == "print" || f.Name == "println") {
			broken = append(broken, s.at(f.Pos(), "%s writes to the terminal", f.Name))
		}
		return true
	})
	return broken
}

// checkSleep: in a synctest bubble, sleeping takes no time and is exact. Outside,
// a test that sleeps is slow on a good day and fails on a bad one.
func checkSleep(s *source) []string {
	inBubble := slices.ContainsFunc(s.file.Imports, func(i *ast.ImportSpec) bool { return pathOf(i) == "testing/synctest" })
	if !s.test || inBubble {
		return nil
	}
	var broken []string
	s.uses(func(pos token.Pos, pkg, name string) {
		if pkg == "time" && name == "Sleep" {
			broken = append(broken, s.at(pos, "time.Sleep in a test without testing/synctest"))
		}
	})
	return broken
}

func checkLength(s *source) []string {
	if s.lines > maxLines && !ast.IsGenerated(s.file) {
		return list(s.at(s.file.Package, "%d lines, at most %d", s.lines, maxLines))
	}
	return nil
}
