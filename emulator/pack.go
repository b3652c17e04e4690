package emulator

import (
	"io"
	"os"
	"path/filepath"
)

// smallContent is the most bytes of a content that has no file of its own. Real
// photos are larger. Made up ones come by the thousand, and to make a file can
// cost a file system more than all else that an upload needs.
const smallContent = 16 << 10

// pack is small contents one behind the other in a file. The space of those that
// are dropped is not given back. Server.mu guards it.
type pack struct {
	file *os.File // nil = not open
	end  int64
}

func (st *store) packPath() string { return filepath.Join(st.dir, "small") }

// open goes on behind whatever is there, also what was not finished: the journal
// knows what counts.
func (p *pack) open(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	p.file = f
	p.end, err = f.Seek(0, io.SeekEnd)
	return err
}

// add appends a content, and returns where it begins.
func (p *pack) add(content []byte) (at int64, err error) {
	at = p.end
	if _, err := p.file.WriteAt(content, at); err != nil {
		return 0, err
	}
	p.end += int64(len(content))
	return at, nil
}

func (p *pack) close() error {
	if p.file == nil {
		return nil
	}
	return p.file.Close()
}

// packedReader reads one content of the pack.
type packedReader struct {
	*io.SectionReader
	io.Closer
}

func openPacked(b *blob) (blobReader, error) {
	f, err := os.Open(b.path)
	if err != nil {
		return nil, err
	}
	return packedReader{io.NewSectionReader(f, b.at, b.size), f}, nil
}
