package ingest

// C4 and ManifestLine are tested against what others made.
var (
	C4           = c4
	ManifestLine = manifestLine
)

// InPortionsOf makes an ingest send so many files together.
func (c *Config) InPortionsOf(n int) { c.portion = n }
