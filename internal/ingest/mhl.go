package ingest

import (
	"bytes"
	"crypto/sha512"
	"encoding/xml"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/albumwright/albumwright/internal/replace"
)

// The names of ASC MHL: https://github.com/ascmitc/mhl, folder xsd.
const (
	mhlFolder    = "ascmhl"
	mhlChain     = "ascmhl_chain.xml"
	mhlNamespace = "urn:ASC:MHL:v2.0"
	mhlDirectory = "urn:ASC:MHL:DIRECTORY:v2.0"
)

// The parts of a hash list, in the order of the schema.
type (
	mhlList struct {
		XMLName xml.Name   `xml:"hashlist"`
		Space   string     `xml:"xmlns,attr"`
		Version string     `xml:"version,attr"`
		Creator mhlCreator `xml:"creatorinfo"`
		Process mhlProcess `xml:"processinfo"`
		Hashes  []mhlHash  `xml:"hashes>hash"`
	}
	mhlCreator struct {
		Created string  `xml:"creationdate"`
		Host    string  `xml:"hostname"`
		Tool    mhlTool `xml:"tool"`
		Comment string  `xml:"comment,omitempty"`
	}
	mhlTool struct {
		Version string `xml:"version,attr,omitempty"`
		Name    string `xml:",chardata"`
	}
	mhlProcess struct {
		Process string   `xml:"process"`
		Ignore  []string `xml:"ignore>pattern"`
	}
	mhlHash struct {
		Path  mhlPath `xml:"path"`
		XXH64 mhlSum  `xml:"xxh64"`
	}
	mhlPath struct {
		Size     int64  `xml:"size,attr"`
		Modified string `xml:"lastmodificationdate,attr"`
		Path     string `xml:",chardata"`
	}
	mhlSum struct {
		Action string `xml:"action,attr"` // original: its first hash here; verified: it was the same again
		Date   string `xml:"hashdate,attr"`
		Sum    string `xml:",chardata"`
	}
)

// The chain file names each generation with its own hash, so that none can be exchanged in silence.
type (
	mhlChainFile struct {
		XMLName xml.Name  `xml:"ascmhldirectory"`
		Space   string    `xml:"xmlns,attr"`
		Lists   []mhlLink `xml:"hashlist"`
	}
	mhlLink struct {
		Number int    `xml:"sequencenr,attr"`
		Path   string `xml:"path"`
		C4     string `xml:"c4"`
	}
)

// Maker is who made a hash list.
type Maker struct {
	Host, Tool, Version string
}

// writeMHL adds a generation to the ASC MHL history of a destination: the xxh64 of all copies there that this ingest proved. Nothing that stands there is changed, but
// for the chain file, which gets one more link. It does nothing where no copy was proved.
func writeMHL(dir string, rep Report, rows []File, by Maker) (string, error) {
	folder := filepath.Join(dir, mhlFolder)
	before, err := readHistory(folder)
	if err != nil {
		return "", err
	}
	list := mhlOf(dir, rep, rows, before)
	if len(list.Hashes) == 0 {
		return "", nil
	}
	list.Creator.Host, list.Creator.Tool = by.Host, mhlTool{by.Version, by.Tool}
	if err := spare(filepath.Join(folder, mhlChain), rows); err != nil { // as of a card that has a history of its own
		return "", err
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return "", err
	}
	body, err := mhlBytes(list)
	if err != nil {
		return "", err
	}
	next := before.last + 1
	name := fmt.Sprintf("%04d_%s_%s.mhl", next, plainName(filepath.Base(dir)), rep.Started.UTC().Format("2006-01-02_150405Z"))
	if err := replace.File(filepath.Join(folder, name), 0o644, body); err != nil {
		return "", err
	}
	chain := before.chain
	chain.Lists = append(chain.Lists, mhlLink{next, name, c4(body)})
	chain.Space = mhlDirectory
	body, err = mhlBytes(chain)
	if err == nil {
		err = replace.File(filepath.Join(folder, mhlChain), 0o644, body)
	}
	return filepath.Join(folder, name), err
}

// mhlOf lists the copies in a destination that are proved. Names that XML has no way to write are left out, and counted in the comment.
func mhlOf(dir string, rep Report, rows []File, before mhlHistory) mhlList {
	list := mhlList{
		Space: mhlNamespace, Version: "2.0",
		Creator: mhlCreator{Created: mhlTime(rep.Ended), Comment: "copied from " + rep.Card.name()},
		Process: mhlProcess{"transfer", []string{mhlFolder, mhlFolder + "/"}},
	}
	left := 0
	for _, f := range rows {
		for _, c := range f.Copies {
			switch {
			case c.Dir != dir || !c.Verified:
				continue
			case !writable(c.path):
				left++
				continue
			}
			action := "original"
			if before.paths[c.path] {
				action = "verified"
			}
			list.Hashes = append(list.Hashes, mhlHash{
				mhlPath{f.Size, mhlTime(f.ModTime), c.path}, mhlSum{action, mhlTime(rep.Ended), f.XXH64},
			})
		}
	}
	if left > 0 {
		list.Creator.Comment += "; " + plural(left, "name that XML cannot hold is", "names that XML cannot hold are") + " left out"
	}
	return list
}

// writable tells whether XML can hold a text: it has no control characters, and no bytes that are no characters.
func writable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return r < ' ' && !strings.ContainsRune("\t\n\r", r) || r == '\uFFFE' || r == '\uFFFF'
	})
}

// name is what people call the card.
func (c Card) name() string {
	name := c.Label
	if name == "" {
		name = filepath.Base(c.Mount)
	}
	if c.FSID != "" {
		name += " (" + c.FSID + ")"
	}
	return name
}

func mhlTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") }

func mhlBytes(v any) ([]byte, error) {
	body, err := xml.MarshalIndent(v, "", "  ")
	return append(append([]byte(xml.Header), body...), '\n'), err
}

// plainName keeps of a name what every system and every tool bears.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>| `, r) {
			return '_'
		}
		return r
	}, name)
	return strings.Trim(name, "_.")
}

// c4 is the identification of bytes by SMPTE ST 2114: SHA-512 as a number of base 58, behind "c4".
func c4(body []byte) string {
	const digits, length = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", 88
	sum := sha512.Sum512(body)
	n, base, rest := new(big.Int).SetBytes(sum[:]), big.NewInt(58), new(big.Int)
	out := bytes.Repeat([]byte{'1'}, length)
	for i := length - 1; n.Sign() > 0; i-- {
		n.DivMod(n, base, rest)
		out[i] = digits[rest.Int64()]
	}
	return "c4" + string(out)
}
