package watcher

import (
	"time"

	"github.com/fsnotify/fsnotify"
)

// What tests put in place of the system.
type (
	Disk    = disk
	Source  = source
	Listing = listing
	Volume  = volume
	Event   = fsnotify.Event
)

// On makes a watcher work on another disk, with other events and room for so many candidates. A zero value leaves what it is.
func (c WatchConfig) On(d Disk, listen func() (Source, error), room int) WatchConfig {
	c.disk, c.listen, c.room = d, listen, room
	return c
}

// Probing makes it look at the roots themselves more often.
func (c WatchConfig) Probing(every time.Duration) WatchConfig {
	c.probe = every
	return c
}
