package planfile_test

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/plan"
	"github.com/albumwright/albumwright/internal/planfile"
	"github.com/albumwright/albumwright/internal/property"
)

// counts is what apply takes of a plan.
func counts(f planfile.File) planfile.File {
	out := f
	out.Albums = nil
	for _, a := range f.Albums {
		kept := plan.Album{Title: a.Title}
		for _, it := range a.Items {
			kept.Items = append(kept.Items, plan.Item{File: it.File, Size: it.Size, ModTime: it.ModTime, Description: strings.TrimSpace(it.Description)})
		}
		if len(kept.Items) > 0 || kept.Title != "" {
			out.Albums = append(out.Albums, kept)
		}
	}
	return out
}

func write(t testing.TB, f planfile.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := planfile.Write(&b, f, "Found 1\n"); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// name is a file's or folder's name of any bytes that the system allows.
func name() *rapid.Generator[string] {
	bytesOnly := rapid.Map(rapid.SliceOfN(rapid.ByteRange(1, 255), 1, 8), func(b []byte) string { return string(b) })
	odd := rapid.SampledFrom([]string{"yes", "null", "1e3", "~", "- a", "a: b", "a #b", "{a, b}", "'", `"`, `\`, " a", "a ", "*a", "&a", "%a", "!a", "0x1", "12:30", "a\nb", "\u2028", "\ufeff", "\u0085"})
	return rapid.OneOf(odd, bytesOnly, rapid.StringN(1, 8, -1)).Filter(func(s string) bool {
		return s != "." && s != ".." && !strings.ContainsAny(s, "/\x00")
	})
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), name()).Filter(func(s string) bool { return len(s) < 900 && s == strings.ToValidUTF8(s, "") })
		f := planfile.File{Endpoint: "https://photos.example", Account: text.Draw(t, "account"), Root: filepath.Join("/", name().Draw(t, "root"))}
		f.Order = rapid.SampledFrom([]string{"", "name", "none", "no"}).Draw(t, "order")
		f.TimeShifts = rapid.SliceOfN(text, 0, 2).Draw(t, "shifts")
		if len(f.TimeShifts) == 0 {
			f.TimeShifts = nil
		}
		files := map[string]plan.Item{}
		for range rapid.IntRange(0, 4).Draw(t, "albums") {
			a := plan.Album{Title: album.CleanTitle(text.Draw(t, "title")), New: rapid.Bool().Draw(t, "new")}
			for range rapid.IntRange(0, 5).Draw(t, "items") {
				path := filepath.Join(f.Root, name().Draw(t, "folder"), name().Draw(t, "name"))
				it, again := files[path]
				if !again {
					it = plan.Item{
						Path: "path", File: path, Size: rapid.Int64Range(0, 1<<40).Draw(t, "size"), Description: text.Draw(t, "description"),
						ModTime: time.Unix(0, rapid.Int64().Draw(t, "mtime")).UTC(), Captured: time.Unix(rapid.Int64Range(-1<<33, 1<<33).Draw(t, "captured"), 0).UTC(),
						Notes: []string{"note: # {"}, Last: rapid.Bool().Draw(t, "last"), Behind: "IMG.jpg",
					}
				}
				files[path] = it
				inAlbum := func(a plan.Album) bool {
					return slices.ContainsFunc(a.Items, func(o plan.Item) bool { return o.File == path })
				}
				if inAlbum(a) || slices.ContainsFunc(f.Albums, func(o plan.Album) bool { return o.Title == a.Title && inAlbum(o) }) {
					continue
				}
				a.Items = append(a.Items, it)
			}
			f.Albums = append(f.Albums, a)
		}
		var b bytes.Buffer
		if err := planfile.Write(&b, f, "any summary: {\n\nof lines"); err != nil {
			t.Fatal(err)
		}
		got, err := planfile.Read(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		if diff := cmp.Diff(counts(f), got); diff != "" {
			t.Fatalf("(-written +read):\n%s\n%s", diff, b.String())
		}
	})
}

func TestAPlanIsReadable(t *testing.T) {
	at := time.Date(2024, 5, 18, 12, 1, 0, 0, time.UTC)
	f := planfile.File{Endpoint: "http://127.0.0.1:8080", Account: "ann", Root: "/home/ann/My pictures", Albums: []plan.Album{
		{Title: "", Items: []plan.Item{{File: "/home/ann/My pictures/IMG_0001.JPG", Size: 5, ModTime: at, Captured: at, Sent: true}}},
		{Title: "Harbour", Unsure: true, New: true, Items: []plan.Item{
			{File: "/home/ann/My pictures/Pier/a b.jpg", Size: 816, ModTime: at.Add(5), Captured: at, Source: "EXIF:DateTimeOriginal", Description: "The pier, at noon", Sent: true},
		}},
		{Title: "Été: 2024", Items: []plan.Item{
			{File: "/home/ann/My pictures/early.jpg", Size: 1, ModTime: at, Captured: at, Source: "EXIF:DateTimeOriginal", Sent: true},
			{File: "/home/ann/My pictures/1.jpg", Size: 1, ModTime: at, Captured: at, Source: "EXIF:DateTimeOriginal", Behind: "/home/ann/0.jpg", Notes: []string{"description cut to fit"}},
			{File: "/home/ann/My pictures/2.jpg", Size: 1, ModTime: at, Captured: at, Source: "EXIF:DateTimeOriginal", Last: true, Sent: true},
		}},
	}}
	_, got, _ := strings.Cut(string(write(t, f)), "# Found 1\n")
	const want = `version: 1
endpoint: "http://127.0.0.1:8080"
account: ann
root: /home/ann/My pictures
---
library:  # in no album
  - {captured: 2024-05-18 12:01:00?, file: IMG_0001.JPG, as: 5@2024-05-18T12:01:00Z}
---
album: Harbour  # new, unless the service has one
items:
  - {captured: 2024-05-18 12:01:00, file: Pier/a b.jpg, as: 816@2024-05-18T12:01:00.000000005Z, description: "The pier, at noon"}
---
album: "Été: 2024"  # the service has it
items:
  # before all that is there
  - {captured: 2024-05-18 12:01:00, file: early.jpg, as: 1@2024-05-18T12:01:00Z}
  # after 0.jpg, which is there
  - {captured: 2024-05-18 12:01:00, file: "1.jpg", as: 1@2024-05-18T12:01:00Z}  # not sent: the service has the bytes; description cut to fit
  # at the end
  - {captured: 2024-05-18 12:01:00, file: "2.jpg", as: 1@2024-05-18T12:01:00Z}
---
end: true  # leave this where it is: a plan without an end was cut off
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// big is a plan of 100,000 files in 20 albums.
func big() planfile.File {
	f := planfile.File{Endpoint: "https://photos.example", Account: "ann", Root: "/home/ann/Pictures"}
	for a := range 20 {
		out := plan.Album{Title: fmt.Sprintf("Album %d", a), New: true}
		for i := range 5000 {
			at := time.Unix(1_700_000_000, int64(i)*1000)
			out.Items = append(out.Items, plan.Item{
				File: fmt.Sprintf("/home/ann/Pictures/2024/Album %d/IMG_%06d.JPG", a, i), Size: int64(3_214_567 + i), ModTime: at, Captured: at,
				Source: "EXIF:DateTimeOriginal", Sent: true, Description: "A day at the harbour",
			})
		}
		f.Albums = append(f.Albums, out)
	}
	return f
}

func TestAPlanOfManyFilesTakesLittleMemory(t *testing.T) {
	text := write(t, big())
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	most, reads := uint64(0), 0
	f, err := planfile.Read(watched{bytes.NewReader(text), func() {
		if reads++; reads%200 == 0 { // looking stops the world
			runtime.ReadMemStats(&after)
			most = max(most, after.HeapAlloc)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if most == 0 {
		t.Fatal("memory was never looked at")
	}
	if took := int64(most) - int64(before.HeapAlloc); took > 200<<20 {
		t.Errorf("reading %d MB took %d MB of memory, want less than 200", len(text)>>20, took>>20)
	}
	if len(f.Albums) != 20 || len(f.Albums[19].Items) != 5000 {
		t.Errorf("%d albums were read, want 20 of 5000 items", len(f.Albums))
	}
}

// watched calls look at every read.
type watched struct {
	io.Reader
	look func()
}

func (w watched) Read(p []byte) (int, error) {
	w.look()
	return w.Reader.Read(p)
}

func BenchmarkWriteHundredThousandFiles(b *testing.B) {
	f := big()
	b.ReportAllocs()
	for b.Loop() {
		if err := planfile.Write(io.Discard, f, ""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadHundredThousandFiles(b *testing.B) {
	text := write(b, big())
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := planfile.Read(bytes.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}
