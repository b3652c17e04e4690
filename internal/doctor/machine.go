package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/localdisk"
)

// wantFree is how much room there should be beside the ledger: it and its write-ahead log grow with every file that is imported.
const wantFree = 256 << 20

// elsewhere is what helps against most of what is wrong with the state folder.
const elsewhere = "--state-dir names another folder, on a local disk"

// StateFolder tells whether ledgers can live in a folder. It writes a small file, and takes it away again.
func StateFolder(dir string) Finding {
	if dir == "" {
		return Finding{State: Failed, Detail: "there is no home folder to put the ledger into", Remedy: "name a folder with --state-dir"}
	}
	if err := localdisk.Check(dir); err != nil {
		return Finding{State: Failed, Detail: err.Error(), Remedy: elsewhere}
	}
	there, err := nearestFolder(dir)
	if err == nil {
		err = writes(there)
	}
	free, known := freeBytes(there)
	switch {
	case noRoom(err) || err == nil && known && free == 0:
		return Finding{State: Failed, Detail: dir + ": the disk is full", Remedy: "make room there: without it nothing can be recorded, so nothing is sent; or " + elsewhere}
	case errors.Is(err, fs.ErrPermission):
		return Finding{State: Failed, Detail: dir + ": this user may not write there", Remedy: "give the folder to this user, or " + elsewhere}
	case err != nil:
		return Finding{State: Failed, Detail: err.Error(), Remedy: elsewhere}
	case known && free < wantFree:
		return Finding{State: Warning, Detail: fmt.Sprintf("%s: only %s are free", dir, humanize.Bytes(free)), Remedy: "make room there before a large import: the ledger grows with every file; or " + elsewhere}
	}
	detail := dir
	if there != dir {
		detail += " (the first import makes it)"
	}
	if known {
		detail += ": " + humanize.Bytes(free) + " free"
	}
	return Finding{State: OK, Detail: detail}
}

// nearestFolder is a folder, or the nearest one above it that exists.
func nearestFolder(dir string) (string, error) {
	for {
		info, err := os.Stat(dir)
		switch {
		case err == nil && !info.IsDir():
			return dir, fmt.Errorf("%s is not a folder", dir)
		case err == nil || !errors.Is(err, fs.ErrNotExist) || filepath.Dir(dir) == dir:
			return dir, err
		}
		dir = filepath.Dir(dir)
	}
}

func writes(dir string) error {
	f, err := os.CreateTemp(dir, ".albumwright-doctor-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 1<<16))
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
}

// Ledger tells whether a ledger can be read, holds together, and is free.
func Ledger(ctx context.Context, path string) Finding {
	r, err := ledger.OpenRead(ctx, path)
	if errors.Is(err, ledger.ErrNone) {
		return Finding{State: OK, Detail: "there is none yet; the first import begins it"}
	}
	if err == nil {
		defer func() { _ = r.Close() }()
		err = r.QuickCheck(ctx)
	}
	if err != nil {
		return badLedger(ctx, path, err)
	}
	if pid, since, held := ledger.WhoHolds(path); held {
		return Finding{
			State: Warning, Detail: fmt.Sprintf("process %d works with it since %s", pid, since.Local().Format(time.DateTime)),
			Remedy: "wait for it to end, or stop it, before the next import; looking is possible meanwhile: albumwright status",
		}
	}
	return Finding{State: OK, Detail: path}
}

func badLedger(ctx context.Context, path string, err error) Finding {
	f := Finding{State: Failed, Detail: err.Error()}
	switch {
	case ctx.Err() != nil:
		f.State, f.Detail, f.Remedy = Warning, path+" is too large to be looked through here", "albumwright ledger check takes its time"
	case errors.Is(err, ledger.ErrDamaged):
		f.Remedy = "put a backup made by \"albumwright ledger backup\" in its place; without one move it away, and \"albumwright ledger rebuild\" finds out again what it knew"
	case errors.Is(err, ledger.ErrNewer):
		f.Remedy = "use the version of albumwright that wrote it, or a later one"
	case errors.Is(err, ledger.ErrLocked):
		f.State, f.Remedy = Warning, "wait for that process to end, or stop it"
	default:
		f.Remedy = "this user must be able to read it; " + elsewhere
	}
	return f
}

// Requests tells how the day's requests stand.
func Requests(ctx context.Context, cfg budget.Config) Finding {
	s, err := budget.Read(ctx, cfg)
	back := s.Reset.Local().Format("Mon 15:04 MST")
	switch {
	case err != nil:
		return Finding{State: Failed, Detail: err.Error(), Remedy: elsewhere}
	case s.Today.Spent:
		return Finding{State: Warning, Detail: "the service has said that the day's requests are used up", Remedy: "go on after " + back + ", when they come back"}
	case s.Left == 0:
		return Finding{State: Warning, Detail: fmt.Sprintf("%s were used today; none is left", humanize.Comma(int64(s.Used))), Remedy: "go on after " + back + ", when they come back, or give --max-requests-per-day a larger number"}
	}
	return Finding{State: OK, Detail: fmt.Sprintf("%s were used today, %s are left until %s", humanize.Comma(int64(s.Used)), humanize.Comma(int64(s.Left)), back)}
}

// Folders tells whether the folders that are to be looked after are there.
func Folders(paths []string) Finding {
	var gone []string
	for _, p := range paths {
		if info, err := os.Stat(p); err != nil || !info.IsDir() {
			gone = append(gone, p)
		}
	}
	switch {
	case len(gone) > 0:
		return Finding{State: Warning, Detail: "not there: " + strings.Join(gone, ", "), Remedy: "check the path, and that the drive it is on is mounted"}
	case len(paths) == 0:
		return Finding{State: OK, Detail: "the configuration names none to look after"}
	}
	return Finding{State: OK, Detail: fmt.Sprintf("all %d are there", len(paths))}
}
