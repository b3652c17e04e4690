package planfile

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/plan"
	"github.com/albumwright/albumwright/photos"
)

// Read reads a plan file. Of an album it knows the title and the items, of an item File, Size, ModTime and Description. Everything that is wrong comes back at
// once, as [Problems]; only what is no YAML ends the reading where it stands.
func Read(r io.Reader) (File, error) {
	in := reader{seen: map[string]seen{}, albums: map[string]map[string]int{}}
	dec := yaml.NewDecoder(r)
	for n := 0; ; n++ {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if err := in.syntax(err); err != nil {
				return File{}, err
			}
			break
		}
		in.document(n, doc.Content[0])
	}
	switch {
	case len(in.problems) > 0:
	case in.version == "":
		in.problems = append(in.problems, Problem{1, 1, "this is no plan: it does not begin with version: " + version})
	case !in.ended:
		in.problems = append(in.problems, Problem{in.line, 1, "the plan was cut off behind this line: it does not close with end: true"})
	}
	if len(in.problems) > 0 {
		return File{}, in.problems
	}
	return in.file, nil
}

// reader gathers what a file says, and what is wrong with it.
type reader struct {
	file     File
	version  string
	ended    bool
	line     int // of the last document
	problems Problems
	seen     map[string]seen           // by path
	albums   map[string]map[string]int // by title, the lines of their files by path
}

// seen is what was said about a file where it stood first.
type seen struct {
	line               int
	stamp, description string
}

// document takes one document: the first is the head, each other one an album. One that is empty is what is left of an album that was deleted.
func (in *reader) document(n int, node *yaml.Node) {
	in.line = node.Line
	switch {
	case n == 0:
		in.head(node)
	case node.Kind == yaml.ScalarNode && node.Tag == "!!null":
	case node.Kind == yaml.MappingNode && len(node.Content) > 0 && node.Content[0].Value == end:
		_, in.ended = in.mapping(node, end)
	default:
		in.album(node)
	}
}

func (in *reader) head(node *yaml.Node) {
	keys, ok := in.mapping(node, "version", "endpoint", "account", "root", "time-shift", "order")
	if !ok {
		return
	}
	in.need(node, keys, "version", "endpoint", "account", "root")
	if v := keys["version"]; v != nil {
		if in.version = v.Value; v.Value != version {
			in.problem(v, "version is %q, but this program knows version %s only", v.Value, version)
		}
	}
	in.file.Endpoint, in.file.Account, in.file.Root = in.text(keys["endpoint"]), in.text(keys["account"]), in.text(keys["root"])
	if root := keys["root"]; root != nil && !filepath.IsAbs(in.file.Root) {
		in.problem(root, "root %q is not absolute", in.file.Root)
	}
	in.file.Root = filepath.Clean(in.file.Root)
	in.file.Order = in.text(keys["order"])
	for _, shift := range in.list(keys["time-shift"]) {
		in.file.TimeShifts = append(in.file.TimeShifts, in.text(shift))
	}
}

func (in *reader) album(node *yaml.Node) {
	keys, ok := in.mapping(node, "album", "items", "library")
	if !ok {
		return
	}
	var a plan.Album
	items := keys["items"]
	switch {
	case keys["library"] != nil && (keys["album"] != nil || items != nil):
		in.problem(node, "an album has album and items, and library stands alone; a line --- parts them")
		return
	case keys["library"] != nil:
		items = keys["library"]
	default:
		in.need(node, keys, "album", "items")
		a.Title = in.title(keys["album"])
	}
	for _, it := range in.list(items) {
		if it, ok := in.item(a.Title, it); ok {
			a.Items = append(a.Items, it)
		}
	}
	if len(a.Items) > 0 || a.Title != "" {
		in.file.Albums = append(in.file.Albums, a)
	}
}

// title reads an album's title, which must be one that the service takes.
func (in *reader) title(node *yaml.Node) string {
	if node == nil {
		return ""
	}
	text := in.text(node)
	title := album.CleanTitle(text)
	switch {
	case utf8.RuneCountInString(text) > photos.MaxTitle:
		in.problem(node, "the title has %d characters, but the service takes at most %d", utf8.RuneCountInString(text), photos.MaxTitle)
	case title == "":
		in.problem(node, "the title %q has no visible character; files in no album stand under library", text)
	}
	return title
}

func (in *reader) item(title string, node *yaml.Node) (plan.Item, bool) {
	keys, ok := in.mapping(node, "captured", "file", "as", "description")
	if !ok || !in.need(node, keys, "file", "as") {
		return plan.Item{}, false
	}
	it := plan.Item{Description: strings.TrimSpace(in.text(keys["description"]))}
	if n := utf8.RuneCountInString(it.Description); n > photos.MaxDescription {
		in.problem(keys["description"], "the description has %d characters, but the service takes at most %d", n, photos.MaxDescription)
	}
	var err error
	if it.Size, it.ModTime, err = parseStamp(in.text(keys["as"])); err != nil {
		in.problem(keys["as"], "as: %v; it must be as the plan had it", err)
	}
	rel := filepath.Clean(filepath.FromSlash(in.text(keys["file"])))
	if !filepath.IsLocal(rel) || rel == "." {
		in.problem(keys["file"], "file %q does not lie in root", keys["file"].Value)
		return it, false
	}
	it.File = filepath.Join(in.file.Root, rel)
	in.once(title, it, keys["file"])
	return it, true
}

// once refuses a file that is twice in one album, or that different things are said about.
func (in *reader) once(title string, it plan.Item, node *yaml.Node) {
	if in.albums[title] == nil {
		in.albums[title] = map[string]int{}
	}
	if line, twice := in.albums[title][it.File]; twice {
		in.problem(node, "file %q is in this album already, in line %d", node.Value, line)
		return
	}
	in.albums[title][it.File] = node.Line
	now := seen{node.Line, stamp(it.Size, it.ModTime), it.Description}
	first, again := in.seen[it.File]
	switch {
	case !again:
		in.seen[it.File] = now
	case first.stamp != now.stamp:
		in.problem(node, "file %q has another as in line %d", node.Value, first.line)
	case first.description != now.description:
		in.problem(node, "file %q has another description in line %d: it is one media item, which has one", node.Value, first.line)
	}
}
