package mpeg_test

import (
	"bytes"
	"testing"

	"github.com/albumwright/albumwright/internal/fixture"
)

func TestTheSizeInAProgramStreamIsRead(t *testing.T) {
	var (
		want     = [2]int{720, 576}
		sequence = unit(0xb3, 0x2d, 0x02, 0x40, 0x33)
		pack     = unhex(t, "000001ba 44000400 0401 0189c3 f8")
		stuffed  = append(unhex(t, "000001ba 44000400 0401 0189c3 fb"), 0xff, 0xff, 0xff)
		oldPack  = unhex(t, "000001ba 21000100 01 801b91")
		system   = unhex(t, "000001bb 0009 80c4e1 00e17f e0e0e8")
		sound    = join(unhex(t, "000001c0 03e8"), bytes.Repeat([]byte{0, 0, 1, 0xe0}, 250))
		end      = unit(0xb9)
	)
	packet := func(id byte, head string, body []byte) []byte {
		content := join(unhex(t, head), body)
		return join(unit(id), []byte{byte(len(content) >> 8), byte(len(content))}, content)
	}
	tests := map[string]struct {
		file []byte
		want [2]int
	}{
		"plain":                {join(pack, packet(0xe0, "800000", sequence)), want},
		"behind system":        {join(pack, system, packet(0xe0, "800000", sequence)), want},
		"with stuffing":        {join(stuffed, packet(0xe0, "800000", sequence)), want},
		"with a time":          {join(pack, packet(0xe0, "808005 2100059f21", sequence)), want},
		"of another number":    {join(pack, packet(0xe7, "800000", sequence)), want},
		"behind sound":         {join(pack, sound, packet(0xe0, "800000", sequence)), want},
		"in two packets":       {join(pack, packet(0xe0, "800000", sequence[:5]), pack, packet(0xe0, "800000", sequence[5:])), want},
		"of MPEG-1":            {join(oldPack, packet(0xe0, "0f", sequence)), want},
		"of MPEG-1, stuffed":   {join(oldPack, packet(0xe0, "ffffff 0f", sequence)), want},
		"of MPEG-1, buffer":    {join(oldPack, packet(0xe0, "602e 2100012345", sequence)), want},
		"of MPEG-1, two times": {join(oldPack, packet(0xe0, "3100012345 1100012345", sequence)), want},
		"in H.264":             {join(pack, packet(0xe0, "800000", picture(t))), [2]int{1920, 1080}},
		"behind the end":       {join(pack, end, packet(0xe0, "800000", sequence)), [2]int{}},
		"no video":             {join(pack, sound), [2]int{}},
		"an empty packet":      {join(pack, packet(0xe0, "", nil), packet(0xe0, "800000", sequence)), want},
		"a head past its end":  {join(pack, packet(0xe0, "8000ff", nil), packet(0xe0, "800000", sequence)), want},
		"a video by itself":    {sequence, want},
		"behind a picture":     {join(unit(0xb3, 0, 0, 0), unit(0, 1), sequence, unit(0xb8)), want},
	}
	for name, tt := range tests {
		a := read(tt.file)
		if got := size(a); got != tt.want || a.Complaint != "" {
			t.Errorf("%s: %v, complaint %q, want %v", name, got, a.Complaint, tt.want)
		}
	}
	a := read(join(pack, system, []byte("stray"), packet(0xe0, "800000", sequence)))
	if size(a) != want || a.Complaint == "" {
		t.Errorf("stray bytes: %v, complaint %q", size(a), a.Complaint)
	}
}

func TestAProgramStreamCostsAKilobyte(t *testing.T) {
	a := read(fixture.MPG(fixture.Spec{Width: 720, Height: 576, PadTo: 5 << 20}))
	if size(a) != [2]int{720, 576} || a.Bytes > 1<<10 {
		t.Errorf("size %v after %d bytes", size(a), a.Bytes)
	}
}

func TestAProgramStreamWithoutVideoIsGivenUp(t *testing.T) {
	pack := unhex(t, "000001ba 44000400 0401 0189c3 f8")
	for name, filler := range map[string][]byte{
		"small packets": bytes.Repeat(unhex(t, "000001c0 0001 ff"), 1<<20),
		"large packets": bytes.Repeat(join(unhex(t, "000001c0 fff0"), make([]byte, 0xfff0)), 100),
		"zeros":         make([]byte, 5<<20),
		"start codes":   bytes.Repeat(unit(0x01), 1<<20),
	} {
		if a := read(join(pack, filler)); size(a) != [2]int{} || a.Bytes > 1<<20 {
			t.Errorf("%s: size %v after %d bytes", name, size(a), a.Bytes)
		}
	}
}
