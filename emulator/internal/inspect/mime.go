package inspect

// TypeOf is the type of a MIME type, [Unknown] if it is that of none.
func TypeOf(mime string) Type {
	for t := JPEG; int(t) < len(rows); t++ {
		if rows[t].mime == mime {
			return t
		}
	}
	return Unknown
}
