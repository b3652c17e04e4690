package mpeg_test

import (
	"testing"
)

// parameters are sequence parameter sets as encoders write them, with what they
// stand for.
func parameters() []struct {
	name, unit string
	want       [2]int
} {
	return []struct {
		name, unit string
		want       [2]int
	}{
		{"baseline, cropped below", "67 42c028d900780227e5c044000003000400000300c83c60c920", [2]int{1920, 1080}},
		{"high, in fields", "67 640028acd94078044fde0220000003002000000643e2c5b2c0", [2]int{1920, 1080}},
		{"main, in fields", "67 4d4028eca02d0227ef011000000300100000030321f162d960", [2]int{1440, 1080}},
		{"high, other lists", "67 640028acd940780227e5c044000003000400000300c83c60c658", [2]int{1920, 1080}},
		{"colours at full height", "67 7a001fbcd940b812f888fc0440000003004000000c83c60c6580", [2]int{722, 578}},
		{"colours at full size", "67 f4001e919b2816824d80880000030008000003019078b16cb0", [2]int{720, 576}},
		{"no colours", "67 64001ff36502e04be3e3f016c80000030008000003019078c18cb0", [2]int{722, 578}},
		{"ten bits", "67 6e001ea6cd940b4126c044000003000400000300c83c58b658", [2]int{720, 576}},
	}
}

func TestTheSizeOfH264IsReadAsEncodersWriteIt(t *testing.T) {
	for _, tt := range parameters() {
		file := join(tables(0x1b, 0x1011), stream(0x1011, join(unit(0x09, 0x10), unit(unhex(t, tt.unit)...), unit(0x65, 0x88))))
		if got := size(read(file)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// handmade writes numbers as H.264 has them, into a string of digits.
type handmade struct{ digits []byte }

func (h *handmade) bits(n, v int) *handmade {
	for i := n - 1; i >= 0; i-- {
		h.digits = append(h.digits, byte(v>>i&1))
	}
	return h
}

func (h *handmade) golomb(vs ...int) *handmade {
	for _, v := range vs {
		n := 0
		for (v+1)>>(n+1) != 0 {
			n++
		}
		h.bits(n, 0).bits(n+1, v+1)
	}
	return h
}

func (h *handmade) bytes() []byte {
	digits := append(h.digits, 1)
	out := make([]byte, (len(digits)+7)/8)
	for i, d := range digits {
		out[i/8] |= d << (7 - i%8)
	}
	return out
}

// begin is the start of a parameter set of a profile up to the frame number.
func begin(profile int) *handmade {
	return new(handmade).bits(8, 0x67).bits(8, profile).bits(16, 40).golomb(0)
}

func TestRareParametersOfH264ArePassedOver(t *testing.T) {
	const high444 = 244
	lists := begin(100).golomb(1, 0, 0).bits(2, 1) // 4:2:0, eight bits, and lists:
	lists.bits(1, 1).golomb(16)                    // the first goes from 8 to 0 at once
	lists.bits(1, 1)                               // the second is written in full: 8, then all the same
	for range 16 {
		lists.golomb(0)
	}
	lists.bits(6, 0)
	cycle := begin(77).golomb(0, 1).bits(1, 0).golomb(3, 4, 3, 9, 8, 7)
	planes := begin(high444).golomb(3).bits(1, 1).golomb(0, 0).bits(2, 0)
	tests := map[string]struct {
		unit *handmade
		want [2]int
	}{
		"lists":                 {lists.golomb(0, 2, 1).bits(1, 0).golomb(19, 14).bits(1, 1).bits(3, 0), [2]int{320, 240}},
		"order in a cycle":      {cycle.golomb(1).bits(1, 0).golomb(19, 14).bits(1, 1).bits(3, 0), [2]int{320, 240}},
		"planes apart, cropped": {planes.golomb(0, 2, 1).bits(1, 0).golomb(19, 14).bits(3, 0b111).golomb(1, 2, 3, 4).bits(1, 0), [2]int{317, 233}},
		"in fields, cropped":    {begin(77).golomb(0, 2, 1).bits(1, 0).golomb(19, 14).bits(4, 0b0011).golomb(0, 0, 0, 1).bits(1, 0), [2]int{320, 476}},
		"cropped to nothing":    {begin(77).golomb(0, 2, 1).bits(1, 0).golomb(0, 0).bits(3, 0b111).golomb(0, 8, 0, 0).bits(1, 0), [2]int{}},
		"too large":             {begin(77).golomb(0, 2, 1).bits(1, 0).golomb(1<<30, 14).bits(3, 0b110), [2]int{}},
		"cut":                   {begin(77).golomb(0, 2, 1).bits(1, 0).golomb(19).bits(20, 0), [2]int{}},
		"nothing":               {new(handmade).bits(8, 0x67), [2]int{}},
		"zeros":                 {new(handmade).bits(8, 0x67).bits(32, 77<<24).bits(100, 0), [2]int{}},
	}
	for name, tt := range tests {
		file := join(tables(0x1b, 0x1011), stream(0x1011, join(unit(tt.unit.bytes()...), unit(0x65, 0x88))))
		if got := size(read(file)); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestASecondParameterSetServesIfTheFirstIsBroken(t *testing.T) {
	whole := unhex(t, parameters()[0].unit)
	file := join(tables(0x1b, 0x1011), stream(0x1011, join(unit(whole[:6]...), unit(whole...), unit(0x65, 0x88))))
	if got := size(read(file)); got != [2]int{1920, 1080} {
		t.Errorf("size %v", got)
	}
}

func TestASizeAcrossPacketsIsRead(t *testing.T) {
	whole := unit(unhex(t, parameters()[1].unit)...)
	for lead := 140; lead < 200; lead++ {
		video := join(unit(0x09, 0x10), make([]byte, lead), whole, unit(0x65, 0x88))
		if got := size(read(join(tables(0x1b, 0x1011), stream(0x1011, video)))); got != [2]int{1920, 1080} {
			t.Fatalf("behind %d zeros: size %v", lead, got)
		}
	}
}
