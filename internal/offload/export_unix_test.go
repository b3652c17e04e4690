//go:build unix

package offload

// EntriesOf is tested with names that a listing has and nobody finds.
var EntriesOf = entriesOf
