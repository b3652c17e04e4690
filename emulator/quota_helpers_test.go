package emulator_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// quotaBody is the whole 429 of contract 6.
func quotaBody(metric, limit, metricID, limitName, value string) map[string]any {
	message := fmt.Sprintf("Quota exceeded for quota metric '%s' and limit '%s' of service 'photoslibrary.googleapis.com' "+
		"for consumer 'project_number:844831818923'.", metric, limit)
	return map[string]any{"error": map[string]any{
		"code": 429.0, "message": message, "status": "RESOURCE_EXHAUSTED",
		"errors": []any{map[string]any{"message": message, "domain": "global", "reason": "rateLimitExceeded"}},
		"details": []any{
			map[string]any{
				"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "RATE_LIMIT_EXCEEDED", "domain": "googleapis.com",
				"metadata": map[string]any{
					"service": "photoslibrary.googleapis.com", "quota_limit_value": value, "quota_location": "global",
					"consumer": "projects/844831818923", "quota_metric": "photoslibrary.googleapis.com/" + metricID, "quota_limit": limitName,
				},
			},
			map[string]any{
				"@type": "type.googleapis.com/google.rpc.Help",
				"links": []any{map[string]any{
					"description": "Request a higher quota limit.", "url": "https://cloud.google.com/docs/quota#requesting_higher_quota",
				}},
			},
		},
	}}
}

func minuteBody(value string) map[string]any {
	return quotaBody("Write requests", "Write requests per minute per user", "write_requests", "WritesPerMinutePerUser", value)
}

func dayBody(value string) map[string]any {
	return quotaBody("All requests", "All requests per day", "all_requests", "ApiCallsPerProjectPerDay", value)
}

// wantQuota checks a 429 whole, and that no header says when to come again
// (contract 0 #11).
func (a answer) wantQuota(t *testing.T, want map[string]any) {
	t.Helper()
	a.wantStatus(t, http.StatusTooManyRequests)
	if diff := cmp.Diff(want, a.json(t)); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if a.header.Get("Retry-After") != "" {
		t.Error("the service sends no Retry-After")
	}
}

// newAlbum sends an albums.create, whatever becomes of it.
func (c *client) newAlbum() answer {
	c.t.Helper()
	return c.post("/v1/albums", `{"album":{"title":"x"}}`)
}

// standing is a clock that stands: what counts by the minute counts the same
// however long a machine takes.
func standing() func() time.Time {
	now := time.Now()
	return func() time.Time { return now }
}
