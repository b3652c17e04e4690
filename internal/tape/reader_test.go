package tape_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/tape"
)

const (
	headLine = `{"recording":"albumwright","version":1,"began":"2024-05-18T12:00:00Z","words":true}` + "\n"
	goodLine = `{"at":0,"took":0.5,"request":{"method":"GET","path":"/v1/albums"},"answer":{"status":200,"body":{"bytes":2,"json":{}}}}` + "\n"
)

func TestWhatIsNoRecordingIsRefusedWithTheReason(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":                {"", "no recording"},
		"a text":               {"Dear diary\n", "no recording"},
		"other JSON":           {"{}\n", "no recording"},
		"another's":            {`{"recording":"other","version":1}` + "\n", "no recording"},
		"no version":           {`{"recording":"albumwright"}` + "\n", "no recording"},
		"an endless line":      {strings.Repeat("x", 1<<20), "no recording"},
		"newer":                {`{"recording":"albumwright","version":2}` + "\n", "newer version of the program: update"},
		"a line that is none":  {headLine + goodLine + "oops\n" + goodLine, "line 3: not an exchange"},
		"a line of another":    {headLine + "{}\n", "line 2: not an exchange: the request has no method"},
		"no answer, no error":  {headLine + `{"request":{"method":"GET","path":"/"}}` + "\n", "line 2: not an exchange: neither"},
		"an impossible status": {headLine + strings.Replace(goodLine, "200", "42", 1), "line 2: not an exchange: the status is 42"},
		"a huge line":          {headLine + goodLine + `{"x":"` + strings.Repeat("x", 17<<20) + "\"}\n", "line 3: longer than 16 MiB"},
	} {
		_, err := tape.Load(strings.NewReader(c.text), int64(len(c.text)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestARecordingThatWasCutIsReadAsFarAsItGoes(t *testing.T) {
	whole := headLine + goodLine + goodLine
	for cut := len(headLine); cut <= len(whole); cut++ {
		p, err := tape.Load(strings.NewReader(whole[:cut]), int64(cut))
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		rest := (cut - len(headLine)) % len(goodLine)
		lines := (cut - len(headLine)) / len(goodLine)
		half := rest != 0
		if rest == len(goodLine)-1 { // all but the line's end
			lines, half = lines+1, false
		}
		if p.Exchanges() != lines || p.Truncated() != half {
			t.Errorf("cut at %d: %d exchanges, truncated %v; want %d, %v", cut, p.Exchanges(), p.Truncated(), lines, half)
		}
	}
}

// repeated is a recording of n lines that nobody has to hold.
func repeated(n int) io.Reader {
	return io.MultiReader(strings.NewReader(headLine), io.LimitReader(&loop{text: []byte(goodLine)}, int64(n*len(goodLine))))
}

type loop struct {
	text []byte
	at   int
}

func (l *loop) Read(p []byte) (int, error) {
	n := copy(p, l.text[l.at:])
	l.at = (l.at + n) % len(l.text)
	return n, nil
}

func TestALongRecordingIsReadLineByLine(t *testing.T) {
	const lines = 100_000
	r, err := tape.NewReader(repeated(lines))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for {
		if _, err := r.Next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != lines {
		t.Errorf("%d lines, want %d", n, lines)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(headLine + goodLine))
	f.Add([]byte(headLine + goodLine[:40]))
	f.Add([]byte(headLine + `{"request":{"method":"POST","path":"/v1/uploads","body":{"bytes":3,"sha256":"x","cut":true}},"error":"broken"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := tape.Load(bytes.NewReader(text), int64(len(text)))
		if err != nil {
			return
		}
		left, err := p.NeverAsked()
		if err != nil || len(left) < min(p.Exchanges(), 1000) {
			t.Errorf("%d of %d exchanges, %v", len(left), p.Exchanges(), err)
		}
	})
}
