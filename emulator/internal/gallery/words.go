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

// humanTook is how long an answer took: "0.4 ms", "35 ms", "1.2 s".
func humanTook(d time.Duration) string {
	switch ms := float64(d) / float64(time.Millisecond); {
	case ms < 10:
		return strconv.FormatFloat(ms, 'f', 1, 64) + " ms"
	case ms < 1000:
		return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
	default:
		return strconv.FormatFloat(ms/1000, 'f', 1, 64) + " s"
	}
}

// humanLeft is how long something still takes: "42 s", "3 min", "6 h 12 min". The
// script says it in the same words.
func humanLeft(d time.Duration) string {
	switch s := int(d.Round(time.Second) / time.Second); {
	case s < 60:
		return fmt.Sprintf("%d s", max(s, 0))
	case s < 3600:
		return fmt.Sprintf("%d min", s/60)
	default:
		return fmt.Sprintf("%d h %d min", s/3600, s/60%60)
	}
}

// humanDate is a creation time; its zone is not known, so none is said.
func humanDate(t time.Time) string {
	return t.Format("Monday, 2 January 2006, 15:04:05")
}
