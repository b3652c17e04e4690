package ledger

import (
	"database/sql"
	"errors"
	"fmt"
)

func (t *tx) takeRun(l runLine) error {
	_, err := t.exec(`INSERT INTO runs (id, started, ended, command, outcome) VALUES (?, ?, ?, ?, ?)`, l.Run, int64(l.Started), ns(l.Ended), l.Command, l.Outcome)
	return err
}

func (t *tx) takeAlbum(l albumLine) error {
	var first any
	if l.Continues != nil {
		id, err := t.albumOf(*l.Continues)
		if err != nil {
			return err
		}
		first = id
	}
	_, err := t.exec(`INSERT INTO albums (title, remote, intended, missing, continues, volume, filled) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		l.Title, l.ID, ns(l.Intended), l.Missing, first, max(l.Volume, 1), ns(l.Filled))
	return err
}

func (t *tx) takeContent(l contentLine) error {
	if len(l.SHA256) != 32 {
		return fmt.Errorf("%w: %x is no SHA-256", ErrForm, []byte(l.SHA256))
	}
	_, err := t.exec(`INSERT INTO contents (sha256, size, media_item, refused, matched, given) VALUES (?, ?, ?, ?, ?, ?)`,
		[]byte(l.SHA256), l.Size, l.MediaItem, l.Refused, l.Matched, l.Given)
	return err
}

func (t *tx) takeFile(l fileLine) error {
	var content any
	if l.SHA256 != nil {
		id, err := t.contentOf(l.SHA256)
		if err != nil {
			return err
		}
		content = id
	}
	dir, err := t.id(`INSERT INTO dirs (path) VALUES (?) ON CONFLICT (path) DO UPDATE SET path = path RETURNING id`, []byte(l.Dir))
	if err != nil {
		return err
	}
	c := l.Facts
	file, err := t.id(`
		INSERT INTO files (dir, name, size, mtime, ctime, device, inode, content, `+factNames+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, `+factMarks+`) RETURNING id`,
		dir, []byte(l.Name), l.Size, int64(l.Modified), orZero(l.Changed), l.Device, l.Inode, content,
		orZero(c.Captured), c.Offset, c.CaptureSource, c.Make, c.Model, c.Serial, c.Orientation, c.Latitude, c.Longitude, c.Width, c.Height,
		c.MediaType, c.Description, c.ContentID, c.Duration, c.Shifted)
	if err != nil {
		return err
	}
	for _, it := range l.Items {
		if err := t.takeItem(file, it); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) takeItem(file int64, it itemLine) error {
	if !isState(it.State) {
		return fmt.Errorf("%w: there is no state %q", ErrForm, it.State)
	}
	album, err := t.albumOf(it.Album)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO items (file, album, sort, state, reason, permanent, left_out, attempts, run) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		file, album, []byte(it.Sort), string(it.State), it.Reason, it.Permanent, it.LeftOut, it.Attempts, it.Run)
	return err
}

func (t *tx) takePlacement(l placementLine) error {
	album, err := t.albumOf(l.Album)
	if err != nil {
		return err
	}
	content, err := t.contentOf(l.SHA256)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO placements (album, content, sort, media_item, run, removed, lost) VALUES (?, ?, ?, ?, ?, ?, 2 * ?)`,
		album, content, []byte(l.Sort), l.MediaItem, l.Run, l.Removed, l.Lost)
	return err
}

func (t *tx) albumOf(title string) (int64, error) {
	return t.named(`SELECT id FROM albums WHERE title = ?`, title, fmt.Sprintf("the album %q", title))
}

func (t *tx) contentOf(sum hexText) (int64, error) {
	return t.named(`SELECT id FROM contents WHERE sha256 = ?`, []byte(sum), fmt.Sprintf("the content %x", []byte(sum)))
}

// named finds the number of what a line names.
func (t *tx) named(query string, name any, what string) (int64, error) {
	id, err := t.id(query, name)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("%w: it names %s, which no line before it is about", ErrForm, what)
	}
	return id, err
}

func ns(m *moment) any { return nullable((*int64)(m)) }

func orZero[T ~int64](v *T) int64 {
	if v == nil {
		return 0
	}
	return int64(*v)
}
