package gallery

import "testing"

// The bound is on bytes: what was asked for last stays.
func TestTheCacheForgetsWhatWasNotAskedForLongest(t *testing.T) {
	c := newCache(100)
	p := picture{"image/jpeg", make([]byte, 40)}
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
	c.put("huge", picture{"image/jpeg", make([]byte, 101)})
	if _, ok := c.get("huge"); ok || c.total != 80 {
		t.Errorf("a picture over the limit is kept, total %d", c.total)
	}
	c.put("a", p)
	if c.total != 80 || c.order.Len() != 2 {
		t.Errorf("a second put counts twice: %d bytes, %d entries", c.total, c.order.Len())
	}
}

func TestNumbersAreSaidForPeople(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 1_500_000: "1.5 MB", 20_000_000_000: "20.0 GB"} {
		if got := humanSize(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int]string{0: "0 items", 1: "1 item", 999: "999 items", 1000: "1,000 items", 1234567: "1,234,567 items"} {
		if got := humanCount(n, "item"); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
