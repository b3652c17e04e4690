package emulator

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// journal is the history of a library in a file: a line of JSON for each group
// of changes that happened together. A line is written with one call before the
// client hears of it, so that whatever was answered outlives the process. It is
// not forced onto the disk: this is a place to rehearse, and a power cut may
// cost its last seconds.
type journal struct {
	file *os.File
	lock *flock.Flock
}

// journalVersion is written first. A journal of another one is refused.
const journalVersion = 1

// journalHead is the first line.
type journalHead struct {
	Version int    `json:"albumwrightEmulator"`
	PageKey []byte `json:"pageKey"` // page tokens outlive a restart

	AccessToken string `json:"accessToken"` // so does the one that the server made up
}

// openJournal opens the journal of a folder, or begins one, and hands each
// group of changes to replay. head is what a new one begins with; the head
// that counts is returned.
func openJournal(dir string, head journalHead, replay func([]change) error) (*journal, journalHead, error) {
	lock := flock.New(filepath.Join(dir, "lock"))
	if ok, err := lock.TryLock(); err != nil || !ok {
		return nil, head, errors.Join(fmt.Errorf("%s is in use by another emulator", dir), err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "journal.jsonl"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, head, errors.Join(err, lock.Unlock())
	}
	j := &journal{file: f, lock: lock}
	whole, err := j.read(&head, replay)
	if err == nil && whole == 0 {
		err = j.write(head)
	}
	if err != nil {
		return nil, head, errors.Join(fmt.Errorf("%s: %w", f.Name(), err), j.close())
	}
	return j, head, nil
}

// read goes through the journal and cuts off a last line that was not finished:
// nobody was told of it. It returns the bytes that count.
func (j *journal) read(head *journalHead, replay func([]change) error) (whole int64, err error) {
	r := bufio.NewReaderSize(j.file, 1<<20)
	for n := 0; ; n++ {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = readLine(n, line, head, replay)
		}
		if err != nil {
			return 0, fmt.Errorf("line %d: %w", n+1, err)
		}
		whole += int64(len(line))
	}
	if err := j.file.Truncate(whole); err != nil {
		return 0, err
	}
	_, err = j.file.Seek(whole, io.SeekStart)
	return whole, err
}

func readLine(n int, line []byte, head *journalHead, replay func([]change) error) error {
	if n > 0 {
		var changes []change
		if err := json.Unmarshal(line, &changes); err != nil {
			return err
		}
		return replay(changes)
	}
	if err := json.Unmarshal(line, head); err != nil {
		return err
	}
	if head.Version != journalVersion {
		return fmt.Errorf("written by another version of the emulator (%d, this is %d)", head.Version, journalVersion)
	}
	return nil
}

// write appends one line.
func (j *journal) write(v any) error {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		return err
	}
	_, err := j.file.Write(b.Bytes())
	return err
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	return errors.Join(j.file.Close(), j.lock.Unlock())
}
