package ingest

// C4 and ManifestLine are tested against what others made.
var (
	C4           = c4
	ManifestLine = manifestLine
)
