package main

import (
	"bytes"
	"hash/crc32"
	"io"
	"strings"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/tape"
)

// maxMadeUp bounds the files that are made up: they are held in memory.
const maxMadeUp = 64 << 20

// madeUpMedia is a file of the same type and size as one of which a recording knows only that.
func madeUpMedia(m tape.Media) (file io.ReaderAt, ok bool) {
	kind, _, _ := strings.Cut(m.ContentType, ";")
	maker, known := mediaMakers[kind]
	if !known && m.ContentType != "" {
		return nil, false
	}
	if !known {
		maker = fixture.JPEG
	}
	spec := fixture.Spec{Width: 16, Height: 16, Seed: int(crc32.ChecksumIEEE([]byte(m.Seed)))}
	smallest := maker(spec)
	// Between the smallest file and this, some formats have no room for padding of just that length.
	if m.Size > maxMadeUp || m.Size < int64(len(smallest))+64 {
		return nil, false
	}
	spec.PadTo = m.Size
	return bytes.NewReader(maker(spec)), true
}

// mediaMakers make a file of each type. Read only.
var mediaMakers = map[string]func(fixture.Spec) []byte{
	"image/jpeg": fixture.JPEG, "image/png": fixture.PNG, "image/gif": fixture.GIF, "image/heic": fixture.HEIC, "image/heif": fixture.HEIC,
	"image/tiff": fixture.TIFF, "image/webp": fixture.WebP, "image/bmp": fixture.BMP, "image/avif": fixture.AVIF, "video/mp4": fixture.MP4,
	"video/quicktime": fixture.MOV, "video/x-matroska": fixture.MKV, "application/octet-stream": fixture.JPEG,
}
