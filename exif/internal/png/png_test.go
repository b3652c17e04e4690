package png_test

import (
	"strings"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

func TestThePicturesSizeIsRead(t *testing.T) {
	want := claim.Set{Sizes: claimtest.Size(320, 240)}
	apple := strings.Replace(pngOf(data(100)), signature, signature+chunkOf("CgBI", "1234"), 1)
	for name, file := range map[string]string{"plain": pngOf(data(100)), "of an iPhone's program": apple} {
		if diff := cmp.Diff(want, mustRead(t, name, file)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAnEXIFBlockIsReadInAllItsForms(t *testing.T) {
	spec := taken()
	block := string(fixture.EXIF(spec))
	spec.BigEndian = true
	big := string(fixture.EXIF(spec))
	for name, c := range map[string]string{
		"little-endian":      chunkOf("eXIf", block),
		"big-endian":         chunkOf("eXIf", big),
		"old name":           chunkOf("exIf", block),
		"with JPEG's prefix": chunkOf("eXIf", "Exif\x00\x00"+block),
		"packed":             chunkOf("zxIf", "\x00\x00\x00\x00\x99"+packed(block)),
	} {
		isTaken(t, name, mustRead(t, name, pngOf(c, data(100))))
		isTaken(t, name+", behind the picture", mustRead(t, name, pngOf(data(100), c)))
	}
}

func TestXMPIsReadInAllItsForms(t *testing.T) {
	const key = "XML:com.adobe.xmp"
	packet := string(fixture.XMP(taken()))
	for name, c := range map[string]string{
		"international":                   unicode(key, packet),
		"international, packed, labelled": zippedUnicode(key, packet),
		"text":                            latin(key, packet),
		"packed text":                     zipped(key, packet),
		"ImageMagick's":                   zipped(hexXMP, profile("xmp", packet)),
		"ImageMagick's, not packed":       latin(hexXMP, profile("xmp", packet)),
		"a segment of a JPEG":             zipped("Raw profile type APP1", profile("generic profile", "http://ns.adobe.com/xap/1.0/\x00"+packet)),
		"long":                            unicode(key, packet+strings.Repeat(" ", 1<<20)),
	} {
		isTaken(t, name, mustRead(t, name, pngOf(c, data(100))))
		isTaken(t, name+", behind the picture", mustRead(t, name, pngOf(data(100), c)))
	}
}

func TestRawProfilesAreReadWhateverTheirName(t *testing.T) {
	block, spec := string(fixture.EXIF(taken())), taken()
	datasets, resources := string(fixture.IPTC(spec)), string(fixture.Photoshop(spec))
	for name, text := range map[string]string{
		"exif":                profile("exif", "Exif\x00\x00"+block),
		"exif, bare":          profile("exif", block),
		"APP1":                profile("generic profile", "Exif\x00\x00"+block),
		"app1":                profile("app1", "Exif\x00\x00"+block),
		"exif, odd name":      strings.Replace(profile("x", "Exif\x00\x00"+block), "x", "\xaa\x01{generic prof", 1),
		"exif, in upper case": strings.ToUpper(profile("EXIF", "Exif\x00\x00"+block)),
		"exif, one line":      "\nexif\n  1\n" + strings.ReplaceAll(strings.SplitN(profile("exif", block), "\n", 4)[3], "\n", ""),
		"exif, stray end":     profile("exif", block) + "\x00!",
		"iptc":                profile("iptc", resources),
		"iptc, bare":          profile("iptc", datasets),
		"8bim":                profile("8bim", resources),
	} {
		key, _, _ := strings.Cut(name, ",")
		isTaken(t, name, mustRead(t, name, pngOf(zipped("Raw profile type "+key, text), data(100))))
	}
}

func TestADescriptionIsReadInItsEncoding(t *testing.T) {
	want := claimtest.Texts(claim.PNGText, "früh am Hafen")
	for name, c := range map[string]string{
		"Latin-1":              latin("Description", "fr\xfch am Hafen"),
		"Latin-1, packed":      zipped("Description", "fr\xfch am Hafen"),
		"UTF-8":                unicode("Description", "früh am Hafen"),
		"UTF-8, packed":        zippedUnicode("Description", "früh am Hafen"),
		"UTF-8 where it isn't": latin("Description", "früh am Hafen"),
		"small letter":         latin("description", "  früh am Hafen\n"),
	} {
		if diff := cmp.Diff(want, mustRead(t, name, pngOf(c, data(10))).Words); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestOtherTextsTellNoFacts(t *testing.T) {
	said := mustRead(t, "texts", pngOf(
		latin("Title", "words"), latin("Comment", "Created with GIMP"), latin("Creation Time", "Sat, 18 May 2024 14:30:05 +0000"),
		latin("date:create", "2024-05-18T14:30:05+00:00"), latin("Software", "a program"), zipped("Raw profile type icc", "not hexadecimal"),
		latin(strings.Repeat("long", 30), "words"), latin("", "words"), chunkOf("tEXt", ""), chunkOf("tIME", "\x07\xe8\x05\x12\x0e\x1e\x05"), data(10)))
	said.Sizes = nil
	if diff := cmp.Diff(claim.Set{}, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAScreenshotOfGNOMEIsKnownByItsProgram(t *testing.T) {
	if !mustRead(t, "GNOME", pngOf(latin("Software", "gnome-screenshot"), data(10))).Screenshot {
		t.Error("not taken for a screenshot")
	}
	if mustRead(t, "other", pngOf(latin("Software", "www.inkscape.org"), data(10))).Screenshot {
		t.Error("a drawing is taken for a screenshot")
	}
}

func TestADamagedFileSaysWhatIsWrongAndTellsTheRest(t *testing.T) {
	exif := chunkOf("eXIf", string(fixture.EXIF(taken())))
	whole := pngOf(exif, data(5000))
	long := "Description\x00\x01\x00" + strings.Repeat("l", 600) + "\x00\x00words"
	tests := map[string]struct{ file, says string }{
		"cut in its picture":         {whole[:len(whole)-1000], `"IDAT" is cut short`},
		"cut behind its picture":     {whole[:len(whole)-12], "ends in front of the chunk"},
		"impossible size":            {pngOf(exif, "\xff\xff\xff\xffIDAT"), "impossible size"},
		"header too short":           {signature + chunkOf("IHDR", "1234567") + exif + chunkOf("IEND", ""), "IHDR chunk is cut"},
		"EXIF without header":        {pngOf(chunkOf("eXIf", "nothing"), exif), "without a TIFF header"},
		"empty EXIF":                 {pngOf(chunkOf("eXIf", ""), exif), "without a TIFF header"},
		"no deflated data":           {pngOf(chunkOf("zTXt", "Description\x00\x00words"), exif), "packed text is damaged"},
		"deflated data cut":          {pngOf(chunkOf("zTXt", "Description\x00\x00"+packed(strings.Repeat("words", 9))[:12]), exif), "packed text is damaged"},
		"deflated data changed":      {pngOf(chunkOf("zTXt", "Description\x00\x00"+packed("words")[:11]+"...."), exif), "packed text is damaged"},
		"text without method":        {pngOf(chunkOf("zTXt", "Description\x00"), exif), "is cut short"},
		"text without flags":         {pngOf(chunkOf("iTXt", "Description\x00"), exif), "is cut short"},
		"text without language":      {pngOf(chunkOf("iTXt", "Description\x00\x00\x00de"), exif), "is cut short"},
		"text with an endless label": {pngOf(chunkOf("iTXt", long), exif), "is cut short"},
		"profile that is none":       {pngOf(zipped(hexXMP, "nothing"), exif), "raw profile"},
		"profile without size":       {pngOf(zipped(hexXMP, "\nxmp\n"), exif), "raw profile"},
	}
	for name, tt := range tests {
		a := read(tt.file)
		if !strings.Contains(a.Complaint, tt.says) || a.Complaint == "" {
			t.Errorf("%s: complaint %q, want %q", name, a.Complaint, tt.says)
		}
		isTaken(t, name, a.Set)
	}
}

func TestWhatGrowsWithoutEndIsLeftOut(t *testing.T) {
	exif, zeros := chunkOf("eXIf", string(fixture.EXIF(taken()))), strings.Repeat("0", 8<<20)
	tests := map[string][]string{
		"description":           {zipped("Description", zeros)},
		"description, unpacked": {latin("Description", zeros[:100_000])},
		"profile":               {zipped("Raw profile type exif", "\nexif\n1\n"+zeros)},
		"profile, unpacked":     {latin("Raw profile type exif", "\nexif\n1\n"+zeros[:2<<20])},
		"packet":                {zipped("XML:com.adobe.xmp", zeros)},
		"a hundred of them":     {strings.Repeat(zipped("XML:com.adobe.xmp", zeros[:1<<20]), 100)},
	}
	for name, chunks := range tests {
		a := read(pngOf(append([]string{exif}, chunks...)...))
		isTaken(t, name, a.Set)
		if a.Complaint != "" || a.Bytes > 1<<20 {
			t.Errorf("%s: complaint %q, %d bytes read", name, a.Complaint, a.Bytes)
		}
	}
}

func TestOfALargePictureOnlyAFewHeadsAreRead(t *testing.T) {
	behind := chunkOf("eXIf", string(fixture.EXIF(taken())))
	for name, picture := range map[string]string{
		"one chunk":                   data(5 << 20),
		"of 8 KiB":                    strings.Repeat(data(8192), 2000) + data(77),
		"of 8 KiB, the last is equal": strings.Repeat(data(8192), 1999),
		"of two sizes":                strings.Repeat(data(32768), 100) + strings.Repeat(data(1000), 77),
		"of one byte":                 strings.Repeat(data(1), 100_000),
		"of none":                     strings.Repeat(data(0), 100_000),
	} {
		a := read(pngOf(picture, behind))
		isTaken(t, name, a.Set)
		if a.Complaint != "" || a.Bytes > 2<<10 || a.Calls > 50 {
			t.Errorf("%s: %q, %d bytes in %d reads, want at most 2 KiB in 50", name, a.Complaint, a.Bytes, a.Calls)
		}
	}
}

func TestAFileOfNothingButChunksEnds(t *testing.T) {
	a := read(pngOf(strings.Repeat(chunkOf("fcTL", "x")+data(1), 50_000)))
	if len(a.Sizes) != 1 || a.Bytes > 256<<10 {
		t.Errorf("sizes %v, %d bytes read, want at most 256 KiB", a.Sizes, a.Bytes)
	}
}
