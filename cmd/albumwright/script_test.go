package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/albumwright/albumwright/internal/fixture"
)

func TestMain(m *testing.M) {
	testscript.Main(overhearing{m}, map[string]func(){"albumwright": overheard})
}

// The scripts in testdata/script are stories that a user can read: each runs the real program in an empty folder. Beside testscript's own
// commands they know the conditions [root] and [mounts] (this user may mount in a namespace of its own) and:
//
//	exits CODE COMMAND...   runs a command that must end with this code
//	freeport NAME           sets $NAME to a free port of 127.0.0.1
//	photo PATH N [WORDS]    writes photo number N, taken N minutes after noon, with a description
//	photos DIR N            writes N of them
//	bigphoto PATH N SIZE    writes a photo of that many bytes
//	shot PATH N             writes the same as the type of its extension: jpg, heic, nef, mov
//	undated PATH            writes a PNG that does not say when it was taken
//	cutphoto PATH N         writes its first half
//	socket PATH             leaves a Unix socket behind
//	ask FILE METHOD URL BODY [HEADER...]
//	                        sends a request; status and answer go into a file. A header is "Name: value"
//	hold OPERATION          lets the emulator at $ALBUMWRIGHT_ENDPOINT hold back its answers to an operation
//	held                    waits until it holds one back
//	letgo                   lets it give those, and hold back no more
//	waitfor HOST:PORT       waits until somebody listens
//	waitfile PATTERN        waits until a file exists
//	waitpage URL TEXT       waits until a page holds a text
//	waitline FILE TEXT      waits until a file holds a text
//	newerledger PATTERN     makes ledgers look as if a newer version had written them
//	edit FILE PATTERN TEXT  puts a text in the place of what a pattern matches, which must be there
//	swap FILE A B           lets the only lines with the texts A and B change places
//	waitout TEXT COMMAND... waits until a command prints a text that this pattern matches
func TestScripts(t *testing.T) {
	left := t.TempDir()
	t.Cleanup(func() { // when all of them have ended
		for _, leak := range leaks(left, keepsSecrets) {
			t.Errorf("a secret was left: %s", leak)
		}
	})
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", WorkdirRoot: left,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
			env.Setenv(overhearTo, os.Getenv(overhearTo))
			env.Setenv("ALBUMWRIGHT_TRIES", "2") // real time passes here
			env.Setenv("ALBUMWRIGHT_ACCESS_TOKEN", "ya29.script-secret")
			env.Setenv(controlTokenVar, "script-control")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "freeport": freePort, "photo": photo, "shot": oneShot, "photos": manyPhotos, "undated": undated, "cutphoto": cutPhoto, "bigphoto": bigPhoto, "waitpage": waitPage, "waitfor": waitFor, "socket": socket, "waitfile": waitFile,
			"waitline": waitLine, "waitout": waitOut, "newerledger": newerLedger, "ask": ask, "hold": hold, "held": held, "letgo": letGo, "deletealbum": deleteAlbum, "trashphoto": trashPhoto, "emptytrash": emptyTrash, "sharealbum": shareAlbum, "edit": edit, "swap": swapLines,
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "root":
				return os.Getuid() == 0, nil
			case "mounts":
				return exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", t.TempDir()).Run() == nil, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	want := number(ts, args[0])
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		got = failed.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// nextPort is where the search for the next free port begins. Each port is given once.
var nextPort = func() *atomic.Int32 {
	var n atomic.Int32
	n.Store(20_000 + rand.Int32N(8_000))
	return &n
}()

// freePort takes a port below those that the system gives to outgoing connections: one of these could take it before the program listens, or
// between two that listen one after the other.
func freePort(ts *testscript.TestScript, _ bool, args []string) {
	for range 1000 {
		port := nextPort.Add(1)
		if ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			ts.Check(ln.Close())
			ts.Setenv(args[0], strconv.Itoa(int(port)))
			return
		}
	}
	ts.Fatalf("there is no free port")
}

func photo(ts *testscript.TestScript, _ bool, args []string) {
	words := ""
	if len(args) > 2 {
		words = args[2]
	}
	n := number(ts, args[1])
	writeFile(ts, args[0], fixture.JPEG(fixture.Spec{
		Width: 16, Height: 16, Seed: n, Captured: time.Date(2024, 5, 18, 12, n, 0, 0, time.UTC), Description: words,
		ExposureTime: [2]uint32{1, 60}, FNumber: [2]uint32{28, 10}, FocalLength: [2]uint32{425, 100}, ISO: 400,
	}))
}

func manyPhotos(ts *testscript.TestScript, _ bool, args []string) {
	for n := range number(ts, args[1]) {
		writeFile(ts, filepath.Join(args[0], fmt.Sprintf("%04d.jpg", n)), fixture.TinyJPEG(n, time.Date(2024, 5, 18, 12, 0, n, 0, time.UTC)))
	}
}

func oneShot(ts *testscript.TestScript, _ bool, args []string) {
	n := number(ts, args[1])
	makers := map[string]func(fixture.Spec) []byte{".jpg": fixture.JPEG, ".heic": fixture.HEIC, ".nef": fixture.NEF, ".mov": fixture.MOV}
	writeFile(ts, args[0], makers[filepath.Ext(args[0])](fixture.Spec{Width: 16, Height: 16, Seed: n, Captured: time.Date(2024, 5, 18, 12, n, 0, 0, time.UTC)}))
}

