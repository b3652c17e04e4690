package download

import (
	"bytes"
	"encoding/xml"
)

// sidecarEnding is what a sidecar's name has behind that of its file.
const sidecarEnding = ".xmp"

// sidecar is an XMP file with the user's own words, which imports and photo programs read.
func sidecar(description string) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">`)
	_ = xml.EscapeText(&b, []byte(description)) // a Buffer takes everything
	b.WriteString(`</rdf:li></rdf:Alt></dc:description>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
`)
	return b.Bytes()
}
