package ledger

import "slices"

// State is how far an item got. A file that was seen and not yet described is not in the ledger at all: it is found again by the next walk.
type State string

// The states, in the order of the way through; the last seven are ends.
const (
	Described State = "described" // its facts are known, its bytes are not with the service
	Sending   State = "sending"   // a resumable upload is under way
	Sent      State = "sent"      // the service has the bytes; the content holds a token
	Creating  State = "creating"  // a batchCreate was intended; nobody knows what came of it

	Created   State = "created"   // the service said that it has the media item
	Confirmed State = "confirmed" // it was asked again, and has it
	Already   State = "already"   // its content was in the album before, or its media item in the library, and was added
	Duplicate State = "duplicate" // its content came into the album by another file of the same run
	Skipped   State = "skipped"
	Failed    State = "failed"
	Gone      State = "gone" // the file is no longer there
)

// from lists the states out of which each state can be reached.
func (s State) from() []State {
	switch s {
	case Described:
		return []State{Creating} // its token turned out to be stale
	case Sending:
		return []State{Described, Sending, Sent} // its token was too old
	case Sent:
		return []State{Described, Sending, Sent, Creating}
	case Creating:
		return []State{Described, Sent, Creating} // a batch that was refused as a whole is begun again in parts
	case Created:
		return []State{Creating}
	case Confirmed:
		return []State{Created, Already, Duplicate, Confirmed}
	case Duplicate:
		return []State{Described, Sending, Sent, Creating}
	case Already, Skipped: // also out of a batch: a media item that the service had is added; an album is gone
		return []State{Described, Sending, Sent, Creating}
	case Failed:
		return []State{Described, Sending, Sent, Creating}
	case Gone:
		return []State{Described, Sending, Sent, Created, Confirmed, Already, Duplicate, Skipped, Failed}
	}
	return nil
}

// Ended tells whether the state is an end.
func (s State) Ended() bool {
	return !slices.Contains([]State{Described, Sending, Sent, Creating}, s)
}

// Delivered tells whether the file's content is in its album.
func (s State) Delivered() bool {
	return slices.Contains([]State{Created, Confirmed, Already, Duplicate}, s)
}
