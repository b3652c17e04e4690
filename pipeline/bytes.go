package pipeline

import (
	"context"
	"errors"
	"io"
	"path/filepath"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
)

// sendBytes makes the upload, again if it must. A service that cannot be reached ends the run; one that fails at this file alone fails this file.
// When the intake has ended, nothing more is begun. Kept records the token, and no other file begins in place of this one before it has: a token that is
// not recorded dies with the process, and its file is sent again.
func (r *run) sendBytes(ctx context.Context, p *parcel, sum *hash, body []byte, kept func(upload.Result) error) (upload.Result, error) {
	u := &uploading{run: r, parcel: p, body: body}
	call := r.calls(&r.gates.uploads)
	call.Further = u.further
	var res upload.Result
	err := call.Do(ctx, func(ctx context.Context) (err error) {
		if r.sends.Acquire(ctx, 1) != nil {
			return context.Cause(ctx)
		}
		defer r.sends.Release(1)
		if err := r.purse.another(ctx, p, r.sending.Requests(p.Size)); err != nil {
			return err
		}
		r.events.send(Sending{Path: report.Text(p.path())})
		defer r.events.send(Sending{Path: report.Text(p.path()), Over: true})
		res, err = r.uploader.Upload(ctx, upload.Source{
			Name: filepath.Base(report.Text(p.path())), Size: p.Size, ContentType: p.MediaType, SHA256: sum, Open: u.open, Begin: u.begin, Progress: u.progress,
			Session: sessionOf(p), Keep: u.keep,
		})
		p.paid -= res.Requests
		if err != nil {
			return err
		}
		if err := kept(res); err != nil {
			return errKeeping{err}
		}
		return nil
	})
	u.end(err)
	return res, r.over(ctx, err, &r.uploads, uploadStreak)
}

// uploading is the upload of one file over all its tries. While a try is under way, it belongs to that.
type uploading struct {
	*run
	parcel  *parcel
	body    []byte // nil: the file is read while it is sent
	shown   int64  // bytes that the observer was told
	spared  int64  // bytes that an earlier run has sent, and that the observer does not wait for
	begun   bool   // a try has begun
	reached int64  // the most bytes that the service had when a try began
	before  int64  // reached, as of the last failure
}

func (u *uploading) open() (io.ReadSeekCloser, error) {
	if u.cfg.Intake.Err() != nil {
		return nil, errStopped
	}
	if u.body != nil {
		return memoryFile(u.body), nil
	}
	return openSame(u.parcel.path(), u.parcel.Pending)
}

// begin is told what the service has when a try begins. What an earlier run has sent is not waited for; what was shown of a try in vain is taken back.
func (u *uploading) begin(had int64) {
	if !u.begun || had < u.spared { // or the session is another one
		u.spare(had)
	}
	u.begun = true
	u.show(had - u.spared)
	if more := had - u.reached; more > 0 {
		u.reached = had
		u.tally.Bytes(func(b *report.Bytes) { b.Resumed += more })
	}
}

// end shows that all is done, or that nothing is.
func (u *uploading) end(err error) {
	if err != nil {
		u.spare(0)
		u.show(0)
		return
	}
	u.parcel.Session = nil // it is over; whoever needs another token sends the bytes anew
	u.show(u.parcel.Size - u.spared)
}

// spare says how much need not be sent.
func (u *uploading) spare(bytes int64) {
	less := bytes - u.spared
	u.spared = bytes
	if less != 0 {
		u.events.progress(StageUpload, func(p *Progress) { p.TotalBytes -= less })
	}
}

// progress counts bytes as they leave; those of a buffer were counted as read before.
func (u *uploading) progress(n int) {
	u.tally.Bytes(func(b *report.Bytes) {
		b.Sent += int64(n)
		if u.body == nil {
			b.Read += int64(n)
		}
	})
	u.show(min(u.shown+int64(n), u.parcel.Size-u.spared))
}

// show tells the observer how many of the file's bytes are done.
func (u *uploading) show(done int64) {
	more := done - u.shown
	u.shown = done
	u.events.progress(StageUpload, func(p *Progress) { p.Bytes += more })
}

// further tells whether the service has more of the file than after the last failure.
func (u *uploading) further() bool {
	more := u.reached > u.before
	u.before = u.reached
	return more
}

// keep makes the session durable, for the next try and for the next run.
func (u *uploading) keep(ctx context.Context, s upload.Session) error {
	kept := ledger.Session{URL: string(s.URL), Granularity: s.Granularity, Started: s.Started, Hashed: s.Hashed, SHA256: s.SHA256}
	if err := u.ledger.KeepSession(context.WithoutCancel(ctx), u.parcel.Item, kept); err != nil {
		return errKeeping{err}
	}
	u.parcel.Session = &kept
	return nil
}

// errKeeping says that the ledger cannot be written: it ends the run.
type errKeeping struct{ error }

// Unwrap gives the ledger's error.
func (e errKeeping) Unwrap() error { return e.error }

// sessionOf is the session that the ledger keeps of a file.
func sessionOf(p *parcel) upload.Session {
	s := p.Session
	if s == nil {
		return upload.Session{}
	}
	return upload.Session{
		URL: photos.SessionURL(s.URL), Granularity: s.Granularity, Size: p.Size, Started: s.Started, Hashed: s.Hashed, SHA256: s.SHA256,
	}
}

// endsRun tells whether an error that came with a file concerns more than that file.
func endsRun(err error) bool { return errors.As(err, new(errKeeping)) || errors.As(err, new(errEnds)) }
