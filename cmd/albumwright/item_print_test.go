package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/photos"
)

// aPhoto and aVideo are all that the service may tell of one, and as little.
var (
	aPhoto = photos.MediaItem{
		ID: "AF1", Description: "Ada\tand\x1b[31m Grace", ProductURL: "https://photos.example/1", BaseURL: "https://lh3.example/1", MIMEType: "image/jpeg", Filename: "a rose.jpg",
		MediaMetadata: photos.MediaMetadata{
			CreationTime: time.Date(2024, 5, 18, 12, 1, 2, 0, time.UTC), Width: 4000, Height: 3000,
			Photo: &photos.Photo{CameraModel: "X100", ISOEquivalent: 400, FocalLength: 23.5},
		},
	}
	aVideo = photos.MediaItem{ID: "AF2", MIMEType: "video/mp4", Filename: strings.Repeat("long ", 10) + ".mp4", MediaMetadata: photos.MediaMetadata{Video: &photos.Video{Status: photos.VideoProcessing}}}
)

// printed is what is printed of some items.
func printed(t *testing.T, o printOptions, items ...photos.MediaItem) string {
	t.Helper()
	var out bytes.Buffer
	p, err := o.printer(terminal{out: &out}, photos.MediaItem{})
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range items {
		if err := p.item(it); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.out.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestItemsArePrintedInTheWayThatIsAskedFor(t *testing.T) {
	for _, tc := range []struct {
		name string
		o    printOptions
		want string
	}{
		{"a row fits a terminal, and nothing in it commands one", printOptions{},
			"2024-05-18 12:01:02  4000x3000    image/jpeg       a rose.jpg                        Ada\\tand\\x1b[31m Grace\n" +
				"-                    -            video/mp4        long long long long long long l…\n"},
		{"a long row has ids and all words", printOptions{long: true},
			"2024-05-18 12:01:02  4000x3000    image/jpeg       AF1  a rose.jpg  Ada\\tand\\x1b[31m Grace\n" +
				"-                    -            video/mp4        AF2  " + aVideo.Filename + "\n"},
		{"JSON has the API's names", printOptions{json: true, null: true},
			`{"message_type":"media_item","id":"AF1","description":"Ada\tand\u001b[31m Grace","productUrl":"https://photos.example/1","baseUrl":"https://lh3.example/1",` +
				`"mimeType":"image/jpeg","mediaMetadata":{"creationTime":"2024-05-18T12:01:02Z","width":"4000","height":"3000","photo":{"cameraModel":"X100",` +
				`"focalLength":23.5,"isoEquivalent":400}},"filename":"a rose.jpg"}` + "\x00" +
				`{"message_type":"media_item","id":"AF2","mimeType":"video/mp4","mediaMetadata":{"video":{"status":"PROCESSING"}},"filename":"` + aVideo.Filename + `"}` + "\x00"},
		{"a template has them too, and what was left out is empty", printOptions{null: true,
			format: `{{.id}}|{{.mediaMetadata.creationTime}}|{{.mediaMetadata.width}}|{{.mediaMetadata.photo.isoEquivalent}}|{{.mediaMetadata.video.status}}|{{.contributorInfo.displayName}}`},
			"AF1|2024-05-18T12:01:02Z|4000|400||\x00AF2||||PROCESSING|\x00"},
		{"a template asks", printOptions{format: `{{if .mediaMetadata.video}}video{{else}}photo{{end}}{{if eq .mimeType "image/jpeg"}} of JPEG{{end}}`},
			"photo of JPEG\nvideo\n"},
	} {
		if diff := cmp.Diff(tc.want, printed(t, tc.o, aPhoto, aVideo)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestATemplateIsTriedBeforeAnyCall(t *testing.T) {
	for text, want := range map[string]string{
		"{{.filname}}":                         `--format:1:2: executing "--format" at <.filname>: map has no entry for key "filname"`,
		"{{.id}}\n  {{.mediaMetadata.videos}}": "--format:2:18: ",
		"{{.mediaMetadata.photo.iso}}":         `"iso"`,
		"{{.id":                                "--format:1: unclosed action",
		"{{nothing .id}}":                      `--format:1: function "nothing" not defined`,
	} {
		_, err := newItemFormat(text, photos.MediaItem{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.HasPrefix(err.Error(), "template") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := newItemFormat("{{.title}} {{.mediaItemsCount}} {{.isWriteable}} {{.shareInfo.sharedAlbumOptions.isCommentable}}", photos.Album{}); err != nil {
		t.Errorf("of an album: %v", err)
	}
}
