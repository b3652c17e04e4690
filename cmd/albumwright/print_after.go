package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// afterwards is what comes behind the sending of a planned import: nothing, if it is nil.
type afterwards struct {
	Action   string `json:"action"` // "keep", "move:DIR", ...
	Files    int    `json:"files_at_most"`
	Requests int    `json:"requests_at_most"` // batchGet; the plan's own do not count them
	cfg      pipeline.Config
}

func afterwardsOf(cfg pipeline.Config, p pipeline.Foresight) *afterwards {
	if !cfg.Confirm && cfg.After.Keeps() {
		return nil
	}
	n := p.Ends[pipeline.Uploaded] + p.Ends[pipeline.AlreadyThere] + p.Ends[pipeline.Duplicate]
	return &afterwards{Action: cfg.After.String(), Files: n, Requests: (n + photos.MaxBatch - 1) / photos.MaxBatch, cfg: cfg}
}

// print says which files, under which condition.
func (a *afterwards) print(w io.Writer) {
	if a == nil {
		return
	}
	row(w, "Then", "the service is asked whether it has them: up to %s, %s more", countOf(a.Files, "file"), countOf(a.Requests, "request"))
	if !a.cfg.After.Keeps() {
		row(w, "", "--after=%s: each of them that it confirms, and that still is what was sent, is %s%s", a.Action, a.cfg.After.Done(), a.whereTo())
	}
}

// whereTo is an example of where a moved file goes.
func (a *afterwards) whereTo() string {
	if dir, ok := a.cfg.After.Dir(); ok {
		return fmt.Sprintf(", to its path below %s", dir)
	}
	return ""
}

// printPlanJSON is the plan for programs.
func printPlanJSON(w io.Writer, p pipeline.Foresight, costs planCost, then *afterwards) error {
	return json.NewEncoder(w).Encode(struct {
		Type   string `json:"message_type"`
		DryRun bool   `json:"dry_run"`
		pipeline.Foresight
		Cost  planCost    `json:"cost"`
		After *afterwards `json:"after,omitempty"`
	}{"plan", true, p, costs, then})
}
