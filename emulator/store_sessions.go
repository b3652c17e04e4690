package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// sessionPath is the file of a session's bytes. Its name does not tell the
// session's address, which is a secret.
func (st *store) sessionPath(sess *session) string {
	name := sha256.Sum256([]byte(sess.ID))
	return filepath.Join(st.partial, hex.EncodeToString(name[:])+".part")
}

// findSessions learns from the files how much of each session is here, and
// removes those that belong to none any more.
func (st *store) findSessions(all map[string]*session) error {
	files, err := filepath.Glob(filepath.Join(st.partial, "*.part"))
	if err != nil {
		return err
	}
	active := map[string]*session{}
	for _, sess := range all {
		if sess.status == statusActive {
			active[st.sessionPath(sess)] = sess
		}
	}
	for _, path := range files {
		sess := active[path]
		if sess == nil {
			err = errors.Join(err, os.Remove(path))
			continue
		}
		info, statErr := os.Stat(path)
		if statErr != nil {
			err = errors.Join(err, statErr)
			continue
		}
		sess.received.Store(min(info.Size(), sess.Size))
	}
	return err
}

// appendTo adds to the bytes of a session and to their hash; what was added is
// there, whatever error comes with it. The caller has the turn.
func (st *store) appendTo(sess *session, r io.Reader) error {
	if err := st.hash(sess); err != nil {
		return err
	}
	w := &sessionWriter{sess: sess}
	buf := st.buffers.Get().(*[copyBuffer]byte)
	defer st.buffers.Put(buf)
	if st.dir == "" {
		_, err := io.CopyBuffer(w, r, buf[:])
		return err
	}
	f, err := os.OpenFile(st.sessionPath(sess), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if _, err = f.Seek(sess.received.Load(), io.SeekStart); err == nil {
		w.file = f
		_, err = io.CopyBuffer(w, r, buf[:])
	}
	return errors.Join(err, f.Close())
}

// sessionWriter writes behind what was received.
type sessionWriter struct {
	sess *session
	file *os.File // nil = in memory
}

// Write counts and hashes just those bytes that are safe.
func (w *sessionWriter) Write(p []byte) (n int, err error) {
	if w.file != nil {
		n, err = w.file.Write(p)
	} else {
		w.sess.bytes = append(w.sess.bytes, p...)
		n = len(p)
	}
	w.sess.sum.Write(p[:n])
	w.sess.received.Add(int64(n))
	return n, err
}

// hash makes the hash of what was received, if it is not at hand: after a
// restart, once. The caller has the turn.
func (st *store) hash(sess *session) error {
	if sess.sum != nil {
		return nil
	}
	sum := sha256.New()
	if n := sess.received.Load(); n > 0 {
		f, err := os.Open(st.sessionPath(sess))
		if err != nil {
			return err
		}
		_, err = io.CopyN(sum, f, n)
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	sess.sum = sum
	return nil
}

// sessionBlob is what was received, to be kept as a content. The caller has
// the turn.
func (st *store) sessionBlob(sess *session) *blob {
	b := &blob{bytes: sess.bytes, size: sess.received.Load()}
	if st.dir != "" {
		b.path = st.sessionPath(sess)
	}
	return b
}

// dropSession forgets the bytes of a session. The caller has the turn.
func (st *store) dropSession(sess *session) {
	if st.dir != "" {
		_ = os.Remove(st.sessionPath(sess))
	}
	sess.bytes, sess.sum = nil, nil
	sess.received.Store(0)
}
