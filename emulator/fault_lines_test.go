package emulator_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// What encoding/json writes of a fault is a line of a plan.
func TestFaultsSurviveALine(t *testing.T) {
	faults := []emulator.Fault{
		{Operation: "uploads", Match: "IMG 1", Nth: 2, Times: -1, Effect: emulator.Effect{Name: "503", RetryAfter: 30, Apply: true}},
		{Operation: "*", Effect: emulator.Slow(90 * time.Second)},
		{Operation: "*", Effect: emulator.Stall()},
		{Operation: "uploads", Effect: emulator.CutRequest(7)},
		{Operation: "albums.list", Effect: emulator.CutAnswer(0)},
		{Operation: "mediaItems.batchCreate", Effect: emulator.FailItem(13, "Internal error")},
		{Operation: "mediaItems.batchCreate", Effect: emulator.Effect{Name: "400-token", NameEntry: true, Entry: 3}},
	}
	for _, name := range emulator.EffectNames() {
		f := emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.Effect{Name: name}}
		switch name {
		case "slow":
			f.Effect.Delay = 1
		case "item":
			f.Effect.Code = 1
		}
		faults = append(faults, f)
	}
	var plan strings.Builder
	for _, f := range faults {
		if err := json.NewEncoder(&plan).Encode(f); err != nil {
			t.Fatal(err)
		}
	}
	back, err := emulator.LoadFaults(strings.NewReader(plan.String()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(faults, back); diff != "" {
		t.Error(diff)
	}
}

// A plan as a person writes it.
func TestAPlanIsReadLineByLine(t *testing.T) {
	plan := "\n" + `{"operation": "uploads", "match": "IMG_0042", "nth": 2, "effect": {"name": "503", "retryAfter": 30}}` + "\r\n  \n" +
		`{"operation": "*", "times": -1, "effect": {"name": "slow", "delay": "1m30s"}}`
	got, err := emulator.LoadFaults(strings.NewReader(plan))
	if err != nil {
		t.Fatal(err)
	}
	want := []emulator.Fault{
		{Operation: "uploads", Match: "IMG_0042", Nth: 2, Effect: emulator.Effect{Name: "503", RetryAfter: 30}},
		{Operation: "*", Times: -1, Effect: emulator.Slow(90 * time.Second)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if none, err := emulator.LoadFaults(strings.NewReader("")); err != nil || len(none) != 0 {
		t.Errorf("an empty plan: %v, %v", none, err)
	}
}

// A line that is wrong is named, with what is known.
func TestABadLineIsNamed(t *testing.T) {
	for line, want := range map[string]string{
		`{"operation":"uploads","nht":1,"effect":{"name":"500"}}`:         `unknown key "nht"; known are operation, match, nth, times, effect`,
		`{"Operation":"uploads","effect":{"name":"500"}}`:                 `unknown key "Operation"`,
		`{"operation":"uploads","effect":{"name":"500","retry":1}}`:       `effect: unknown key "retry"; known are name, apply, retryAfter, delay, at, entry, nameEntry, code, message`,
		`{"operation":"uploads","effect":{"name":"5OO"}}`:                 `unknown effect "5OO"; known are 207, 400-album-id`,
		`{"operation":"uploads"}`:                                         `unknown effect ""; known are`,
		`{"operation":"upload","effect":{"name":"500"}}`:                  `unknown operation "upload"; known are *, albums.addEnrichment`,
		`{"operation":"uploads","effect":"500"}`:                          `effect: json: cannot unmarshal string`,
		`{"operation":"uploads","nth":"1","effect":{"name":"500"}}`:       `json: cannot unmarshal string`,
		`{"operation":"uploads","effect":{"name":"slow","delay":"soon"}}`: `invalid duration "soon"`,
		`{"operation":"uploads","effect":{"name":"slow"}}`:                `effect "slow": delay is 0s`,
		`{"operation":"uploads","effect":{"name":"500"}} {}`:              `after top-level value`,
		`{"operation":"uploads","effect":{"name":"500"}`:                  `unexpected end of JSON input`,
		`uploads`: `invalid character`,
		`{"operation":"uploads","match":"` + strings.Repeat("x", 1<<20) + `"}`: `token too long`,
	} {
		good := `{"operation":"uploads","effect":{"name":"500"}}`
		_, err := emulator.LoadFaults(strings.NewReader(good + "\n\n" + line + "\n" + good))
		if err == nil || !strings.HasPrefix(err.Error(), "faults: line 3: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: error %v, want one of line 3 with %q", line, err, want)
		}
	}
}

// A plan that cannot be read to its end is none.
func TestAPlanThatBreaksOffIsAnError(t *testing.T) {
	broken := errors.New("broken disk")
	r := io.MultiReader(strings.NewReader(`{"operation":"uploads","effect":{"name":"500"}}`+"\n"), iotest.ErrReader(broken))
	if faults, err := emulator.LoadFaults(r); !errors.Is(err, broken) || faults != nil {
		t.Errorf("faults %v, error %v", faults, err)
	}
}
