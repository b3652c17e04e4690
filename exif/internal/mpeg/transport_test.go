package mpeg_test

import (
	"bytes"
	"testing"
)

// picture is the start of a video stream of 1920 x 1080.
func picture(t *testing.T) []byte {
	t.Helper()
	return join(unit(0x09, 0x10), unit(unhex(t, parameters()[0].unit)...), unit(0x65, 0x88))
}

func TestTheVideoIsFoundByTheTables(t *testing.T) {
	const pid = 0x1011
	video := stream(pid, picture(t))
	other := stream(0x200, join(unit(0x09, 0x10), unit(unhex(t, parameters()[4].unit)...)))
	list := func(body ...byte) []byte { return join(table(0, 0, []byte{0, 1, 0xe1, 0}), table(0x100, 2, body)) }
	damaged := func(at int, by byte) []byte {
		b := bytes.Clone(other)
		b[at] |= by
		return b
	}
	tests := map[string]struct {
		file []byte
		want [2]int
	}{
		"plain":                    {join(tables(0x1b, pid), video), [2]int{1920, 1080}},
		"behind another network":   {join(table(0, 0, []byte{0, 0, 0xe0, 0x10, 0, 1, 0xe1, 0}), tables(0x1b, pid)[188:], video), [2]int{1920, 1080}},
		"behind sound":             {join(list(0xe1, 1, 0xf0, 0, 0x81, 0xf1, 0, 0xf0, 2, 9, 9, 0x1b, 0xf0, 0x11, 0xf0, 0), video), [2]int{1920, 1080}},
		"behind descriptors":       {join(list(0xe1, 1, 0xf0, 6, 5, 4, 'H', 'D', 'M', 'V', 0x1b, 0xf0, 0x11, 0xf0, 0), video), [2]int{1920, 1080}},
		"before the tables":        {join(video, tables(0x1b, pid), video), [2]int{1920, 1080}},
		"in another stream":        {join(tables(0x1b, pid), other, video), [2]int{1920, 1080}},
		"scrambled":                {join(tables(0x1b, 0x200), damaged(3, 0x80)), [2]int{}},
		"with an error":            {join(tables(0x1b, 0x200), damaged(1, 0x80)), [2]int{}},
		"adaptation past the end":  {join(tables(0x1b, 0x200), damaged(4, 0xff)), [2]int{}},
		"of a coding not known":    {join(tables(0x24, pid), video), [2]int{}},
		"no video":                 {join(list(0xe1, 1, 0xf0, 0, 0x81, 0xf1, 0, 0xf0, 0), video), [2]int{}},
		"descriptors past the end": {join(list(0xe1, 1, 0xff, 0xff, 0x1b, 0xf0, 0x11, 0xf0, 0), video), [2]int{}},
		"an empty list":            {join(list(), video), [2]int{}},
		"MPEG-2":                   {join(tables(0x02, pid), stream(pid, unit(0xb3, 0x2d, 0x02, 0x40, 0x33, 0, 0, 1, 0xb5))), [2]int{720, 576}},
		"MPEG-1":                   {join(tables(0x01, pid), stream(pid, unit(0xb3, 0x16, 0x01, 0x20, 0x33, 0, 0, 1, 0xb8))), [2]int{352, 288}},
		"cut to two numbers":       {join(tables(0x01, pid), stream(pid, unit(0xb3, 0x16))), [2]int{}},
	}
	for name, tt := range tests {
		a := read(tt.file)
		if got := size(a); got != tt.want || a.Complaint != "" {
			t.Errorf("%s: %v, complaint %q, want %v", name, got, a.Complaint, tt.want)
		}
	}
}

func TestLostBytesAreDamageAndNotTheEnd(t *testing.T) {
	const pid = 0x1011
	for _, lost := range []int{1, 3, 100, 187} {
		head := tables(0x1b, pid)
		empty := packet(0x1fff, false, nil)
		file := join(head, empty, bytes.Repeat([]byte{0xff}, 188-lost), stream(pid, picture(t)), empty, empty)
		a := read(file)
		if size(a) != [2]int{1920, 1080} || a.Complaint == "" {
			t.Errorf("%d bytes lost: size %v, complaint %q", lost, size(a), a.Complaint)
		}
	}
	file := join(tables(0x1b, pid), bytes.Repeat([]byte{0xff}, 1<<20), stream(pid, picture(t)))
	if a := read(file); a.Complaint == "" || a.Bytes > 100_000 {
		t.Errorf("complaint %q after %d bytes, want damage before 100,000", a.Complaint, a.Bytes)
	}
}

func TestAFileOfManyGapsIsGivenUp(t *testing.T) {
	gap := bytes.Repeat([]byte{0xff}, 1000)
	gaps := bytes.Repeat(join(packet(0x1fff, false, nil), packet(0x1fff, false, nil), gap), 2000)
	if a := read(join(tables(0x1b, 0x1011), gaps)); a.Complaint == "" || a.Bytes > 200<<10 {
		t.Errorf("complaint %q after %d bytes", a.Complaint, a.Bytes)
	}
}

func TestTheSearchForAVideoEnds(t *testing.T) {
	const pid = 0x1011
	filler := bytes.Repeat(packet(pid, false, make([]byte, 100)), 40<<10)
	a := read(join(tables(0x1b, pid), stream(pid, unit(0x09, 0x10)), filler, stream(pid, picture(t))))
	if size(a) != [2]int{} || a.Bytes > 3<<20+8<<10 {
		t.Errorf("size %v after %d bytes", size(a), a.Bytes)
	}
}
