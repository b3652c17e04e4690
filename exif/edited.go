package exif

import "github.com/albumwright/albumwright/exif/internal/takeout"

// WithoutEdit cuts off a name's stem what Google Photos puts behind that of a
// copy that was edited there, "-edited" or its like in another language, and
// tells whether there was any.
func WithoutEdit(stem string) (original string, edited bool) { return takeout.WithoutEdit(stem) }
