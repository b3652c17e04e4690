package file

import "fmt"

// Complaints collects what is wrong with a file while its reading goes on. The
// zero value has nothing to complain about.
type Complaints struct{ first string }

// Add keeps the first complaint: what follows is mostly its consequence.
func (c *Complaints) Add(format string, args ...any) {
	if c.first == "" {
		c.first = fmt.Sprintf(format, args...)
	}
}

// First is the first complaint, or "".
func (c *Complaints) First() string { return c.first }