func undated(ts *testscript.TestScript, _ bool, args []string) {
	writeFile(ts, args[0], fixture.PNG(fixture.Spec{Width: 16, Height: 16, Seed: len(args[0])}))
}

func bigPhoto(ts *testscript.TestScript, _ bool, args []string) {
	n := number(ts, args[1])
	writeFile(ts, args[0], fixture.JPEG(fixture.Spec{
		Width: 16, Height: 16, Seed: n, Captured: time.Date(2024, 5, 18, 12, n, 0, 0, time.UTC), PadTo: int64(number(ts, args[2])),
	}))
}

func cutPhoto(ts *testscript.TestScript, _ bool, args []string) {
	body := fixture.TinyJPEG(number(ts, args[1]), time.Date(2024, 5, 18, 12, 0, 0, 0, time.UTC))
	writeFile(ts, args[0], body[:len(body)/2])
}

func socket(ts *testscript.TestScript, _ bool, args []string) {
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: ts.MkAbs(args[0]), Net: "unix"})
	ts.Check(err)
	ln.SetUnlinkOnClose(false)
	ts.Check(ln.Close())
}

func writeFile(ts *testscript.TestScript, name string, body []byte) {
	path := ts.MkAbs(name)
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	ts.Check(os.WriteFile(path, body, 0o644))
}

func number(ts *testscript.TestScript, s string) int {
	n, err := strconv.Atoi(s)
	ts.Check(err)
	return n
}

func ask(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 4 {
		ts.Fatalf("usage: ask FILE METHOD URL BODY [HEADER...]")
	}
	req, err := http.NewRequest(args[1], args[2], strings.NewReader(args[3]))
	ts.Check(err)
	for _, header := range args[4:] {
		name, value, _ := strings.Cut(header, ": ")
		if req.Header.Set(name, value); name == "Host" {
			req.Host = value
		}
	}
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	writeFile(ts, args[0], append([]byte(resp.Status+"\n"), body...))
}

func waitFor(ts *testscript.TestScript, _ bool, args []string) {
	until(ts, args[0]+" listens", func() bool {
		c, err := net.Dial("tcp", args[0])
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
}

func waitFile(ts *testscript.TestScript, _ bool, args []string) {
	until(ts, args[0]+" exists", func() bool {
		found, err := filepath.Glob(ts.MkAbs(args[0]))
		ts.Check(err)
		return len(found) > 0
	})
}

func waitLine(ts *testscript.TestScript, _ bool, args []string) {
	until(ts, args[0]+" holds "+args[1], func() bool {
		b, err := os.ReadFile(ts.MkAbs(args[0]))
		return err == nil && strings.Contains(string(b), args[1])
	})
}

func newerLedger(ts *testscript.TestScript, _ bool, args []string) {
	found, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	for _, path := range found {
		db, err := sql.Open("sqlite", path)
		ts.Check(err)
		_, err = db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (4711, 1)`)
		ts.Check(errors.Join(err, db.Close()))
	}
}

func waitOut(ts *testscript.TestScript, _ bool, args []string) {
	text := regexp.MustCompile(args[0])
	until(ts, strings.Join(args[1:], " ")+" prints "+args[0], func() bool {
		return ts.Exec(args[1], args[2:]...) == nil && text.MatchString(ts.ReadFile("stdout"))
	})
}

func waitPage(ts *testscript.TestScript, _ bool, args []string) {
	until(ts, args[0]+" holds "+args[1], func() bool {
		resp, err := http.Get(args[0])
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		return err == nil && strings.Contains(string(b), args[1])
	})
}

// atLongest is how long a test waits for what must come. It is never reached on a good day, however slow the machine.
const atLongest = 5 * time.Minute

// until asks again and again until something is true.
func until(ts *testscript.TestScript, what string, true func() bool) {
	ctx, cancel := context.WithTimeout(context.Background(), atLongest)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !true() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			ts.Fatalf("waited in vain until %s", what)
		}
	}
}

// edit changes a file as a person with an editor does.
func edit(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: edit FILE PATTERN TEXT")
	}
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	text := ts.ReadFile(args[0])
	if !pattern.MatchString(text) {
		ts.Fatalf("nothing in %s matches %s", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(pattern.ReplaceAllString(text, args[2])), 0o644))
}

func swapLines(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: swap FILE A B")
	}
	lines := strings.Split(ts.ReadFile(args[0]), "\n")
	at := func(text string) (found int) {
		found = -1
		for i, line := range lines {
			if !strings.HasPrefix(line, "#") && strings.Contains(line, text) {
				if found >= 0 {
					ts.Fatalf("several lines of %s have %s", args[0], text)
				}
				found = i
			}
		}
		if found < 0 {
			ts.Fatalf("no line of %s has %s", args[0], text)
		}
		return found
	}
	a, b := at(args[1]), at(args[2])
	lines[a], lines[b] = lines[b], lines[a]
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Join(lines, "\n")), 0o644))
}
