package pipeline

import (
	"encoding/binary"
	"math"
	"strings"
	"time"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/ledger"
)

// sortKey is a file's place in its album as bytes that sort: capture time with its fraction of a second, then name, then folder.
func sortKey(captured time.Time, name, dir string) []byte {
	var nano int64 = math.MinInt64 // a file of which no time at all is known comes first
	if !captured.IsZero() {
		nano = captured.UnixNano()
	}
	key := binary.BigEndian.AppendUint64(nil, uint64(nano)^(1<<63)) // flips the sign bit: bytes compare as unsigned
	key = append(key, strings.ToLower(name)...)
	key = append(key, 0)
	return append(key, dir...)
}

// places tells, for files of one album in their order, where each goes among what the album held before the run.
type places struct {
	held []ledger.Placement // in order
	at   int                // held[:at] sort before the last file asked about
}

// next takes the files' sort keys in their order.
func (p *places) next(sort []byte) batch.Place {
	for p.at < len(p.held) && string(p.held[p.at].Sort) < string(sort) {
		p.at++
	}
	place := batch.Place{Last: p.at == len(p.held)}
	if p.at > 0 {
		place.After = p.held[p.at-1].MediaItem
	}
	return place
}
