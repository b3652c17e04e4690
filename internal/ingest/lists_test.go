package ingest_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload"
)

// real is an ingest of a card in a folder of this machine.
func real(t *testing.T, m *memory, mount string, change func(*ingest.Config)) ingest.Result {
	t.Helper()
	c, err := card.At(offload.OS(), mount)
	if err != nil {
		t.Fatal(err)
	}
	cfg := ingest.Config{Card: c, History: m.history, Maker: ingest.Maker{Host: "here", Tool: "albumwright", Version: "1"}}
	change(&cfg)
	res, err := ingest.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func lay(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// elements are the names of all elements of an XML file, in order, each with its parents.
func elements(t *testing.T, body []byte) (names []string) {
	t.Helper()
	var open []string
	for d := xml.NewDecoder(bytes.NewReader(body)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, body)
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, token.Name.Local)
			names = append(names, token.Name.Space+" "+strings.Join(open, "/"))
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
}

func TestEachIngestAddsAGenerationToTheHashListHistory(t *testing.T) {
	dir, m := t.TempDir(), remember(t)
	mount, dest := filepath.Join(dir, "card"), filepath.Join(dir, "dest")
	lay(t, filepath.Join(mount, "DCIM", "<a & b>.JPG"), "one")
	mhl := func(c *ingest.Config) { c.Dests, c.MHL = []string{dest}, true }
	real(t, m, mount, mhl)
	lay(t, filepath.Join(mount, "DCIM", "2.JPG"), "two")
	real(t, m, mount, mhl)

	lists, err := filepath.Glob(filepath.Join(dest, "ascmhl", "*.mhl"))
	if err != nil || len(lists) != 2 || !strings.HasPrefix(filepath.Base(lists[0]), "0001_dest_") || !strings.HasPrefix(filepath.Base(lists[1]), "0002_dest_") {
		t.Fatalf("lists %v, %v", lists, err)
	}
	body, err := os.ReadFile(lists[1])
	if err != nil {
		t.Fatal(err)
	}
	const ns = "urn:ASC:MHL:v2.0 hashlist"
	want := []string{
		ns, ns + "/creatorinfo", ns + "/creatorinfo/creationdate", ns + "/creatorinfo/hostname", ns + "/creatorinfo/tool", ns + "/creatorinfo/comment",
		ns + "/processinfo", ns + "/processinfo/process", ns + "/processinfo/ignore", ns + "/processinfo/ignore/pattern", ns + "/processinfo/ignore/pattern",
		ns + "/hashes", ns + "/hashes/hash", ns + "/hashes/hash/path", ns + "/hashes/hash/xxh64", ns + "/hashes/hash", ns + "/hashes/hash/path", ns + "/hashes/hash/xxh64",
	}
	if diff := cmp.Diff(want, elements(t, body)); diff != "" {
		t.Error(diff)
	}
	for _, text := range []string{`action="verified"`, `action="original"`, `size="3"`, "_a &amp; b_.JPG", `version="2.0"`} {
		if !strings.Contains(string(body), text) {
			t.Errorf("no %s in\n%s", text, body)
		}
	}
	chain, err := os.ReadFile(filepath.Join(dest, "ascmhl", "ascmhl_chain.xml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range lists {
		body, err := os.ReadFile(list)
		if err != nil || !strings.Contains(string(chain), ingest.C4(body)) || !strings.Contains(string(chain), filepath.Base(list)) {
			t.Errorf("the chain does not hold %s: %v\n%s", list, err, chain)
		}
	}
	elements(t, chain)
}

// The identification of no bytes at all is in the C4 documents.
func TestC4NamesBytesAsOthersDo(t *testing.T) {
	const none = "c459dsjfscH38cYeXXYogktxf4Cd9ibshE3BHUo6a58hBXmRQdZrAkZzsWcbWtDg5oQstpDuni4Hirj75GEmTc1sFT"
	if got := ingest.C4(nil); got != none {
		t.Errorf("C4 of nothing is %s, want %s", got, none)
	}
}

func TestSha256sumReadsTheManifestWhateverTheNames(t *testing.T) {
	tool, err := exec.LookPath("sha256sum")
	if err != nil {
		t.Skip("sha256sum is not installed: the manifest is not compared with it")
	}
	dir := t.TempDir()
	mount, dest := filepath.Join(dir, "card"), filepath.Join(dir, "dest")
	for _, name := range []string{"plain.JPG", "two words.JPG", "back\\slash.JPG", "line\nend.JPG", " space.JPG", "Cafe\u0301.JPG", "\xff.JPG", "*.JPG"} {
		lay(t, filepath.Join(mount, "DCIM", name), name)
	}
	naming, err := ingest.ParseNaming("{date:%Y}/{name}", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	m := remember(t)
	res := real(t, m, mount, func(c *ingest.Config) { c.Dests, c.Manifest, c.Path = []string{dest}, true, naming })
	if !res.Report.Verdict.Safe {
		t.Fatalf("reasons %q", res.Report.Verdict.Reasons)
	}
	lists, _ := filepath.Glob(filepath.Join(dest, "*.sha256"))
	if len(lists) != 1 {
		t.Fatalf("lists %v", lists)
	}
	real(t, m, mount, func(c *ingest.Config) {
		c.Dests, c.Manifest, c.Path, c.Now = []string{dest}, true, naming, func() time.Time { return res.Report.Started }
	})
	if now, _ := filepath.Glob(filepath.Join(dest, "*.sha256")); len(now) != 2 {
		t.Errorf("when the clock was set back, the lists are %v", now)
	}
	cmd := exec.CommandContext(t.Context(), tool, "--check", "--strict", lists[0])
	cmd.Dir = dest
	out, err := cmd.CombinedOutput()
	if n := strings.Count(string(out), ": OK"); err != nil || n != 8 {
		t.Errorf("%d of 8 are OK, %v:\n%s", n, err, out)
	}
}

func TestAReportTakesTheFormOfItsEnding(t *testing.T) {
	dir := t.TempDir()
	mount, dest := filepath.Join(dir, "card"), filepath.Join(dir, "dest")
	lay(t, filepath.Join(mount, "DCIM", "<script>.JPG"), "one")
	lay(t, filepath.Join(mount, "DCIM", ".DS_Store"), "junk")
	res := real(t, remember(t), mount, func(c *ingest.Config) { c.Dests = []string{dest} })
	for ending, want := range map[string]string{"json": `"verdict": "SAFE TO FORMAT: yes"`, "html": "<p>SAFE TO FORMAT: yes</p>", "txt": "\nSAFE TO FORMAT: yes\n"} {
		path := filepath.Join(dir, "report."+ending)
		if err := ingest.Save(path, res); err != nil {
			t.Fatal(err)
		}
		body, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(body), want) || ending == "html" && strings.Contains(string(body), "<script>") {
			t.Errorf("%s: %v, no %q in it, or a script:\n%s", ending, err, want, body)
		}
		if ending == "json" {
			var out struct {
				Files   []ingest.File
				Summary ingest.Report
			}
			if err := json.Unmarshal(body, &out); err != nil || len(out.Files) != 2 || out.Summary.Check() != nil {
				t.Errorf("json: %v, %d files, %v", err, len(out.Files), out.Summary.Check())
			}
		}
	}
	if err := ingest.Save(filepath.Join(dir, "report.pdf"), res); err == nil {
		t.Error("a report of no known form was written")
	}
}

// A card can have a history of hash lists of its own, and files called like a report. Their copies are proved before our own are written.
func TestNothingIsWrittenOverACopy(t *testing.T) {
	dir, m := t.TempDir(), remember(t)
	mount, dest := filepath.Join(dir, "card"), filepath.Join(dir, "dest")
	chain, page := "<ascmhldirectory></ascmhldirectory>", "<html></html>"
	lay(t, filepath.Join(mount, "DCIM", "ascmhl", "ascmhl_chain.xml"), chain)
	lay(t, filepath.Join(mount, "DCIM", "pages", "report.html"), page)
	naming, err := ingest.ParseNaming("{folder}/{name}", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	c, err := card.At(offload.OS(), mount)
	if err != nil {
		t.Fatal(err)
	}
	res, err := ingest.Run(t.Context(), ingest.Config{Card: c, History: m.history, Dests: []string{dest}, Path: naming, MHL: true})
	if err == nil || !strings.Contains(err.Error(), "nothing is written over it") {
		t.Errorf("the list of hashes: %v", err)
	}
	if err := ingest.Save(filepath.Join(dest, "pages", "report.html"), res); err == nil {
		t.Error("the report was written")
	}
	for name, want := range map[string]string{"ascmhl/ascmhl_chain.xml": chain, "pages/report.html": page} {
		if got, err := os.ReadFile(filepath.Join(dest, filepath.FromSlash(name))); err != nil || string(got) != want {
			t.Errorf("%s: %v, %s", name, err, got)
		}
	}
}
