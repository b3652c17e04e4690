package xmp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/xmp"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

// readSoundly reads anything and checks what holds for any input.
func readSoundly(t *testing.T, packet []byte) {
	t.Helper()
	claimtest.CheckClaims(t, string(packet), claimtest.Parse(xmp.Read, packet).Set)
}

func full() []byte {
	return fixture.XMP(fixture.Spec{
		Captured: wall(14, 30, 5), SubSec: "25", Offset: "+02:00", Digitized: wall(14, 30, 6),
		Make: "Aldermere", Model: "Field 40", Serial: "A40-000123", Orientation: 6, Rating: 3, Burst: "b-17",
		Lat: fixture.Degrees(60.391262), Lon: fixture.Degrees(5.322054), Description: "words", UserComment: "Fähre",
		Motion: make([]byte, 400),
	})
}

func TestDamagedPacketsAreReadWithoutHarm(t *testing.T) {
	for _, packet := range claimtest.Damaged(full(), 5000) {
		readSoundly(t, packet)
	}
}

func TestAPacketThatEndsTooEarlyGivesWhatItHasAndAComplaint(t *testing.T) {
	packet := with(`tiff:Make="Aldermere"`, `<dc:description>words</dc:description>`)
	a := claimtest.Parse(xmp.Read, []byte(packet[:strings.Index(packet, "words")]))
	if len(a.Makes) != 1 || a.Complaint == "" {
		t.Errorf("makes %v, complaint %q", a.Makes, a.Complaint)
	}
}

func TestWhatIsNoPacketSaysNothing(t *testing.T) {
	for _, packet := range []string{"", "x", "<", "</", "<x", "<!", "<?", "<![CDATA[", "</a></b>", "<x:xmpmeta/>", "<a b='", "\x00", "\xff\xfe", "{}"} {
		if diff := cmp.Diff(claim.Set{}, read(t, packet)); diff != "" {
			t.Errorf("%q: (-want +got):\n%s", packet, diff)
		}
	}
}

// hostile are packets that aim at one bound each, as long as a packet may be.
func hostile() map[string]string {
	head := strings.TrimSuffix(with("", ""), "</rdf:Description></rdf:RDF></x:xmpmeta>")
	node := strings.TrimSuffix(head, ">")
	var prefixes strings.Builder
	for i := range 200 {
		prefixes.WriteString(` xmlns:p` + strings.Repeat("q", i) + `="http://purl.org/dc/elements/1.1/"`)
	}
	fill := func(front, piece string) string {
		return front + strings.Repeat(piece, (file.MaxLong-len(front))/len(piece))
	}
	return map[string]string{
		"elements":               fill(head, "<a/>"),
		"elements inside others": fill(head, "<a>"),
		"wanted elements":        fill(head, "<dc:description/>"),
		"attributes":             fill(node, " a=''"),
		"wanted attributes":      fill(node, " tiff:Make=''"),
		"declarations":           fill(node, " xmlns:a=''"),
		"many prefixes":          fill(node+prefixes.String()+">", "<z:a/>"),
		"languages":              fill(head+"<dc:description>", "<rdf:li xml:lang='de'>x</rdf:li>"),
		"empty languages":        fill(head+"<dc:description>", "<rdf:li xml:lang='x-default'> </rdf:li>"),
		"blanks of windows-1252": fill(head, "<dc:description>"+strings.Repeat("\xa0", 60_000)+"</dc:description>"),
		"one text":               fill(head+"<dc:description>", "x"),
		"ampersands":             fill(head+"<dc:description>", "&"),
		"items":                  fill(head+"<Container:Directory>", "<rdf:li Item:Length='5'/>"),
		"quotes without end":     fill(head, "<a '"),
		"strokes":                fill("", "<"),
		"instructions":           fill("", "<?"),
		"comments":               fill("", "<!--"),
		"document types":         fill("", "<!"),
		"UTF-16":                 fill("\xfe\xff\x00<\x00a\x00>"+strings.Repeat("\x00 ", 500), "\x08\x00"),
		"zeros":                  fill("", "\x00"),
	}
}

func TestHostilePacketsCostLittle(t *testing.T) {
	const maxAlloc, patience = 16 << 20, time.Minute // a quarter of a second on an idle machine
	for name, packet := range hostile() {
		b := []byte(packet)
		start := time.Now()
		if used := claimtest.Allocated(func() { claimtest.Parse(xmp.Read, b) }); used > maxAlloc {
			t.Errorf("%s: %d bytes allocated, want at most %d", name, used, maxAlloc)
		}
		if took := time.Since(start); took > patience {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

func TestEntitiesThatAPacketDeclaresStayAsTheyAre(t *testing.T) {
	bomb := `<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
		<!ENTITY f SYSTEM "file:///etc/passwd">]>` + with("", `<dc:description>&c; &f;</dc:description>`)
	got := read(t, bomb)
	if len(got.Words) != 1 || got.Words[0].Value != "&c; &f;" {
		t.Errorf("words %q", got.Words)
	}
}

func BenchmarkReadOfALargePacket(b *testing.B) {
	const step = "<rdf:li>xmp.did:0123456789ABCDEF0123456789ABCDEF</rdf:li>\n"
	packet := []byte(with("", `<photoshop:DocumentAncestors><rdf:Bag>`+strings.Repeat(step, (4<<20)/len(step))+
		`</rdf:Bag></photoshop:DocumentAncestors><dc:description>words</dc:description>`))
	b.SetBytes(int64(len(packet)))
	b.ReportAllocs()
	for b.Loop() {
		var said claim.Set
		var bad file.Complaints
		if xmp.Read(packet, &said, &bad); len(said.Words) != 1 {
			b.Fatal("the words behind the list are lost")
		}
	}
}

// FuzzRead looks for packets that make Read panic or tell texts that are not clean.
func FuzzRead(f *testing.F) {
	f.Add(full())
	f.Add([]byte(with(`tiff:Make='A&#66;' GCamera:MicroVideo="1" GCamera:MicroVideoOffset="7"`, `<dc:description><![CDATA[x]]></dc:description>`)))
	f.Add([]byte("\xfe\xff\x00<\x00a\x00 \x00b\x00=\x00'\x00'\x00>"))
	f.Fuzz(func(t *testing.T, packet []byte) { readSoundly(t, packet) })
}
