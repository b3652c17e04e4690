package ingest

import (
	"bytes"
	"encoding/json"
)

func reportBytes(r Report) ([]byte, error) { return json.Marshal(r) }

// JSON is an ingest with all its files, for programs.
func JSON(r Result) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetIndent("", "  ")
	err := enc.Encode(struct {
		Files   []File `json:"files"`
		Summary Report `json:"summary"`
		Verdict string `json:"verdict"`
	}{r.Files, r.Report, r.Report.Verdict.String()})
	return out.Bytes(), err
}
