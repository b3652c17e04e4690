package ledger

// slab makes values many at a time: they are never given back one by one, and the garbage collector has less to count.
type slab[T any] []T

// room is how many are made at a time.
const room = 256

// next is a new value.
func (s *slab[T]) next() *T {
	if len(*s) == cap(*s) {
		*s = make([]T, 0, room)
	}
	*s = (*s)[:len(*s)+1]
	return &(*s)[len(*s)-1]
}

// none is an empty list with room for one.
func (s *slab[T]) none() []T {
	s.next()
	n := len(*s)
	return (*s)[n-1 : n-1 : n]
}
