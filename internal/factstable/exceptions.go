package main

import (
	"slices"
	"strings"
)

// exceptions are disagreements in which exiftool is the one that errs, or means
// something else by the fact; by file name and fact, with the reason.
func exceptions() map[string]string {
	return map[string]string{
		"6fae30a2809b52ec.nef size": "exiftool gives the preview's size; the full picture is 3040 x 2014, in its own directory",
	}
}

// allFillers reports whether no person wrote any of the texts. The list is of
// what stands in the files that were measured: a text that is not in it is
// listed as a disagreement, so that somebody decides.
func allFillers(texts []string) bool {
	fillers := []string{
		"DIGITAL CAMERA", "MINOLTA DIGITAL CAMERA", "Minolta DSC", "Adobe Photoshop 7.0", "DCF 1.0",
		"OLYMPUS DIGITAL CAMERA", "User comments", "This is UserComment. Tag $9286 Code: ASCII", "<KENOX S730  / Samsung S730>",
	}
	return !slices.ContainsFunc(texts, func(s string) bool {
		dump := strings.HasPrefix(s, "filter: 0;") // a phone's notes on its own picture
		return !dump && !slices.Contains(fillers, strings.TrimSpace(s))
	})
}
