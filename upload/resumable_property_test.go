package upload_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/property"
)

// trouble draws a fault of an upload's requests that is met within one file's upload, or not at all.
func trouble(t *rapid.T) emulator.Fault {
	effect := rapid.SampledFrom([]emulator.Effect{
		emulator.CutBefore(), emulator.ApplyThenCut(), emulator.CutRequest(0), emulator.CutAnswer(0), emulator.CutAnswer(5), emulator.HTML(),
		emulator.EmptyAnswer(), emulator.Refuse("503"), emulator.Refuse("429-minute"), emulator.Refuse("409"),
		{Name: "500", Apply: true}, {Name: "html", Apply: true}, {Name: "empty", Apply: true},
	}).Draw(t, "effect")
	if effect.Name == "cut-request" {
		effect.At = rapid.Int64Range(0, 300_000).Draw(t, "at")
	}
	return emulator.Fault{
		Operation: rapid.SampledFrom([]string{"uploads.start", "uploads.chunk", "uploads.finalize", "uploads.query", "*"}).Draw(t, "operation"),
		Nth:       rapid.IntRange(1, 6).Draw(t, "nth"),
		Effect:    effect,
	}
}

// Whatever happens to an upload, and from whichever kept session a restart goes on, the token in the end is for the file's bytes, and no byte is
// sent again that the service had.
func TestAnyTroubleEndsWithTheFilesBytesEachSentOnce(t *testing.T) {
	all := picture(1_000_000)
	property.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(100, len(all)).Draw(t, "size")
		body := all[:size]
		chunk := rapid.SampledFrom([]int64{0, 1, 50_000, 64 << 10, 300_000, 1 << 20}).Draw(t, "chunk")
		c := serviceOf(t, emulator.Config{ChunkGranularity: rapid.SampledFrom([]int64{1000, 64 << 10, 256 << 10}).Draw(t, "granularity")}).
			calling(memory(body), chunk)
		defer c.Close()
		faults := rapid.SliceOfN(rapid.Custom(trouble), 0, 8).Draw(t, "faults")
		c.plan(t, faults...)
		sent := int64(0)
		for attempt := 0; ; attempt++ {
			if attempt > len(faults) {
				t.Fatalf("no token after %d attempts with %d faults", attempt, len(faults))
			}
			res, err := c.try(t)
			if sent += res.Sent; err == nil {
				break
			}
			if !unusable(res) {
				t.Fatalf("result %v beside the error %v", res, err)
			}
			if n := len(c.kept); n > 0 && rapid.Bool().Draw(t, "killed") { // before the last session was durable
				c.kept = c.kept[:rapid.IntRange(1, n).Draw(t, "kept")]
			}
		}
		c.ForgetPlan()
		if again := c.ends(t, body); again.Sent != 0 || again.Resumed != int64(size) {
			t.Errorf("asked once more, %d bytes were sent, %d resumed, want none and %d", again.Sent, again.Resumed, size)
		}
		if starts := c.Calls()["uploads.start"]; sent != int64(size) || starts > 1+len(faults) {
			t.Errorf("%d bytes sent in %d sessions for a file of %d, want each byte once", sent, starts, size)
		}
	})
}
