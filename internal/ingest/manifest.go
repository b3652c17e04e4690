package ingest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/albumwright/albumwright/internal/replace"
)

// writeManifest writes the SHA-256 of all copies in a destination that this ingest proved, as sha256sum -c reads it there. It does nothing where there is none.
func writeManifest(dir string, rep Report, rows []File) (string, error) {
	var out bytes.Buffer
	for _, f := range rows {
		for _, c := range f.Copies {
			if c.Dir == dir && c.Verified {
				fmt.Fprint(&out, manifestLine(f.SHA256, c.path))
			}
		}
	}
	if out.Len() == 0 {
		return "", nil
	}
	stem := filepath.Join(dir, fmt.Sprintf("%s_%s", plainName(rep.Card.short()), rep.Started.Local().Format("2006-01-02_150405")))
	path := stem + ".sha256"
	for n := 1; exists(path); n++ { // a clock can be set back
		path = fmt.Sprintf("%s-%d.sha256", stem, n)
	}
	return path, replace.File(path, 0o644, out.Bytes())
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// short names the card in a file name.
func (c Card) short() string {
	if c.Label != "" {
		return c.Label
	}
	return filepath.Base(c.Mount)
}

// manifestLine is one line as coreutils write it: a name with a line end or a backslash is escaped, and a backslash in front of the line says so.
func manifestLine(sum, path string) string {
	escaped := strings.NewReplacer("\\", "\\\\", "\n", "\\n", "\r", "\\r").Replace(path)
	if escaped != path {
		return "\\" + sum + "  " + escaped + "\n"
	}
	return sum + "  " + path + "\n"
}

// spare refuses to write where a copy of a file of the card lies: what was proved is not to be replaced.
func spare(path string, rows []File) error {
	there, err := os.Stat(path)
	if err != nil {
		return nil // nothing is there; if not, the writing will tell
	}
	for _, f := range rows {
		for _, c := range f.Copies {
			if c.path == "" || f.Size != there.Size() {
				continue
			}
			if info, err := os.Stat(join(c.Dir, c.path)); err == nil && os.SameFile(there, info) {
				return fmt.Errorf("%s is the copy of a file of the card: nothing is written over it", path)
			}
		}
	}
	return nil
}
