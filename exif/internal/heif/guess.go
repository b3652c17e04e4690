package heif

// guess is where the entry of an item begins in a list whose first entry is that
// of another, from first to next, if all entries are equally long and numbered
// one by one, as those of tiles are. The entry there must be checked; false if
// the item can have none.
func guess(id, firstID uint64, first, next int64) (int64, bool) {
	const maxItems = 1 << 24 // so that nothing overflows; no list is as long
	if id < firstID || id-firstID > maxItems {
		return 0, false
	}
	return first + int64(id-firstID)*(next-first), true
}
