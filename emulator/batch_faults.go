package emulator

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
)

// This file is what faults do to a batchCreate that is carried out.

// strikesEntries reports whether the effect is about entries, not the call.
func (e Effect) strikesEntries() bool {
	return e.Name == effectItem || e.Name == effectMissing || e.NameEntry
}

// fill gives the entries that are struck their status.
func (d *disturbance) fill() {
	if d.Name != effectItem {
		return
	}
	status := statusWire{Code: d.Code, Message: d.Message}
	if status.Message == "" {
		status = *itemStatus(d.Code, "Failed")
	}
	d.items = map[int]statusWire{}
	for _, i := range d.entries {
		d.items[i] = status
	}
}

// refused are the entries for which nothing is created, with their status.
func (d disturbance) refused() map[int]statusWire {
	if d.Apply {
		return nil
	}
	return d.items
}

// altered is the reply of a batchCreate as the client gets it.
func (s *Server) altered(d disturbance, res reply) reply {
	batch, ok := res.body.(batchWire)
	if !ok {
		return res
	}
	switch d.Name {
	case effectItem:
		for i, status := range d.items {
			batch.Results[i].Status, batch.Results[i].MediaItem = status, nil
			res.status = s.config.PartialStatus
		}
	case effectShuffled:
		batch.Results = shuffled(batch.Results)
	case effectMissing:
		for _, i := range slices.Backward(d.entries) {
			batch.Results = slices.Delete(batch.Results, i, i+1)
		}
	case effect207:
		res.status = http.StatusMultiStatus
	case effectOKText:
		for i := range batch.Results {
			if batch.Results[i].Status.Code == 0 {
				batch.Results[i].Status.Message = "OK"
			}
		}
	}
	res.body = batch
	return res
}

// shuffled puts results in another order, the same one for the same number:
// drawn, and turned by one if the draw left all in place.
func shuffled(results []newMediaItemResult) []newMediaItemResult {
	n := len(results)
	order := rand.New(rand.NewPCG(uint64(n), 0)).Perm(n) //nolint:gosec // not for secrets
	if slices.IsSorted(order) && n > 1 {
		order = append(order[1:], order[0])
	}
	mixed := make([]newMediaItemResult, n)
	for to, from := range order {
		mixed[to] = results[from]
	}
	return mixed
}

// errTokenOfEntry is the refusal that names the entry to blame, in the words of
// google.rpc.BadRequest.
func errTokenOfEntry(entries []int) *apiError {
	e := errInvalid(textNoToken)
	var all []fieldViolation
	for _, i := range entries {
		field := fmt.Sprintf("new_media_items[%d].simple_media_item.upload_token", i)
		all = append(all, fieldViolation{Field: field, Description: textNoToken})
	}
	e.details = []any{fieldViolations{Type: typeBadRequest, Violations: all}}
	return e
}
