package planfile

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/plan"
)

// rules are what stands above every plan.
const rules = `This is what "albumwright apply" will do with these files, and nothing else. A line is a file; a file goes to the place where its line stands.

You may
  give an album another title     this names another album: in the service nothing is renamed
  move a line                     within its album, or to another one
  copy a line to another album    the file is in both, and sent once
  delete lines, or whole albums   these files stay here; nothing is deleted anywhere
  change or add a description     it is given to what is new to the service; what it has already keeps its own
  merge albums                    two albums of one title are one: each keeps its order, and together they stand in capture order

For example, this puts the pier first, and says what it is:
  album: A day at the harbour
  items:
    - {captured: 2024-05-18 12:07:00, file: Harbour/pier.jpg, as: 816@2024-05-18T10:07:00Z, description: "The pier, at noon"}
    - {captured: 2024-05-18 12:01:00, file: Harbour/boat.jpg, as: 835@2024-05-18T10:01:00Z}

A title or description with , : # [ ] { } or @ in it stands in "quotation marks".

Leave alone: captured is when it was taken (with a question mark if the camera does not say so), as is the file's size and time of change,
by which a file is noticed that is not the planned one any more. What follows a # is only to be read.
`

// Write writes a plan. Summary is text that is put above it as a comment.
func Write(w io.Writer, f File, summary string) error {
	out := writer{Writer: bufio.NewWriterSize(w, 1<<16), root: f.Root}
	out.comment(rules + "\n" + summary)
	out.line("version: ", version)
	out.line("endpoint: ", quote(f.Endpoint))
	out.line("account: ", quote(f.Account))
	out.line("root: ", quote(f.Root))
	if len(f.TimeShifts) > 0 {
		out.line("time-shift:")
	}
	for _, shift := range f.TimeShifts {
		out.line("  - ", quote(shift))
	}
	if f.Order != "" {
		out.line("order: ", quote(f.Order))
	}
	for _, a := range f.Albums {
		if err := out.album(a); err != nil {
			return err
		}
	}
	out.line("---")
	out.line(end, ": true  # leave this where it is: a plan without an end was cut off")
	return out.Flush()
}

type writer struct {
	*bufio.Writer
	root string
}

// line writes one line; an error stays until Flush.
func (w *writer) line(parts ...string) {
	for _, p := range parts {
		_, _ = w.WriteString(p)
	}
	_ = w.WriteByte('\n')
}

func (w *writer) comment(text string) {
	for line := range strings.Lines(text) {
		w.line(strings.TrimRight("# "+line, " \n"))
	}
}

func (w *writer) album(a plan.Album) error {
	w.line("---")
	items := "items:"
	switch {
	case a.Title == "":
		items = "library:  # in no album"
	case a.Unsure:
		w.line("album: ", quote(a.Wanted()), "  # new, unless the service has one")
	case a.New:
		w.line("album: ", quote(a.Wanted()), "  # new")
	default:
		w.line("album: ", quote(a.Wanted()), "  # the service has it")
	}
	if len(a.Items) == 0 {
		items += " []"
	}
	if a.Continues != "" {
		w.comment(fmt.Sprintf("one album cannot hold all of this title: these go on in %s", quote(a.Title)))
	}
	if a.PutBack > 0 {
		w.comment(fmt.Sprintf("with %d that it held when it was deleted", a.PutBack))
	}
	w.line(items)
	for i, it := range a.Items {
		if place := a.Place(i); place != "" {
			w.line("  # ", place)
		}
		if err := w.item(it); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) item(it plan.Item) error {
	rel, err := filepath.Rel(w.root, it.File)
	if err != nil || !filepath.IsLocal(rel) {
		return fmt.Errorf("%s does not lie in %s", it.Path, w.root)
	}
	parts := []string{"  - {captured: ", captured(it), ", file: ", quote(filepath.ToSlash(rel)), ", as: ", stamp(it.Size, it.ModTime)}
	if it.Description != "" {
		parts = append(parts, ", description: ", quote(it.Description))
	}
	parts = append(parts, "}")
	if remarks := it.Remarks(); len(remarks) > 0 {
		parts = append(parts, "  # ", strings.Join(remarks, "; "))
	}
	w.line(parts...)
	return nil
}

// captured is the capture time, with a question mark if it is not the camera's.
func captured(it plan.Item) string {
	text := it.Captured.Format("2006-01-02 15:04:05")
	if !exif.Source(it.Source).OfCamera() {
		text += "?"
	}
	return text
}

// quote makes a text a YAML scalar that is read as this text: plain where that is safe. Bytes that are no UTF-8 are written in base64.
func quote(text string) string {
	if plain(text) {
		return text
	}
	if !utf8.ValidString(text) {
		return "!!binary " + base64.StdEncoding.EncodeToString([]byte(text))
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == ' ' || unicode.IsGraphic(r) && !unicode.Is(unicode.Zs, r) || r == '\u200d': // joined emoji stay readable
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// plain tells whether a text needs no quotes, whatever stands around it: it begins with a letter or a slash, has nothing in it that YAML takes for its own, and
// is no word or number that some reader of YAML may take for something else.
func plain(text string) bool {
	if text == "" || strings.HasSuffix(text, " ") {
		return false
	}
	for i, r := range text {
		letter := unicode.IsLetter(r) || unicode.IsMark(r) && i > 0
		switch {
		case letter, r == '/':
		case i > 0 && (r >= '0' && r <= '9' || strings.ContainsRune(" ._-+()@=~", r)):
		default:
			return false
		}
	}
	return !word(text)
}

// word tells whether a text that begins with a letter means something else than itself to some reader of YAML.
func word(text string) bool {
	if len(text) > len("infinity") { // the longest of them: most names of files are longer
		return false
	}
	switch strings.ToLower(text) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan":
		return true
	}
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}
