package doctor_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/doctor"
)

// wants holds a finding to its state and to words of its detail and remedy.
func wants(t *testing.T, f doctor.Finding, state doctor.State, words ...string) {
	t.Helper()
	if f.State != state {
		t.Errorf("%s is %s, want %s: %s", f.Name, f.State, state, f.Detail)
	}
	for _, word := range words {
		if !strings.Contains(f.Detail+" -> "+f.Remedy, word) {
			t.Errorf("%s says %q -> %q, want %q in it", f.Name, f.Detail, f.Remedy, word)
		}
	}
	if bad := state == doctor.Failed || state == doctor.Warning; bad != (f.Remedy != "") {
		t.Errorf("%s is %s, and its remedy is %q", f.Name, state, f.Remedy)
	}
}

// named is the finding of a name.
func named(t *testing.T, found []doctor.Finding, name string) doctor.Finding {
	t.Helper()
	i := slices.IndexFunc(found, func(f doctor.Finding) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("no finding about %q in %+v", name, found)
	}
	return found[i]
}

func TestChecksRunTogetherAndAnswerInTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wait := func(d time.Duration) func(context.Context) doctor.Finding {
			return func(context.Context) doctor.Finding {
				time.Sleep(d)
				return doctor.Finding{State: doctor.OK}
			}
		}
		began := time.Now()
		found := doctor.Run(t.Context(), 20*time.Second, doctor.One("slow", doctor.Machine, wait(5*time.Second)),
			doctor.One("stuck", doctor.Network, wait(time.Hour)), doctor.One("quick", doctor.Config, wait(0)))
		if took := time.Since(began); took != 21*time.Second {
			t.Errorf("it took %s, want the limit and the grace, whatever hangs", took)
		}
		want := []doctor.Finding{{Name: "slow", State: doctor.OK, Kind: doctor.Machine}, found[1], {Name: "quick", State: doctor.OK, Kind: doctor.Config}}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		wants(t, found[1], doctor.Warning, "no answer within 20s")
		time.Sleep(time.Hour) // the one that was left alone ends, too
	})
}

func TestTheFewestStreamsThatFillTheLineAreEnough(t *testing.T) {
	rate := func(streams int, perSecond float64) doctor.Rate {
		return doctor.Rate{Streams: streams, BytesPerSecond: perSecond}
	}
	for _, c := range []struct {
		rates []doctor.Rate
		want  int
	}{
		{nil, 0},
		{[]doctor.Rate{rate(1, 10), rate(4, 40), rate(16, 41)}, 4},
		{[]doctor.Rate{rate(16, 41), rate(4, 40), rate(1, 10)}, 4},
		{[]doctor.Rate{rate(1, 10), rate(4, 20), rate(16, 40)}, 16},
		{[]doctor.Rate{rate(1, 10), rate(4, 9)}, 1},
	} {
		if got := doctor.Fewest(c.rates); got != c.want {
			t.Errorf("%v: %d, want %d", c.rates, got, c.want)
		}
	}
}
