package budget

import "time"

// RequestsPerSession is the least that a resumable upload takes: one that begins the session, one that carries the bytes (contract 3.2).
const RequestsPerSession = 2

// AssumedBytesPerSecond is a rate to reckon with where none was measured: 20 Mbit/s, a common line's upload.
const AssumedBytesPerSecond = 20e6 / 8

// Work is what a job has to do.
type Work struct {
	Raw       int // files sent in one request each
	Resumable int // files sent in an upload session each
	Batches   int // batchCreate calls
	NewAlbums int
	Headings  int
	ListPages int // of albums
	Bytes     int64
}

// Requests is what the work takes of the day's requests, if nothing has to be repeated.
func (w Work) Requests() int {
	return w.Raw + RequestsPerSession*w.Resumable + w.Batches + w.NewAlbums + w.Headings + w.ListPages
}

// Terms are the limits under which work is done.
type Terms struct {
	Now             time.Time
	Limit           int     // requests a day; 0 = the service's own
	Left            int     // of today's, see [Status]
	BytesPerSecond  float64 // 0 = no bound
	WritesPerMinute int     // 0 = no bound
}

// Bound is what decides how long a job takes.
type Bound string

// The bounds. A job without work has none.
const (
	ByBytes    Bound = "bytes"
	ByRequests Bound = "requests"
	ByWrites   Bound = "writes"
)

// Forecast is what a job will cost.
type Forecast struct {
	Requests int           `json:"requests"`
	Days     int           `json:"days"`              // Pacific days on which requests go out
	Sending  time.Duration `json:"sending_nanos"`     // without the waits for a new day's requests
	Ends     time.Time     `json:"ends"`              // with them, if the job runs through
	Decides  Bound         `json:"decides,omitempty"` // what makes it take so long
}

// Forecast reckons. Bytes and writes go side by side, so the slower of them takes the time, spread evenly over the requests; where a day's requests
// are used up before the day is, the rest of it is waiting.
func (w Work) Forecast(t Terms) Forecast {
	f := Forecast{Requests: w.Requests(), Ends: t.Now}
	if f.Requests == 0 {
		return f
	}
	bytes, writes := 0.0, 0.0
	if t.BytesPerSecond > 0 {
		bytes = float64(w.Bytes) / t.BytesPerSecond
	}
	if t.WritesPerMinute > 0 {
		writes = 60 * float64(w.Batches+w.NewAlbums+w.Headings) / float64(t.WritesPerMinute)
	}
	f.Decides = ByBytes
	if writes > bytes {
		f.Decides = ByWrites
	}
	f.Sending = seconds(min(max(bytes, writes), century))
	f.spread(t)
	return f
}

// spread lays the work out over days.
func (f *Forecast) spread(t Terms) {
	each := f.Sending.Seconds() / float64(f.Requests)
	left, allowed, at := float64(f.Requests), float64(t.Left), t.Now.In(pacific())
	for {
		midnight := nextMidnight(at)
		done := min(left, allowed)
		if span := midnight.Sub(at).Seconds(); each*done > span {
			done = span / each
		} else if done < left {
			f.Decides = ByRequests
		}
		if done > 0 {
			f.Days++
		}
		if left -= done; left < 1e-6 {
			f.Ends = at.Add(seconds(each * done)).In(t.Now.Location())
			return
		}
		at, allowed = midnight, float64(Reservable(t.Limit))
	}
}

// century keeps what is absurd within what a duration can be.
const century = 100 * 365 * 24 * 60 * 60

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
