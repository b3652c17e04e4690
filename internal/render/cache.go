package render

import (
	"container/list"
	"sync"
)

// cache keeps the pictures asked for last, up to a number of bytes.
type cache struct {
	limit int

	mu    sync.Mutex // guards what follows
	total int
	order *list.List // of cacheEntry, the one asked for last in front
	byKey map[string]*list.Element
}

type cacheEntry struct {
	key string
	Picture
}

func newCache(limit int) *cache {
	return &cache{limit: limit, order: list.New(), byKey: map[string]*list.Element{}}
}

func (c *cache) get(key string) (Picture, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[key]
	if e == nil {
		return Picture{}, false
	}
	c.order.MoveToFront(e)
	return e.Value.(cacheEntry).Picture, true
}

// put keeps a picture and drops the ones not asked for longest. A picture that
// alone is over the limit is not kept.
func (c *cache) put(key string, p Picture) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[key] != nil || len(p.Bytes) > c.limit {
		return
	}
	c.byKey[key] = c.order.PushFront(cacheEntry{key, p})
	c.total += len(p.Bytes)
	for c.total > c.limit {
		old := c.order.Remove(c.order.Back()).(cacheEntry)
		delete(c.byKey, old.key)
		c.total -= len(old.Bytes)
	}
}
