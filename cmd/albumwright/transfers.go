package main

import (
	"fmt"
	"strconv"

	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/ratelimit"
)

// maxTransfers is where --transfers ends: beyond it there is no link that another upload helps to fill.
const maxTransfers = 64

// readTransfers reads --transfers; 0 is auto.
func readTransfers(text string) (int, error) {
	if text == "auto" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxTransfers {
		return 0, fmt.Errorf("--transfers %s: must be between 1 and %d, or auto", text, maxTransfers)
	}
	return n, nil
}

// mostTransfers is the largest number of uploads at a time.
func mostTransfers(transfers int) int {
	if transfers == 0 {
		return ratelimit.DefaultLanes
	}
	return transfers
}

// newLanes bounds the uploads at a time.
func newLanes(transfers int, limiter *ratelimit.Limiter) (*ratelimit.Lanes, error) {
	return ratelimit.NewLanes(ratelimit.LanesConfig{Min: transfers, Max: transfers, Refused: tooMany, Held: limiter.Held})
}

// tooMany tells the errors of an upload that fewer at a time may avoid: the service asks to slow down, fails, or drops the connection.
func tooMany(err error) bool {
	class := photos.Classify(err)
	return class == photos.ClassRateLimited || class == photos.ClassTransient
}
