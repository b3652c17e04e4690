package render

import "testing"

// The bound is on bytes: what was asked for last stays.
func TestTheCacheForgetsWhatWasNotAskedForLongest(t *testing.T) {
	c := newCache(100)
	p := Picture{"image/jpeg", make([]byte, 40)}
	c.put("a", p)
	c.put("b", p)
	if _, ok := c.get("a"); !ok {
		t.Fatal("a is not kept")
	}
	c.put("c", p) // 120 bytes: b goes, as a was asked for after it
	for key, want := range map[string]bool{"a": true, "b": false, "c": true} {
		if _, ok := c.get(key); ok != want {
			t.Errorf("%s is kept: %v, want %v", key, ok, want)
		}
	}
	c.put("huge", Picture{"image/jpeg", make([]byte, 101)})
	if _, ok := c.get("huge"); ok || c.total != 80 {
		t.Errorf("a picture over the limit is kept, total %d", c.total)
	}
	c.put("a", p)
	if c.total != 80 || c.order.Len() != 2 {
		t.Errorf("a second put counts twice: %d bytes, %d entries", c.total, c.order.Len())
	}
}
