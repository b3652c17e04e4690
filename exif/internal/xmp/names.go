package xmp

import "bytes"

// space is a namespace. Prefixes are the writer's choice; only the URI counts.
type space uint8

const (
	other space = iota
	rdf
	xml // of xml:lang
	dc
	xap // the namespace of XMP itself, under its first name
	tiff
	exif
	exifEX
	aux
	photoshop
	camera
	container
	item
)

// spaceOf knows a namespace by its URI: XMP specification part 2, CIPA DC-010,
// and the Motion Photo format of Android. Some writers forget the last stroke.
func spaceOf(uri []byte) space {
	switch string(bytes.TrimRight(uri, "/#")) {
	case "http://www.w3.org/1999/02/22-rdf-syntax-ns":
		return rdf
	case "http://purl.org/dc/elements/1.1":
		return dc
	case "http://ns.adobe.com/xap/1.0":
		return xap
	case "http://ns.adobe.com/tiff/1.0":
		return tiff
	case "http://ns.adobe.com/exif/1.0":
		return exif
	case "http://cipa.jp/exif/1.0":
		return exifEX
	case "http://ns.adobe.com/exif/1.0/aux":
		return aux
	case "http://ns.adobe.com/photoshop/1.0":
		return photoshop
	case "http://ns.google.com/photos/1.0/camera":
		return camera
	case "http://ns.google.com/photos/1.0/container":
		return container
	case "http://ns.google.com/photos/1.0/container/item":
		return item
	}
	return other
}

// maxBindings bounds the prefixes that are in force at once. Photoshop declares
// some thirty, but only those of wanted namespaces count.
const maxBindings = 32

// binding is a prefix in force for the element at a depth and all inside of it.
type binding struct {
	prefix []byte
	space  space
	depth  int
}

// scope holds the prefixes in force.
type scope struct{ bindings []binding }

// declare takes the attribute if it declares a prefix for the element at depth.
// Prefixes of namespaces that nobody asks for matter only where they hide
// another's.
func (s *scope) declare(name, uri []byte, depth int) {
	prefix, ok := bytes.CutPrefix(name, []byte("xmlns"))
	if !ok {
		return
	}
	prefix = bytes.TrimPrefix(prefix, []byte(":")) // without one: the default
	space := spaceOf(uri)
	if space != s.of(prefix) && len(s.bindings) < maxBindings {
		s.bindings = append(s.bindings, binding{prefix, space, depth})
	}
}

// leave ends the declarations of the element at depth.
func (s *scope) leave(depth int) {
	for n := len(s.bindings); n > 0 && s.bindings[n-1].depth >= depth; n-- {
		s.bindings = s.bindings[:n-1]
	}
}

// of is the namespace that a prefix stands for.
func (s *scope) of(prefix []byte) space {
	for i := len(s.bindings) - 1; i >= 0; i-- {
		if bytes.Equal(s.bindings[i].prefix, prefix) {
			return s.bindings[i].space
		}
	}
	if string(prefix) == "xml" {
		return xml // never declared, XML namespaces 3
	}
	return other
}

// resolve splits a name into its namespace and what it is called there.
func (s *scope) resolve(name []byte) (space, []byte) {
	prefix, local, ok := bytes.Cut(name, []byte(":"))
	if !ok {
		prefix, local = nil, name
	}
	return s.of(prefix), local
}
