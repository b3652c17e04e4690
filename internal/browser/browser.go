// Package browser drives a headless Chromium for tests: real clicks and keys on
// real pages. [Start] one browser for all tests of a package, [Browser.Close] it at
// their end, and give each test a [Browser.Page] of its own, with cookies of its
// own.
//
// It speaks the DevTools protocol over the browser's pipe: there is no port that
// somebody else could reach, and nothing to download.
package browser

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// ErrNone: there is no Chromium on this machine.
var ErrNone = errors.New("no chromium on this machine; tools/install-packages chromium:chromium installs it")

// stopGrace is how long a browser may take to end by itself, and then the processes
// that it had started.
const stopGrace = time.Minute

// Browser is a running Chromium.
type Browser struct {
	process *exec.Cmd
	profile string
	exited  chan struct{} // closed when the process has ended
	read    chan struct{} // closed when its pipe has

	mu      sync.Mutex // guards the following
	pipe    io.WriteCloser
	last    int                   // id of a command
	waiting map[int]chan<- answer // by id
	err     error                 // why there will be no more answers
}

// command is what is sent to the browser.
type command struct {
	ID      int    `json:"id"`
	Method  string `json:"method"`
	Params  any    `json:"params,omitempty"`
	Session string `json:"sessionId,omitempty"`
}

// answer is what comes back; events have no id, and are not waited for.
type answer struct {
	ID     int             `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// Start starts a browser, or returns [ErrNone].
func Start() (*Browser, error) {
	program, err := exec.LookPath("chromium")
	if err != nil {
		return nil, ErrNone
	}
	profile, err := os.MkdirTemp("", "albumwright-browser-")
	if err != nil {
		return nil, err
	}
	b := &Browser{profile: profile, exited: make(chan struct{}), read: make(chan struct{}), waiting: map[int]chan<- answer{}}
	if err := b.start(program); err != nil {
		return nil, errors.Join(err, os.RemoveAll(profile))
	}
	return b, nil
}

func (b *Browser) start(program string) error {
	fromUs, toBrowser, err := os.Pipe()
	if err != nil {
		return err
	}
	toUs, fromBrowser, err := os.Pipe()
	if err != nil {
		return errors.Join(err, fromUs.Close(), toBrowser.Close())
	}
	b.process = exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", //nolint:gosec // found in PATH
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--remote-debugging-pipe", "--user-data-dir="+b.profile)
	b.process.ExtraFiles = []*os.File{fromUs, fromBrowser} // 3 and 4: where the browser looks for them
	b.pipe = toBrowser
	err = errors.Join(b.process.Start(), fromUs.Close(), fromBrowser.Close())
	if err != nil {
		return errors.Join(err, toBrowser.Close(), toUs.Close())
	}
	go func() {
		defer close(b.exited)
		_ = b.process.Wait() // how it ends does not matter
	}()
	go b.listen(toUs)
	return nil
}

// listen hands answers to those who wait, until the pipe ends.
func (b *Browser) listen(pipe io.ReadCloser) {
	defer close(b.read)
	defer pipe.Close()
	r := bufio.NewReader(pipe)
	for {
		text, err := r.ReadBytes(0)
		if err != nil {
			b.end(fmt.Errorf("the browser is gone: %w", err))
			return
		}
		var a answer
		if json.Unmarshal(text[:len(text)-1], &a) != nil || a.ID == 0 {
			continue
		}
		b.mu.Lock()
		if c := b.waiting[a.ID]; c != nil {
			c <- a // it has room for one
			delete(b.waiting, a.ID)
		}
		b.mu.Unlock()
	}
}

// end tells all who wait that nothing comes any more.
func (b *Browser) end(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err = err
	for id, c := range b.waiting {
		close(c)
		delete(b.waiting, id)
	}
}

// call sends a command and waits for its answer.
func (b *Browser) call(session, method string, params, result any) error {
	answers := make(chan answer, 1)
	b.mu.Lock()
	err := b.err
	if err == nil {
		b.last++
		b.waiting[b.last] = answers
		err = b.send(command{b.last, method, params, session})
	}
	b.mu.Unlock()
	if err != nil {
		return err
	}
	a, ok := <-answers
	switch {
	case !ok:
		return errors.New(method + ": the browser is gone")
	case a.Error != nil:
		return errors.New(method + ": " + a.Error.Message)
	case result == nil:
		return nil
	}
	return json.Unmarshal(a.Result, result)
}

func (b *Browser) send(c command) error {
	text, err := json.Marshal(c)
	if err == nil {
		_, err = b.pipe.Write(append(text, 0))
	}
	return err
}

// Close ends the browser and removes what it left on the disk.
func (b *Browser) Close() error {
	_ = b.call("", "Browser.close", nil, nil) // it may be quicker than its answer
	err := b.pipe.Close()
	patience := time.NewTimer(stopGrace)
	defer patience.Stop()
	select {
	case <-b.exited:
	case <-patience.C:
		err = errors.Join(err, b.process.Process.Kill())
		<-b.exited
	}
	<-b.read
	return errors.Join(err, b.removeProfile())
}

// removeProfile removes the browser's folder, into which the processes that it had
// started may still be writing.
func (b *Browser) removeProfile() error {
	beat := time.NewTicker(10 * time.Millisecond)
	defer beat.Stop()
	for end := time.Now().Add(stopGrace); ; <-beat.C {
		if err := os.RemoveAll(b.profile); err == nil || time.Now().After(end) {
			return err
		}
	}
}
