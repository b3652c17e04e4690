package chart_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/chart"
)

func TestTicksAreRoundFewAndInOrderWhateverTheStretch(t *testing.T) {
	from := time.Date(2024, 5, 18, 9, 7, 3, 0, time.UTC)
	for wide := 2 * time.Minute; wide < 100*365*24*time.Hour; wide = wide / 5 * 7 {
		ticks := chart.Ticks(from, from.Add(wide))
		if len(ticks) > 9 || len(ticks) < 2 && wide > 5*time.Minute {
			t.Errorf("%v has %d ticks", wide, len(ticks))
		}
		for i, tick := range ticks {
			if tick.At <= 0 || tick.At >= 1 || tick.Text == "" || i > 0 && tick.At <= ticks[i-1].At {
				t.Errorf("%v: tick %d of %v", wide, i, ticks)
			}
		}
	}
	noon := time.Date(2024, 5, 18, 12, 0, 0, 0, time.UTC)
	if got := fmt.Sprint(chart.Ticks(noon, noon.Add(24*time.Hour))); got != "[{0.125 15:00} {0.25 18:00} {0.375 21:00} {0.5 19 May} {0.625 03:00} {0.75 06:00} {0.875 09:00}]" {
		t.Error(got)
	}
}

func TestAnAlbumKeepsItsColour(t *testing.T) {
	seen := map[int]bool{}
	for i := range 200 {
		title := fmt.Sprint("album ", i)
		hue := chart.Hue(title)
		if hue < 0 || hue >= chart.Hues || hue != chart.Hue(title) {
			t.Errorf("%s: %d", title, hue)
		}
		seen[hue] = true
	}
	if len(seen) != chart.Hues {
		t.Errorf("200 albums have %d colours of %d", len(seen), chart.Hues)
	}
}
