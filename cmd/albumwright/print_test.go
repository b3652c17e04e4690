package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/pipeline"
)

func TestAReportRemindsOfTheStorageFrom25MBOn(t *testing.T) {
	for sent, want := range map[int64]bool{0: false, 25 << 20: false, 25<<20 + 1: true, 5 << 30: true} {
		var out bytes.Buffer
		printReport(&out, pipeline.Report{Found: 1, Ends: map[pipeline.End]int{pipeline.Uploaded: 1}, Bytes: pipeline.Bytes{Sent: sent}}, occasion{})
		if got := strings.Contains(out.String(), "count against the account's storage"); got != want {
			t.Errorf("%d bytes sent: reminded %t, want %t", sent, got, want)
		}
	}
}

func TestAReportCountsItsRequestsAgainstTheDayThatThereIs(t *testing.T) {
	r := pipeline.Report{Found: 1, Ends: map[pipeline.End]int{pipeline.Uploaded: 1}, Requests: pipeline.Requests{Uploads: 5}}
	for perDay, want := range map[int]string{10_000: "(0.1 % of a day's 10,000)", 100: "(5.0 % of a day's 100)", 0: ""} {
		var out bytes.Buffer
		printReport(&out, r, occasion{perDay: perDay})
		if _, share, _ := strings.Cut(out.String(), "album lists "); strings.Split(share, "\n")[0] != want && (want != "" || strings.Contains(out.String(), "of a day's")) {
			t.Errorf("with %d a day it says %q, want %q", perDay, out.String(), want)
		}
	}
}
