package gallery

import (
	"fmt"
	"strconv"
	"time"
)

// humanSize is a number of bytes in the unit that people use for it.
func humanSize(n int64) string {
	const step = 1000
	if n < step {
		return fmt.Sprintf("%d bytes", n)
	}
	v, unit := float64(n)/step, 0
	for v >= step && unit < 4 {
		v, unit = v/step, unit+1
	}
	return strconv.FormatFloat(v, 'f', 1, 64) + " " + []string{"kB", "MB", "GB", "TB", "PB"}[unit]
}

// humanCount is "1 item", "1,204 items".
func humanCount(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return humanNumber(n) + " " + noun
}

// humanNumber is "1,204".
func humanNumber(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// humanDate is a creation time; its zone is not known, so none is said.
func humanDate(t time.Time) string {
	return t.Format("Monday, 2 January 2006, 15:04:05")
}
