package ledger

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"
	"unicode/utf8"
)

// The form of an export: JSON Lines, described in docs/ledger.md. Rows are named by what they are, not by the numbers that they happen to have, and
// stand in the order of these names, so that ledgers that know the same are exported the same. A change of the form that older versions of the
// program cannot read needs a new formVersion.
const formVersion = 1

// The lines, by message_type. An export begins with a header, and has its parts in this order.
type (
	headerLine struct {
		Type   string `json:"message_type"` // "ledger"
		Format int    `json:"format"`
	}
	runLine struct {
		Type    string  `json:"message_type"` // "run"
		Run     RunID   `json:"run"`
		Started moment  `json:"started"`
		Ended   *moment `json:"ended,omitempty"`
		Command string  `json:"command"`
		Outcome *string `json:"outcome,omitempty"` // the report, as text
	}
	albumLine struct {
		Type     string  `json:"message_type"` // "album"
		Title    string  `json:"title"`
		ID       *string `json:"id,omitempty"`       // the service's
		Intended *moment `json:"intended,omitempty"` // nobody knows whether it was made then
		Missing  bool    `json:"missing,omitempty"`  // it was deleted in the service, and is not made anew yet

		Continues *string `json:"continues,omitempty"` // the title that it is a further volume of, in a line before
		Volume    int     `json:"volume,omitempty"`    // then: its number
		Filled    *moment `json:"filled,omitempty"`    // the service said then that it is full
	}
	contentLine struct {
		Type      string  `json:"message_type"` // "content"
		SHA256    hexText `json:"sha256"`
		Size      int64   `json:"size"`
		MediaItem *string `json:"media_item,omitempty"`
		Refused   *string `json:"refused,omitempty"`
		Matched   bool    `json:"matched,omitempty"` // media_item is only probable
		Given     *string `json:"given,omitempty"`   // the description that media_item was given
	}
	fileLine struct {
		Type     string     `json:"message_type"` // "file"
		Dir      rawText    `json:"dir"`
		Name     rawText    `json:"name"`
		Size     int64      `json:"size"`
		Modified moment     `json:"modified"`
		Changed  *moment    `json:"changed,omitempty"` // by the system's own clock
		Device   int64      `json:"device"`
		Inode    int64      `json:"inode"`
		SHA256   hexText    `json:"sha256,omitempty"` // missing until the bytes were read
		Facts    factsLine  `json:"facts"`
		Items    []itemLine `json:"items"`
	}
	factsLine struct {
		Captured      *wall    `json:"captured,omitempty"`
		Offset        *int64   `json:"zone_offset,omitempty"` // seconds east of UTC
		CaptureSource string   `json:"capture_source,omitempty"`
		Make          string   `json:"make,omitempty"`
		Model         string   `json:"model,omitempty"`
		Serial        string   `json:"serial,omitempty"`
		Orientation   int      `json:"orientation,omitempty"`
		Latitude      *float64 `json:"latitude,omitempty"`
		Longitude     *float64 `json:"longitude,omitempty"`
		Width         int      `json:"width,omitempty"`
		Height        int      `json:"height,omitempty"`
		MediaType     string   `json:"media_type,omitempty"`
		Description   string   `json:"description,omitempty"`
		ContentID     string   `json:"content_id,omitempty"`
		Duration      int64    `json:"duration,omitempty"` // nanoseconds
		Shifted       int64    `json:"shifted,omitempty"`  // nanoseconds
	}
	itemLine struct {
		Album     string  `json:"album"` // title; "" is the library only
		Sort      hexText `json:"sort"`
		State     State   `json:"state"`
		Reason    string  `json:"reason,omitempty"`
		Permanent bool    `json:"permanent,omitempty"`
		LeftOut   bool    `json:"left_out,omitempty"` // skipped, because another file of its set was taken
		Attempts  int     `json:"attempts,omitempty"`
		Run       RunID   `json:"run"`
	}
	placementLine struct {
		Type      string  `json:"message_type"` // "placement"
		Album     string  `json:"album"`
		Sort      hexText `json:"sort"`
		SHA256    hexText `json:"sha256"`
		MediaItem string  `json:"media_item"`
		Run       RunID   `json:"run"`
		Removed   bool    `json:"removed,omitempty"` // the user has taken it out
		Lost      bool    `json:"lost,omitempty"`    // it is to be put into the album that is made in place of a lost one
	}
	endLine struct {
		Type  string `json:"message_type"` // "end"
		Lines int    `json:"lines"`        // before this one: a file that was cut off has none of these
	}
)

// hexText is bytes as hexadecimal digits.
type hexText []byte

// MarshalText implements encoding.TextMarshaler.
func (h hexText) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *hexText) UnmarshalText(text []byte) (err error) {
	*h, err = hex.AppendDecode([]byte{}, text)
	return err
}

// rawText is bytes that are meant as text: a string where they are UTF-8, else {"hex": "..."}.
type rawText []byte

// MarshalJSON implements json.Marshaler.
func (r rawText) MarshalJSON() ([]byte, error) {
	if utf8.Valid(r) {
		return json.Marshal(string(r))
	}
	return json.Marshal(map[string]hexText{"hex": hexText(r)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *rawText) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var s string
		err := json.Unmarshal(b, &s)
		*r = rawText(s)
		return err
	}
	var bytes struct{ Hex hexText }
	err := json.Unmarshal(b, &bytes)
	*r = rawText(bytes.Hex)
	return err
}

// moment is a time in nanoseconds since 1970, shown as RFC 3339 in UTC.
type moment int64

// MarshalText implements encoding.TextMarshaler.
func (m moment) MarshalText() ([]byte, error) {
	return unix(int64(m)).AppendFormat(nil, time.RFC3339Nano), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *moment) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.RFC3339Nano, string(text))
	return errors.Join(err, nanoseconds(t, (*int64)(m)))
}

// wall is what a camera's clock showed, in nanoseconds as if that were UTC, shown without a zone.
type wall int64

const wallForm = "2006-01-02T15:04:05.999999999"

// MarshalText implements encoding.TextMarshaler.
func (w wall) MarshalText() ([]byte, error) { return unix(int64(w)).AppendFormat(nil, wallForm), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (w *wall) UnmarshalText(text []byte) error {
	t, err := time.Parse(wallForm, string(text))
	return errors.Join(err, nanoseconds(t, (*int64)(w)))
}

func nanoseconds(t time.Time, into *int64) error {
	if *into = t.UnixNano(); !unix(*into).Equal(t) {
		return errors.New(t.Format(time.RFC3339) + " is out of the range of times")
	}
	return nil
}
