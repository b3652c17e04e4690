package card

import "time"

// FAT keeps times in steps of 2 s, as the clock on the wall shows them.
const fatStep = 2 * time.Second

// SameTime tells whether two times of change can be of the same file on a card: equal but for FAT's steps, and for what a change of the zone, by travel or
// by summer time, does to times that have none: whole quarters of an hour, up to a day.
func SameTime(a, b time.Time) bool {
	apart := a.Sub(b).Abs()
	if apart > 24*time.Hour+fatStep {
		return false
	}
	off := apart % (15 * time.Minute)
	return off <= fatStep || 15*time.Minute-off <= fatStep
}
