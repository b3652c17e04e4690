package thumbs_test

import (
	"context"
	"image"
	_ "image/jpeg"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/thumbs"
)

// serve is the answer for a file.
func serve(ctx context.Context, m *thumbs.Maker, key, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	m.Serve(w, httptest.NewRequest(http.MethodGet, "/thumbs", nil).WithContext(ctx), key, path)
	return w
}

func write(t *testing.T, name string, media []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, media, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAPictureFitsItsTileAndEverythingHasOne(t *testing.T) {
	m := thumbs.New()
	for name, media := range map[string][]byte{
		"photo.jpg": fixture.JPEG(fixture.Spec{Width: 900, Height: 600}), "video.mp4": fixture.MP4(fixture.Spec{}), "raw.nef": fixture.NEF(fixture.Spec{}),
		"broken.jpg": []byte("\xff\xd8 no photo"), "empty.jpg": nil, "notes.txt": []byte("words"),
	} {
		w := serve(t.Context(), m, name, write(t, name, media))
		img, _, err := image.Decode(w.Body)
		if err != nil || w.Code != http.StatusOK || img.Bounds().Dx() > 320 || img.Bounds().Dy() > 240 {
			t.Errorf("%s: %d %v", name, w.Code, err)
		}
	}
	for name, path := range map[string]string{"a file that is gone": filepath.Join(t.TempDir(), "gone.jpg"), "a folder": t.TempDir()} {
		if w := serve(t.Context(), m, name, path); w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/jpeg" {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

func TestWhoHasGoneOnGetsNothing(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if w := serve(ctx, thumbs.New(), "1", write(t, "photo.jpg", fixture.JPEG(fixture.Spec{}))); w.Body.Len() != 0 {
		t.Errorf("%d bytes for nobody", w.Body.Len())
	}
}
