package ledger_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// syscallMade is what a program asked of the system about one of its files.
type syscallMade struct {
	what whatMade
	file string
	at   int64
	data []byte
}

type whatMade int

const (
	made    whatMade = iota // a file, empty
	taken                   // away
	written                 // data, at a place
	cutOff                  // at a place
	syncing                 // it was asked that what is written be safe
	synced                  // it is
	noted                   // data went into the list of what is acknowledged
)

// watched are the calls by which a file can change.
const watched = "?open,openat,?creat,write,writev,pwrite64,pwritev,?pwritev2,fsync,fdatasync,sync_file_range,ftruncate,?truncate,fallocate," +
	"?unlink,unlinkat,?rename,renameat,?renameat2,?link,linkat,copy_file_range,sendfile"

// record lets the test program do a work, and returns what it asked of the system, in order.
func record(t *testing.T, work string) []syscallMade {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil || runtime.GOOS != "linux" {
		t.Skip("strace is not installed: it tells what is written and when it is safe")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir, trace := t.TempDir(), filepath.Join(t.TempDir(), "trace")
	cmd := exec.Command(strace, "-f", "-y", "-xx", "-s", "10000000", "-e", "signal=none", "-e", "trace="+watched, "-o", trace, self)
	cmd.Env = append(os.Environ(), powerCutWork+"="+work+" "+dir, "GODEBUG=asyncpreemptoff=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		if strings.Contains(string(out), "ptrace") {
			t.Skipf("strace may not watch another program here: %s", bytes.TrimSpace(out))
		}
		t.Fatalf("strace: %v\n%s", err, out)
	}
	f, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	calls, err := (&traceReader{dir: dir, begun: map[string]string{}}).read(f)
	if err != nil {
		t.Fatal(err)
	}
	return calls
}

// traceReader reads what strace has written about the files of one folder.
type traceReader struct {
	dir   string
	begun map[string]string // by thread: the beginning of the call that it is in
	calls []syscallMade
}

func (r *traceReader) read(from io.Reader) ([]syscallMade, error) {
	lines := bufio.NewReaderSize(from, 1<<20)
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return r.calls, nil
		}
		if err == nil {
			err = r.line(strings.TrimSuffix(line, "\n"))
		}
		if err != nil {
			return nil, err
		}
	}
}

// line takes a line: a call, or its beginning, or its end, which other threads' calls may come between. All texts in it are hexadecimal.
func (r *traceReader) line(text string) error {
	thread, text, _ := strings.Cut(text, " ")
	text = strings.TrimSpace(text)
	if begun, ok := strings.CutSuffix(text, " <unfinished ...>"); ok {
		r.begun[thread] = begun
		r.asked(begun)
		return nil
	}
	if rest, ok := strings.CutPrefix(text, "<... "); ok {
		_, rest, _ = strings.Cut(rest, " resumed>")
		return r.answered(r.begun[thread] + rest)
	}
	if !strings.Contains(text, "(") { // a thread's end
		return nil
	}
	r.asked(text)
	return r.answered(text)
}

// about finds the watched file that a call is about, "" if it is none, and the text that it is given.
func (r *traceReader) about(args string) (file, text string) {
	first, rest, _ := strings.Cut(args, ",")
	number, path, _ := strings.Cut(first, "<")
	_, text, _ = strings.Cut(rest, `"`)
	if _, err := strconv.Atoi(number); err != nil { // no open file: one by its name
		_, text, _ = strings.Cut(args, `"`)
		path, _, _ = strings.Cut(text, `"`)
	}
	text, _, _ = strings.Cut(text, `"`)
	name, inside := strings.CutPrefix(unescaped(strings.Trim(path, ">) ")), r.dir+"/")
	if !inside || strings.HasSuffix(name, "-shm") || strings.HasSuffix(name, ".lock") || strings.HasSuffix(name, ".held-by") { // these are made anew by whoever comes next
		return "", ""
	}
	return name, text
}

func unescaped(text string) string {
	b, err := hex.DecodeString(strings.ReplaceAll(text, `\x`, ""))
	if err != nil {
		return text
	}
	return string(b)
}

// asked takes the beginning of a call: from here on a sync covers what was written before, and whatever is noted was acknowledged.
func (r *traceReader) asked(call string) {
	name, args, _ := strings.Cut(call, "(")
	args, _, _ = strings.Cut(args, " = ")
	file, text := r.about(args)
	switch {
	case file == ackFile && name == "write":
		r.calls = append(r.calls, syscallMade{what: noted, data: []byte(unescaped(text))})
	case file != "" && file != ackFile && (name == "fsync" || name == "fdatasync"):
		r.calls = append(r.calls, syscallMade{what: syncing, file: file})
	}
}

// answered takes a whole call.
func (r *traceReader) answered(call string) error {
	call, end, _ := strings.Cut(call, ")")
	name, args, _ := strings.Cut(call, "(")
	result := strings.Fields(strings.TrimLeft(end, " ="))
	file, text := r.about(args)
	if len(result) == 0 {
		return fmt.Errorf("strace says %.200s", call)
	}
	if file == "" || file == ackFile || result[0] == "-1" {
		return nil
	}
	c := syscallMade{file: file}
	switch name {
	case "open", "openat":
		if strings.Contains(args, "O_TRUNC") {
			return fmt.Errorf("%s is opened and cut: this is not foreseen", file)
		}
		c.what = made
	case "unlink", "unlinkat":
		c.what = taken
	case "fsync", "fdatasync":
		c.what = synced
	case "ftruncate":
		c.what, c.at = cutOff, lastNumber(args)
	case "pwrite64":
		c.what, c.at, c.data = written, lastNumber(args), []byte(unescaped(text))
		if strconv.Itoa(len(c.data)) != result[0] {
			return fmt.Errorf("%s of %d bytes wrote %s of them", name, len(c.data), result[0])
		}
	default:
		return fmt.Errorf("%s on %s is not foreseen: what it does to a disk would have to be known here", name, file)
	}
	r.calls = append(r.calls, c)
	return nil
}

func lastNumber(args string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(args[strings.LastIndexByte(args, ',')+1:]), 10, 64)
	return n
}
