package photos_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/albumwright/albumwright/photos"
)

// endless is a body that never ends, and counts what is read of it.
type endless struct{ n int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.n += int64(len(p))
	return len(p), nil
}

// Something in between that never stops must not fill the memory.
func TestOfAnAnswerThatDoesNotEndOnlySoMuchIsRead(t *testing.T) {
	for _, c := range []struct {
		name string
		most int64
		call func(*photos.Client) error
	}{
		{"a JSON call", 32<<20 + 64<<10, func(c *photos.Client) error {
			_, err := c.MediaItems.Get(t.Context(), "x")
			return err
		}},
		{"an upload", 1<<20 + 64<<10, func(c *photos.Client) error {
			_, err := c.Uploads.Raw(t.Context(), tiny("x"))
			return err
		}},
	} {
		body := &endless{}
		client := clientOn(t, wire(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body)}, nil
		}))
		began := time.Now()
		if err := c.call(client); photos.Classify(err) != photos.ClassTransient {
			t.Errorf("%s: %v", c.name, err)
		}
		if body.n > 2*c.most {
			t.Errorf("%s: %d bytes were read in %v, want about %d", c.name, body.n, time.Since(began), c.most)
		}
	}
}
