package supervise

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/pprof"
	"slices"
	"time"
)

// keptDumps is how many files of [Dump] stay in a folder.
const keptDumps = 3

// arguments are the words with which functions were called, as a dump shows them.
var arguments = regexp.MustCompile(`\((?:0x|\{0x|\.\.\.)[^\n]*\)\n`)

// Dump writes what all goroutines are doing into a new file of a folder, without the arguments of their calls, and returns its path. The oldest such files are
// removed.
func Dump(dir string) (path string, err error) {
	var text bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&text, 2); err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	path = filepath.Join(dir, "watch-stuck-"+time.Now().UTC().Format("20060102T150405.000")+".txt")
	if err := os.WriteFile(path, arguments.ReplaceAll(text.Bytes(), []byte("(...)\n")), 0o600); err != nil {
		return "", fmt.Errorf("goroutines: %w", err)
	}
	old, err := filepath.Glob(filepath.Join(dir, "watch-stuck-*.txt"))
	slices.Sort(old)
	for _, file := range old[:max(len(old)-keptDumps, 0)] {
		_ = os.Remove(file)
	}
	return path, err
}
