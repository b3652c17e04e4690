package gallery

import "testing"

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
