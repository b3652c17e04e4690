package ingest_test

import (
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload"
)

// proved is evidence of which nothing is missing: two files in two places, and junk without a copy.
func proved() ingest.Evidence {
	return ingest.Evidence{Depth: offload.Full, Places: 2, Files: []ingest.Exhibit{
		{Path: "DCIM/100CANON/IMG_0001.JPG", Class: card.Media, Places: 2, Sent: true},
		{Path: "DCIM/100CANON/IMG_0001.XMP", Class: card.Sidecar, Places: 2},
		{Path: "DCIM/.DS_Store", Class: card.Junk},
	}}
}

func TestTheVerdictIsYesOnlyIfNothingIsMissing(t *testing.T) {
	if v := ingest.Judge(proved()); !v.Safe || v.String() != "SAFE TO FORMAT: yes" || len(v.Reasons) > 0 {
		t.Fatalf("all is proved: %v %q", v, v.Reasons)
	}
	if v := ingest.Judge(ingest.Evidence{Depth: offload.Full, Places: 1}); !v.Safe {
		t.Errorf("a card without files has nothing to lose: %q", v.Reasons)
	}
	for name, c := range map[string]struct {
		change func(*ingest.Evidence)
		reason string
	}{
		"dry run":             {func(e *ingest.Evidence) { e.DryRun = true }, "a dry run"},
		"stopped":             {func(e *ingest.Evidence) { e.Stopped = "Ctrl-C" }, "not all was done: Ctrl-C"},
		"card gone":           {func(e *ingest.Evidence) { e.Card = "the card is gone" }, "the card is gone"},
		"by hash":             {func(e *ingest.Evidence) { e.Depth = offload.ByHash }, "--verify hash"},
		"by size":             {func(e *ingest.Evidence) { e.Depth = offload.BySize }, "--verify size"},
		"no copies asked for": {func(e *ingest.Evidence) { e.Places = 0 }, "no copies were asked for"},
		"one place short":     {func(e *ingest.Evidence) { e.Files[0].Places = 1 }, "1 file without verified copies in 2 places: DCIM/100CANON/IMG_0001.JPG"},
		"a sidecar short":     {func(e *ingest.Evidence) { e.Files[1].Places = 0 }, "IMG_0001.XMP"},
		"read error":          {func(e *ingest.Evidence) { e.Files[0].Fault = "input/output error" }, "IMG_0001.JPG (input/output error)"},
		"changed":             {func(e *ingest.Evidence) { e.Files[0].Changed = true }, "changed on the card"},
		"changed sidecar":     {func(e *ingest.Evidence) { e.Files[1].Changed = true }, "changed on the card"},
		"went away":           {func(e *ingest.Evidence) { e.Lost = []string{"DCIM/a.jpg"} }, "went away from the card"},
		"not confirmed":       {func(e *ingest.Evidence) { e.Confirm = true }, "not confirmed by the service"},
		"unknown class":       {func(e *ingest.Evidence) { e.Files[2].Class = "whatever" }, ".DS_Store"},
		"empty photo":         {func(e *ingest.Evidence) { e.Files[2] = ingest.Exhibit{Path: "0.JPG", Class: card.Media} }, "0.JPG"},
	} {
		e := proved()
		c.change(&e)
		v := ingest.Judge(e)
		if v.Safe || v.String() != "SAFE TO FORMAT: no" || !strings.Contains(strings.Join(v.Reasons, "\n"), c.reason) {
			t.Errorf("%s: %v %q, want no because of %q", name, v, v.Reasons, c.reason)
		}
	}
}

func TestAConfirmationCountsOnlyForWhatTheServiceTakes(t *testing.T) {
	e := proved()
	e.Confirm, e.Files[0].Confirmed = true, true
	if v := ingest.Judge(e); !v.Safe {
		t.Errorf("the sidecar is not sent, and so not confirmed: %q", v.Reasons)
	}
}

func TestTheFirstReasonsAreTheWeightiest(t *testing.T) {
	e := proved()
	e.Card, e.Depth, e.Files[0].Places = "the card is gone", offload.BySize, 0
	v := ingest.Judge(e)
	if len(v.Reasons) != 3 || !strings.Contains(v.Reasons[0], "gone") || !strings.Contains(v.Reasons[1], "--verify") {
		t.Errorf("reasons %q", v.Reasons)
	}
}
