package ledger

import "iter"

// draftItems finds items by their numbers. Those of one import were given one after the other: a few of them share an entry, which saves most of what a map
// of 100,000 costs, and where they are scattered little is lost.
type draftItems map[ItemID]*[neighbours]*draftItem

// neighbours share an entry.
const neighbours = 16

func (all draftItems) of(id ItemID) *draftItem {
	row := all[id/neighbours]
	if row == nil {
		return nil
	}
	return row[id%neighbours]
}

// put puts an item under its number; nil takes away what is there.
func (all draftItems) put(id ItemID, it *draftItem) {
	row := all[id/neighbours]
	if row == nil {
		row = &[neighbours]*draftItem{}
		all[id/neighbours] = row
	}
	row[id%neighbours] = it
}

func (all draftItems) each() iter.Seq[*draftItem] {
	return func(yield func(*draftItem) bool) {
		for _, row := range all {
			for _, it := range row {
				if it != nil && !yield(it) {
					return
				}
			}
		}
	}
}
