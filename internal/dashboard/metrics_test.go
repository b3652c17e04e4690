package dashboard_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/albumwright/albumwright/internal/watch"
)

func TestMetricsFollowTheConventions(t *testing.T) {
	w := serve(t, afternoon(""))
	status, header, body := w.get("metrics")
	if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), "text/plain") {
		t.Fatal(status, header)
	}
	ours := ""
	for line := range strings.Lines(body) {
		if strings.Contains(line, "albumwright_") {
			ours += line
		}
	}
	problems, err := promlint.New(strings.NewReader(ours)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestMetricsSayWhatThePageSays(t *testing.T) {
	w := serve(t, afternoon(""))
	_, _, body := w.get("metrics")
	wantIn(t, body,
		"albumwright_watch_files_found_total 1412\n",
		`albumwright_watch_files{end="uploaded"} 1203`, `albumwright_watch_files{end="open"} 74`, "albumwright_watch_failures 3\n",
		`albumwright_watch_stage_queue_files{stage="upload"} 22`, `albumwright_watch_stage_done_files_total{stage="create"} 1290`, "albumwright_watch_sent_bytes_total 8.412e+09",
		`albumwright_budget_used_requests{project="summit-photos"} 3412`, `albumwright_budget_limit_requests{project="summit-photos"} 10000`, "albumwright_budget_reset_timestamp_seconds",
		`albumwright_watch_troubles{kind="offline"} 1`, `albumwright_watch_troubles{kind="sign-in"} 0`,
		`albumwright_watch_folder_state{account="mara@example.org",folder="/media/mara/EOS_DIGITAL",state="offline"} 1`,
		`albumwright_watch_state{state="sending"} 1`, `albumwright_watch_state{state="idle"} 0`,
		"albumwright_watch_last_success_timestamp_seconds", "process_resident_memory_bytes", "go_goroutines")
}

// What failed in a row pushes the last success out of what a snapshot lists; it is not forgotten for that.
func TestTheLastSuccessIsNotForgotten(t *testing.T) {
	w := serve(t, afternoon(""))
	line := func() string {
		_, _, body := w.get("metrics")
		_, after, _ := strings.Cut(body, "\nalbumwright_watch_last_success_timestamp_seconds ")
		value, _, _ := strings.Cut(after, "\n")
		return value
	}
	before := line()
	w.watch.change(func(s *watch.Snapshot) { s.Last = nil })
	if after := line(); before == "" || after != before {
		t.Errorf("%q, and then %q", before, after)
	}
}

func TestHealthIsGoodUntilTheWorkHasStalled(t *testing.T) {
	w := serve(t, afternoon(""))
	ask := func() (int, map[string]any) {
		status, header, body := w.get("healthz")
		var h map[string]any
		if err := json.Unmarshal([]byte(body), &h); err != nil || header.Get("Content-Type") != "application/json" {
			t.Fatal(err, header)
		}
		return status, h
	}
	if status, h := ask(); status != http.StatusOK || h["status"] != "ok" || h["state"] != "sending" {
		t.Error(status, h)
	}
	w.watch.change(func(s *watch.Snapshot) {
		s.Trouble = append(s.Trouble, watch.Trouble{Kind: "stalled", What: "/home/mara/secret has not moved", Since: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)})
	})
	status, h := ask()
	if status != http.StatusServiceUnavailable || h["status"] != "stalled" || h["reason"] != "the work has stood still since 2026-01-02T03:04:05Z" {
		t.Error(status, h)
	}
}

func TestAWatchThatDoesNotAnswerIsNotHealthy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(afternoon(""))
		f.stuck = make(chan struct{})
		h := newHandler(f)
		ask := func() *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/healthz", nil))
			return w
		}
		for range 3 { // each is answered, and only the first one asks
			began := time.Now()
			if w := ask(); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "does not say what it is doing") || time.Since(began) > 6*time.Second {
				t.Errorf("%d %s after %v", w.Code, w.Body, time.Since(began))
			}
		}
		close(f.stuck)
		synctest.Wait()
		if w := ask(); w.Code != http.StatusOK {
			t.Errorf("when it goes on: %d", w.Code)
		}
	})
}
