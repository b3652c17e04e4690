package main

import (
	"cmp"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/ratelimit"
)

// cost is what is left to do, in requests and time.
type cost struct {
	work     budget.Work
	forecast budget.Forecast
	measured bool // the rate of the bytes is that of earlier runs
}

// forecast reckons what the items that wait will cost, if each file has to be sent.
func (s standing) forecast() cost {
	c := cost{work: budget.Work{Raw: s.Remaining.Uploads - s.Remaining.Large, Resumable: s.Remaining.Large, Bytes: s.Remaining.Bytes}}
	for _, a := range s.Albums {
		waiting := a.Waiting()
		if waiting == 0 {
			continue
		}
		c.work.Batches += (waiting + photos.MaxBatch - 1) / photos.MaxBatch
		if !a.Known {
			c.work.NewAlbums++
			c.work.ListPages = 1
		}
	}
	rate := s.budget.BytesPerSecond()
	c.measured = rate > 0
	c.forecast = c.work.Forecast(budget.Terms{
		Now: s.asked, Limit: s.budget.Limit, Left: s.budget.Left, BytesPerSecond: cmp.Or(rate, budget.AssumedBytesPerSecond),
		WritesPerMinute: ratelimit.DefaultWritesPerMinute,
	})
	return c
}
