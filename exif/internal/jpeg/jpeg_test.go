package jpeg_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/jpeg"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

const (
	app1, app13 = 0xe1, 0xed

	xmpHead       = "http://ns.adobe.com/xap/1.0/\x00"
	extendedHead  = "http://ns.adobe.com/xmp/extension/\x00"
	photoshopHead = "Photoshop 3.0\x00"
)

func segment(marker byte, head string, body []byte) []byte {
	out := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(head)+len(body)))
	return append(append(out, head...), body...)
}

// with puts segments in front of those of a plain picture.
func with(segments ...[]byte) []byte {
	plain := fixture.JPEG(fixture.Spec{})
	return slices.Concat(append([][]byte{plain[:2]}, append(segments, plain[2:])...)...)
}

func read(content []byte) claimtest.Answer { return claimtest.Read(jpeg.Read, content) }

// mustRead reads a file that has nothing wrong with it.
func mustRead(t *testing.T, name string, content []byte) claimtest.Answer {
	t.Helper()
	return read(content).Must(t, name)
}

func wall(hour int) time.Time { return time.Date(2024, 5, 18, hour, 30, 5, 0, time.UTC) }

// sources lists where the times and words come from.
func sources(said claim.Set) []string {
	var out []string
	for _, c := range said.Times {
		out = append(out, c.Source)
	}
	for _, c := range said.Words {
		out = append(out, c.Source)
	}
	slices.Sort(out)
	return out
}

func TestEveryRecordSpeaks(t *testing.T) {
	content := fixture.JPEG(fixture.Spec{
		Width: 40, Height: 30, Captured: wall(14), Description: "in EXIF",
		XMP:  &fixture.Spec{Captured: wall(15), Description: "in XMP"},
		IPTC: &fixture.Spec{Captured: wall(16), Description: "in IPTC"},
	})
	got := mustRead(t, "all records", content)
	want := []string{
		claim.DateTimeOriginal, claim.ImageDescription,
		claim.IPTCCaption, claim.IPTCDateCreated, claim.XMPDescription, claim.XMPDateTimeOriginal,
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, sources(got.Set)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(got.Sizes) == 0 || got.Sizes[0] != (claim.Size{Width: 40, Height: 30, Source: claim.Header}) && got.Sizes[1].Source != claim.Header {
		t.Errorf("sizes %v", got.Sizes)
	}
	if got.Calls != 1 {
		t.Errorf("%d reads, want 1: all of it lies in the first 4 KiB", got.Calls)
	}
}

func TestXMPIsKnownByItsBeginning(t *testing.T) {
	packet := fixture.XMP(fixture.Spec{Description: "words"})
	for name, content := range map[string][]byte{
		"as it should be":     with(segment(app1, xmpHead, packet)),
		"without its zero":    with(segment(app1, xmpHead[:len(xmpHead)-1], packet)),
		"under another head":  with(segment(app1, "XMP\x00", packet)),
		"without a head":      with(segment(app1, "", packet)),
		"behind others":       with(segment(app1, "other\x00", nil), segment(app1, "", nil), segment(app1, xmpHead, packet)),
		"in front of a frame": with(segment(app1, xmpHead, packet), segment(0xfe, "", bytes.Repeat([]byte("c"), 9000))),
	} {
		if got := mustRead(t, name, content); len(got.Words) != 1 || got.Words[0].Value != "words" {
			t.Errorf("%s: words %v", name, got.Words)
		}
	}
}

func TestExtendedXMPIsNotRead(t *testing.T) {
	content := with(
		segment(app1, "Exif\x00\x00", fixture.EXIF(fixture.Spec{Make: "Aldermere"})),
		segment(app1, xmpHead, fixture.XMP(fixture.Spec{Description: "words", PadTo: 9000})),
		segment(app1, extendedHead, make([]byte, 60_000)), segment(app1, extendedHead, make([]byte, 60_000)),
	)
	got := mustRead(t, "extended", content)
	if len(got.Words) != 1 || got.Bytes > 16<<10 || got.Calls > 6 {
		t.Errorf("words %v, %d bytes in %d reads", got.Words, got.Bytes, got.Calls)
	}
}

func TestPhotoshopsResourcesMayLieInSeveralSegments(t *testing.T) {
	resources := fixture.Photoshop(fixture.Spec{Captured: wall(14), Description: strings.Repeat("words ", 100)})
	for _, cut := range []int{1, 5, 30, 41, 43, 60, len(resources) - 1} {
		content := with(segment(app13, photoshopHead, resources[:cut]), segment(app13, "other\x00", []byte("8BIM")),
			segment(app13, photoshopHead, resources[cut:]))
		got := mustRead(t, fmt.Sprintf("cut at %d", cut), content)
		if diff := cmp.Diff([]string{claim.IPTCCaption, claim.IPTCDateCreated}, sources(got.Set)); diff != "" {
			t.Errorf("cut at %d (-want +got):\n%s", cut, diff)
		}
	}
}

func TestAPreviewAmongTheResourcesIsNotRead(t *testing.T) {
	preview := append([]byte("8BIM\x04\x0c\x00\x00\x00\x00\xea\x60"), make([]byte, 60_000)...)
	content := with(segment(app13, photoshopHead, append(preview, fixture.Photoshop(fixture.Spec{Description: "words"})...)))
	got := mustRead(t, "a preview", content)
	if len(got.Words) != 1 || got.Bytes > 8<<10 {
		t.Errorf("words %v after %d bytes", got.Words, got.Bytes)
	}
}

func TestAJPEGInsideAnotherFileIsReadLikeOne(t *testing.T) {
	spec := fixture.Spec{
		Captured: wall(14), Make: "Aldermere", XMP: &fixture.Spec{Description: "words"},
		IPTC: &fixture.Spec{Description: "more"}, Motion: []byte("\x00\x00\x00\x0cftypisom"),
	}
	content := fixture.JPEG(spec)
	block := fixture.EXIF(fixture.Spec{Captured: wall(14), Make: "Aldermere"})
	split := with(segment(app1, "Exif\x00\x00", block[:30]), segment(app1, "Exif\x00\x00", block[30:]))
	for name, inner := range map[string][]byte{"whole": content, "with a split block": split} {
		want := mustRead(t, name, inner).Set
		want.MotionPhoto = false // the outer file decides that
		around := slices.Concat(make([]byte, 7000), inner, make([]byte, 500))
		src := file.New(bytes.NewReader(around), int64(len(around)))
		for where, b := range map[string]file.Block{"a file": src.Piece(7000, int64(len(inner))), "memory": file.Memory(inner)} {
			var got claim.Set
			var bad file.Complaints
			jpeg.ReadBlock(b, &got, &bad)
			if diff := cmp.Diff(want, got); diff != "" || bad.First() != "" {
				t.Errorf("%s, in %s: complaint %q (-want +got):\n%s", name, where, bad.First(), diff)
			}
		}
	}
}
