package watcher

import "time"

// RootState says how a root is watched.
type RootState string

// The states of a root.
const (
	RootStarting RootState = "starting" // it was not looked at yet
	RootWatching RootState = "watching" // by events, and a rescan now and then
	RootPolling  RootState = "polling"  // by scans alone
	RootOffline  RootState = "offline"  // it is not there, or not the same; what is known of it is kept
)

// Some of what Why may say of a root that is offline.
const (
	WhyNotThere   = "not there"
	WhyNoFolder   = "not a folder"
	WhyPermission = "no permission to read it"
	WhySilent     = "does not answer"
	WhyNotMounted = "not mounted"
	WhyOther      = "another file system is mounted here"
)

// RootStatus is what a person wants to know about a root.
type RootStatus struct {
	Root  string // its path
	State RootState
	// Why is for polling and offline: "nfs", "not there", "inotify limit: raise fs.inotify.max_user_watches (now 8192)".
	Why      string
	Files    int64     // that are known below it, those included that are left out
	Settling int       // that wait to be complete
	Since    time.Time // of the state
	LastScan time.Time // the end of the last scan of everything; zero before the first
	Scanning bool
}

// set notes a state, and why.
func (r *watched) set(state RootState, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.status.State == state && r.status.Why == why {
		return
	}
	r.status.State, r.status.Why, r.status.Since = state, why, time.Now()
	notify(r.w.changed)
}

// scanning notes that a scan of everything begins, or that it is over, and whether it came to its end.
func (r *watched) scanning(on, completed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status.Scanning = on
	if completed {
		r.status.LastScan = time.Now()
	}
	notify(r.w.changed)
}

func (r *watched) now() RootStatus {
	files, settling := r.table.size()
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.status
	s.Files, s.Settling = int64(files), settling
	return s
}

// firstDone notes, once, that the first scan is over.
func (r *watched) firstDone() {
	r.first.Do(func() {
		if r.w.scans.Add(-1) == 0 {
			close(r.w.scanned)
		}
	})
}
