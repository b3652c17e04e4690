package hooks

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/albumwright/albumwright/internal/report"
)

const (
	// LongestRun is how long a program may take; then it and all that it began is killed.
	LongestRun = 5 * time.Minute

	maxLines  = 20      // of a program's output that are logged
	maxOutput = 8 << 10 // bytes of it
)

// Exec runs a program at news, with the news as JSON on its stdin, and in its environment their kind as ALBUMWRIGHT_NEWS and their line as ALBUMWRIGHT_NEWS_TEXT.
// The command is words as [Words] parts them; no shell reads it. Env is the environment, from which what is secret, or the service manager's, is taken
// out. Its output goes to log, a line at a time. A program that does not end with 0 was not told.
func Exec(command string, env []string, log func(line string)) (Hook, error) {
	argv, err := Words(command)
	if err != nil {
		return Hook{}, err
	}
	if len(argv) == 0 {
		return Hook{}, errors.New("there is no program in it")
	}
	if _, err := exec.LookPath(argv[0]); err != nil {
		return Hook{}, err
	}
	env = slices.DeleteFunc(slices.Clone(env), private)
	name := "hook " + argv[0]
	return Hook{Name: name, Send: func(ctx context.Context, n News) error {
		ctx, cancel := context.WithTimeoutCause(ctx, LongestRun, fmt.Errorf("it was killed after %s", LongestRun))
		defer cancel()
		stdin, err := json.Marshal(n)
		if err != nil {
			return err
		}
		cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
		out := &limited{}
		cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(append(stdin, '\n')), out, out
		cmd.Env = append(slices.Clone(env), "ALBUMWRIGHT_NEWS="+string(n.Kind), "ALBUMWRIGHT_NEWS_TEXT="+n.Text)
		cmd.WaitDelay = 2 * time.Second
		killAll(cmd)
		err = cmd.Run()
		out.each(func(line string) { log(name + ": " + line) })
		if err != nil && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if errors.Is(err, exec.ErrWaitDelay) { // it ended well, and left a child with its output
			return nil
		}
		return err
	}}, nil
}

// private tells variables that a stranger's program has no business with: secrets, and the line to the service manager.
func private(variable string) bool {
	name, _, _ := strings.Cut(strings.ToUpper(variable), "=")
	switch name {
	case "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "JOURNAL_STREAM", "INVOCATION_ID":
		return true
	}
	return strings.HasPrefix(name, "ALBUMWRIGHT_") && slices.ContainsFunc([]string{"TOKEN", "PASS", "SECRET", "KEY", "WEBHOOK", "PROXY"}, func(part string) bool {
		return strings.Contains(name, part)
	})
}

// limited keeps the beginning of what a program says. It is written to by one goroutine, as stdout and stderr are one.
type limited struct{ text bytes.Buffer }

// Write implements [io.Writer].
func (l *limited) Write(p []byte) (int, error) {
	l.text.Write(p[:min(len(p), maxOutput-l.text.Len())])
	return len(p), nil
}

func (l *limited) each(do func(line string)) {
	lines := bufio.NewScanner(&l.text)
	lines.Buffer(nil, maxOutput+1)
	for n := 0; n < maxLines && lines.Scan(); n++ {
		do(report.Text(lines.Text()))
	}
}

// Words parts a command into words as a shell does, and does nothing else of what a shell does: blanks part words, quotes of both kinds hold them together, and a backslash
// takes from a blank, a quote or a backslash what is special about it, outside of single quotes.
func Words(command string) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord, quote := false, rune(0)
	text := []rune(command)
	for i := 0; i < len(text); i++ {
		r := text[i]
		switch {
		case r == '\\' && quote != '\'' && i+1 < len(text) && strings.ContainsRune(` '"\`, text[i+1]):
			i++
			word.WriteRune(text[i])
			inWord = true
		case r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, inWord = r, true
		case quote == 0 && (r == ' ' || r == '\t' || r == '\n'):
			if inWord {
				words = append(words, word.String())
			}
			word.Reset()
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote %c is not closed", quote)
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}
