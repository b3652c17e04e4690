package emulator

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
	"github.com/albumwright/albumwright/emulator/internal/strip"
	"github.com/albumwright/albumwright/internal/render"
)

// serveBaseURL answers loads of base URLs. They need no access token: who has
// the address has the picture (contract 8).
func (s *Server) serveBaseURL(w http.ResponseWriter, r *http.Request) {
	s = s.givenFor(r)
	s.mu.Lock()
	s.calls[baseURLLoads]++
	s.mu.Unlock()
	answer, r := s.watch(w, r, &line{operation: baseURLLoads, path: shownBaseURL(r.URL.Path), counted: quotaBaseURLs})
	defer s.note(answer)
	err := s.admitLoad(r)
	if !s.wait(r) {
		panic(http.ErrAbortHandler) // the client is gone
	}
	if err == nil {
		err = s.load(answer, r)
	}
	if err != nil {
		s.writeError(answer, r, false, err)
	}
	answer.ended = true
}

// cutBaseURL cuts what was issued from the parameters behind it.
func cutBaseURL(r *http.Request) (token, parameters string, found bool) {
	return strings.Cut(strings.TrimPrefix(r.URL.Path, baseURLPath+"/"), "=")
}

// givenFor is the service as the user and the client have it to whom a base URL was
// given. One that was not issued is somebody's load all the same.
func (s *Server) givenFor(r *http.Request) *Server {
	token, _, _ := cutBaseURL(r)
	u, _ := s.openBaseURL(token)
	s.mu.Lock()
	defer s.mu.Unlock()
	if of := s.byKeys(u.user, u.client); of != nil {
		return of
	}
	return s
}

// admitLoad is what stands before any load.
func (s *Server) admitLoad(r *http.Request) *apiError {
	switch {
	case s.isClosed():
		return errClosed()
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return errBaseURLMethod()
	}
	return s.spendBaseURL()
}

// load finds what a base URL shows, and shows it. One that is bare, has expired
// or was never issued is refused (contract 12 #33).
func (s *Server) load(w http.ResponseWriter, r *http.Request) *apiError {
	token, text, _ := cutBaseURL(r)
	u, ok := s.openBaseURL(token)
	if !ok || text == "" || !s.now().Before(u.until) {
		return errBaseURL()
	}
	p, err := readLoadParameters(text)
	if err != nil {
		return err
	}
	secureHeaders(w.Header())
	if u.kind == showsItem || u.kind == showsCover {
		s.mu.Lock()
		it := s.itemID[u.name]
		s.mu.Unlock()
		if it == nil {
			return errBaseURLMissing() // of a journal that has lost its end
		}
		return s.loadItem(w, r, it, p, u.kind == showsCover)
	}
	if p.video {
		return errBaseURLMissing()
	}
	if u.kind == showsUser {
		return sendPicture(w, func() (render.Picture, error) { return render.Portrait(u.name, p.frame) })
	}
	return sendPicture(w, func() (render.Picture, error) {
		return render.Tile(render.Subject{TypeName: "Empty album"}, p.frame, false)
	})
}

// secureHeaders: the bytes are strangers', and the address is nobody else's.
func secureHeaders(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, max-age=86400, no-transform")
	h.Set("Referrer-Policy", "no-referrer")
}

// loadItem shows a media item, or what is asked for of it.
func (s *Server) loadItem(w http.ResponseWriter, r *http.Request, it *item, p loadParameters, cover bool) *apiError {
	switch {
	case p.video && cover:
		return errBaseURLMissing() // a cover is an image (contract 12 #42)
	case p.video:
		return s.loadVideo(w, r, it)
	}
	if p.download {
		attach(w, it)
		if it.content.facts.Type == inspect.JPEG && sendStripped(w, it.content.blob) {
			return nil
		}
	}
	subject := it.subject()
	return sendPicture(w, func() (render.Picture, error) {
		picture, err := s.pictures.Picture(r.Context(), subject, p.frame)
		if err != nil {
			picture, err = render.Tile(subject, p.frame, !p.bare)
		}
		if r.Context().Err() != nil {
			panic(http.ErrAbortHandler) // the client is gone
		}
		return picture, err
	})
}

// attach names a download as the item is named.
func attach(w http.ResponseWriter, it *item) {
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(it.fileName))
}

// subject is an item as pictures are made of it.
func (it *item) subject() render.Subject {
	c := it.content
	return render.Subject{
		Key: hex.EncodeToString(c.hash[:]), TypeName: c.facts.Type.Name(), Video: c.facts.Type.Video(), Raw: c.facts.Type.Raw(),
		Width: c.facts.Width, Height: c.facts.Height, Orientation: c.facts.Orientation,
		Open: func() (io.ReadSeekCloser, error) { return c.blob.open() },
	}
}

func sendPicture(w http.ResponseWriter, picture func() (render.Picture, error)) *apiError {
	p, err := picture()
	if err != nil {
		return errInternal(err)
	}
	w.Header().Set("Content-Type", p.ContentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(p.Bytes)))
	_, _ = w.Write(p.Bytes) // a client that left hears nothing
	return nil
}

// sendStripped sends a JPEG with its Exif and without its place (contract 8). It
// is copied twice, at first to nowhere: its new length is to be known, and that
// nothing is wrong with it. False: nothing was sent.
func sendStripped(w http.ResponseWriter, b *blob) bool {
	src, err := b.open()
	if err != nil {
		return false
	}
	defer src.Close()
	var length counter
	if strip.JPEG(&length, src) != nil {
		return false
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return false
	}
	w.Header().Set("Content-Type", inspect.JPEG.MIME())
	w.Header().Set("Content-Length", strconv.FormatInt(int64(length), 10))
	_ = strip.JPEG(w, src) // a client that left hears nothing
	return true
}

// counter counts what is written to it.
type counter int64

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// loadVideo sends a video that is ready, as it was uploaded, or the video of a
// motion photo. The service sends a transcoded one (contract 8).
func (s *Server) loadVideo(w http.ResponseWriter, r *http.Request, it *item) *apiError {
	facts, b := it.content.facts, it.content.blob
	if !facts.Motion && !s.isReadyVideo(it) {
		return errBaseURLMissing()
	}
	src, err := b.open()
	if err != nil {
		return errInternal(err)
	}
	defer src.Close()
	var film io.ReadSeeker = src
	kind := facts.Type.MIME()
	if facts.Motion {
		from, to, found := inspect.MotionVideo(src, b.size, facts.Type)
		if !found {
			return errBaseURLMissing()
		}
		film, kind = io.NewSectionReader(src, from, to-from), inspect.MP4.MIME()
	}
	attach(w, it)
	w.Header().Set("Content-Type", kind)
	http.ServeContent(w, r, "", it.created, film)
	return nil
}

func (s *Server) isReadyVideo(it *item) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return it.content.facts.Type.Video() && it.videoStatus(s.now(), s.config.VideoProcessing) == videoReady
}
