package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// newLog makes a log of lines, each with the time in front, unless the journal is at the other end, which adds its own. It may be used by several goroutines.
func newLog(out io.Writer) func(line string) {
	var mu sync.Mutex
	stamp := func() string { return time.Now().Format(time.RFC3339) + " " }
	if f, ok := out.(*os.File); ok && isJournal(f, os.Getenv("JOURNAL_STREAM")) {
		stamp = func() string { return "" }
	}
	return func(line string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintln(out, stamp()+line)
	}
}
