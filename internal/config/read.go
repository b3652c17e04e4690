package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// reader goes through the nodes of a file, and collects all that is wrong.
type reader struct {
	schema   Schema
	problems []Problem
}

func (r *reader) problem(p Problem) { r.problems = append(r.problems, p) }

func (r *reader) at(n *yaml.Node, format string, args ...any) {
	r.problem(Problem{n.Line, n.Column, fmt.Sprintf(format, args...)})
}

// sorted are the problems in the order of the lines.
func (r *reader) sorted() []Problem {
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
	return r.problems
}

// file reads the top of a file.
func (r *reader) file(root *yaml.Node, f *File) {
	if isNull(root) {
		return
	}
	known := append(r.schema.names(func(Setting) bool { return true }), "accounts", "folders")
	settings := r.keys(root, "the file", known)
	for _, e := range settings.take("accounts") {
		f.Accounts = r.accounts(e.value)
	}
	for _, e := range settings.take("folders") {
		f.Folders = r.folders(e.value)
	}
	f.Settings = r.block(settings)
	r.try(f.Settings, settings, nil)
}

// accounts reads the settings that hold for one account only.
func (r *reader) accounts(n *yaml.Node) map[string]Block {
	all := make(map[string]Block)
	known := r.schema.names(func(it Setting) bool { return it.Name != account })
	for _, e := range r.keys(n, "accounts", nil) {
		if isNull(e.value) {
			all[e.key.Value] = Block{}
			continue
		}
		own := r.keys(e.value, "an account", known)
		all[e.key.Value] = r.block(own)
		r.try(all[e.key.Value], own, nil)
	}
	return all
}

// folders reads what watch looks after.
func (r *reader) folders(n *yaml.Node) []Folder {
	if n.Kind != yaml.SequenceNode {
		r.at(n, "folders is a list: each begins with \"- path: \"")
		return nil
	}
	var all []Folder
	seen := make(map[string]int)
	for _, one := range n.Content {
		f := r.folder(one)
		if first, twice := seen[f.Path]; twice && f.Path != "" {
			r.at(one, "the folder %s is there already, in line %d", f.Path, first)
		}
		seen[f.Path] = f.Line
		all = append(all, f)
	}
	return all
}

func (r *reader) folder(n *yaml.Node) Folder {
	f := Folder{Line: n.Line}
	entries := r.keys(n, "a folder", append(r.schema.names(func(it Setting) bool { return it.Folder }), keyPath, keySettle))
	paths, settles := entries.take(keyPath), entries.take(keySettle)
	for _, e := range paths {
		if texts := r.value(Setting{Name: keyPath, Path: true}, e.value); len(texts) > 0 {
			if f.Path = texts[0]; f.Path == "" {
				r.at(e.value, "path is empty")
			}
		}
	}
	if n.Kind == yaml.MappingNode && len(paths) == 0 {
		r.at(n, "this folder has no path")
	}
	for _, e := range settles {
		if texts := r.value(Setting{Name: keySettle, Kind: Duration}, e.value); len(texts) > 0 {
			if f.Settle, _ = time.ParseDuration(texts[0]); f.Settle <= 0 {
				r.at(e.value, "settle must be longer than nothing")
			}
		}
	}
	f.Settings = r.block(entries)
	r.try(f.Settings, entries, n)
	return f
}

// block reads settings.
func (r *reader) block(entries entries) Block {
	b := Block{}
	for _, e := range entries {
		if it, ok := r.schema.setting(e.key.Value); ok {
			if texts := r.value(it, e.value); texts != nil {
				b[it.Name] = Value{Texts: texts, Line: e.key.Line}
			}
		}
	}
	return b
}

// value reads one setting; nil if it is no good.
func (r *reader) value(it Setting, n *yaml.Node) []string {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode && it.Kind == Texts {
		nodes = n.Content
	}
	texts := []string{}
	for _, n := range nodes {
		text, ok := r.scalar(it, n)
		if !ok {
			return nil
		}
		texts = append(texts, text)
	}
	return texts
}

func (r *reader) scalar(it Setting, n *yaml.Node) (string, bool) {
	switch {
	case r.odd(n):
		return "", false
	case n.Kind == yaml.SequenceNode:
		r.at(n, "%s takes one value, not a list", it.Name)
		return "", false
	case n.Kind != yaml.ScalarNode:
		r.at(n, "%s takes a value, not a block of its own", it.Name)
		return "", false
	case isNull(n):
		r.at(n, "%s has no value: write one, or take the line out; \"\" is an empty text", it.Name)
		return "", false
	}
	text, err := it.read(n.Value, r.schema.Home)
	if err != nil {
		r.at(n, "%s", err)
		return "", false
	}
	return text, true
}

// odd refuses what YAML can do and a list of settings does not need.
func (r *reader) odd(n *yaml.Node) bool {
	switch {
	case n.Kind == yaml.AliasNode, n.Anchor != "":
		r.at(n, "anchors and aliases (& and *) are not understood here: write it out, or put the value in quotes")
	case n.Style&yaml.TaggedStyle != 0:
		r.at(n, "tags (!) are not understood here: put a value that begins with ! in quotes")
	default:
		return false
	}
	return true
}

// try asks whether settings make sense, and finds the line of the one that does not. Each is tried alone, so that none hides another, then all.
func (r *reader) try(b Block, entries entries, whole *yaml.Node) {
	if r.schema.Try == nil {
		return
	}
	bad := false
	for _, e := range entries {
		v, ok := b[e.key.Value]
		if !ok {
			continue
		}
		if err := r.schema.Try(Block{e.key.Value: v}); err != nil {
			bad = true
			r.at(e.value, "%s", blame(err))
		}
	}
	if bad || len(entries) == 0 {
		return
	}
	if err := r.schema.Try(b); err != nil {
		if whole == nil {
			whole = entries[0].key
		}
		r.at(whole, "%s", blame(err))
	}
}

// blame says an error in the words of the file: here settings have no dashes before them.
func blame(err error) string { return strings.ReplaceAll(" "+err.Error(), " --", " ")[1:] }

func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Style == 0 && n.ShortTag() == "!!null"
}
