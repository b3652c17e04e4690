package planpage

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// histogram is how long the pauses are, above the steps of the event gap: a gap in a valley separates events and nothing else.
type histogram struct {
	Bars   []pauseBar
	Below  int // pauses of no more than the first step
	Beyond int // of more than the last one
	Cuts   int // of more than the gap
	All    int
}

// pauseBar is the pauses between one step and the next.
type pauseBar struct {
	X, W     string
	Y, High  int
	Title    string
	Cuts     bool // they end events
	Pauses   int
	From, To time.Duration
}

const pausesHigh = 56

func (f *foreseen) histogram(gaps []time.Duration) histogram {
	h := histogram{All: len(f.pauses)}
	inBars := make([]int, len(gaps))
	for _, s := range f.pauses {
		d := time.Duration(s) * time.Second
		if d > f.settings.Gap {
			h.Cuts++
		}
		switch at, _ := slices.BinarySearch(gaps, d); at {
		case 0:
			h.Below++
		case len(gaps):
			h.Beyond++
		default:
			inBars[at]++
		}
	}
	tallest := max(1, slices.Max(inBars))
	each := 1 / float64(max(1, len(gaps)-1))
	for i := 1; i < len(gaps); i++ {
		high := int(pausesHigh * math.Log1p(float64(inBars[i])) / math.Log1p(float64(tallest))) // few long pauses stand beside many short ones
		if inBars[i] > 0 {
			high = max(high, 4)
		}
		h.Bars = append(h.Bars, pauseBar{
			X: percent(float64(i-1) * each), W: percent(each * 0.92), Y: pausesHigh - high, High: high, Pauses: inBars[i], From: gaps[i-1], To: gaps[i],
			Cuts:  gaps[i-1] >= f.settings.Gap,
			Title: fmt.Sprintf("%s of more than %s, up to %s", some(inBars[i], "pause"), long(gaps[i-1]), long(gaps[i])),
		})
	}
	return h
}
