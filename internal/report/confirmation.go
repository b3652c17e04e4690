package report

import "maps"

// Confirmed is what the service said about one file when it was asked again, and what was done with the file then.
type Confirmed struct {
	Path   string `json:"path"`           // where it was, as text
	Answer string `json:"answer"`         // "confirmed", or why not
	Did    string `json:"did,omitempty"`  // "moved", "deleted", ...
	Now    string `json:"now,omitempty"`  // where it is since
	Kept   string `json:"kept,omitempty"` // why nothing was done with it, although it is confirmed
}

// Confirmation counts what the service said when it was asked again about files that are delivered.
type Confirmation struct {
	Action  string         `json:"action"`  // what was to be done with confirmed files: "keep", "move:DIR", ...
	Answers map[string]int `json:"answers"` // answer -> files
	Done    int            `json:"done"`    // files with which it was done
	Kept    []Confirmed    `json:"kept"`    // the first [MostShown] others: not confirmed, or not to be touched
	NotDone int            `json:"not_done"`
	Failed  int            `json:"failed"` // of the others: all but videos that the service is still at work on
}

// Confirmation notes that the service is asked again, and what for.
func (t *Tally) Confirmation(action string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.report.Confirmation = &Confirmation{Action: action, Answers: map[string]int{}, Kept: []Confirmed{}}
}

// Confirmed counts one answer.
func (t *Tally) Confirmed(c Confirmed) {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := t.report.Confirmation
	out.Answers[c.Answer]++
	switch {
	case c.Did != "":
		out.Done++
	case c.Answer != "confirmed" || c.Kept != "":
		if c.Answer != "processing" {
			out.Failed++
		}
		if out.NotDone++; len(out.Kept) < MostShown {
			out.Kept = append(out.Kept, c)
		}
	}
}

// Resend is what the service said when it was asked about all delivered files before anything was done.
type Resend struct {
	Asked int `json:"asked"` // files
	Gone  int `json:"gone"`  // of them: it no longer had their media item, so they were to be sent again
}

// Resend counts files that the service was asked about before anything was done, and those of them that it no longer had.
func (t *Tally) Resend(asked, gone int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	sum := Resend{asked, gone}
	if r := t.report.Resend; r != nil {
		sum.Asked, sum.Gone = r.Asked+asked, r.Gone+gone
	}
	t.report.Resend = &sum
}

// clone is a copy that later counts do not change.
func (c *Confirmation) clone() *Confirmation {
	if c == nil {
		return nil
	}
	out := *c
	out.Answers = maps.Clone(c.Answers)
	out.Kept = append([]Confirmed{}, c.Kept...)
	return &out
}
