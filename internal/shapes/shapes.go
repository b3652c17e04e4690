// Package shapes reads the cases in emulator/testdata/shapes: every request and
// answer that the pages of the service's documentation show, in cases of our
// own. The emulator is held to serve them, and package photos to make and to read
// them, so neither side alone decides what the API looks like.
//
// [Load] reads the cases. [Fill] puts in what a test knows by then, such as ids;
// [Match] compares an answer with one that has placeholders, and [Sample] makes
// an answer of it. It is for tests only.
package shapes

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

// PagesFile lists the names of the pages, as they head them.
const PagesFile = "pages.json"

// Case is one request and its answer.
type Case struct {
	Page   string `json:"page"`
	Name   string `json:"name"`
	Method string `json:"method"` // in the API's words, such as "mediaItems.get"; "baseUrl" for a load of bytes

	Only string `json:"only"` // "emulator" or "client", where it makes sense for one side
	Why  string `json:"why"`  // it does not for the other

	Era    string `json:"era"`    // "2024": before sharing ended
	Scopes string `json:"scopes"` // letters of the scopes of the request; "" = all of the era
	Setup  []Step `json:"setup"`

	Request  Request  `json:"request"`
	Response Response `json:"response"`
}

// Request is as it goes over the wire. In its texts {name} is what a step of the
// setup is called.
type Request struct {
	Verb    string            `json:"verb"`
	Path    string            `json:"path"` // with its query
	Headers map[string]string `json:"headers"`
	Body    any               `json:"body"` // JSON; nil = none
}

// Response is an answer whose body is of JSON, with placeholders; or else bytes
// of a type, of a picture with its size.
type Response struct {
	Status int    `json:"status"`
	Body   any    `json:"body"`
	Type   string `json:"type"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// Step prepares the service. One of the first group is set; it names what comes
// of the step.
type Step struct {
	Album        string `json:"album"`        // a new album
	Upload       string `json:"upload"`       // bytes that were uploaded: the name of their token
	Item         string `json:"item"`         // a media item
	Enrichment   string `json:"enrichment"`   // a text in an album
	Contribution string `json:"contribution"` // a media item that a friend adds
	Guest        string `json:"guest"`        // a friend's album; {name.token} is its share token
	Join         string `json:"join"`         // such an album is joined
	Share        string `json:"share"`        // an album is shared; {name.token} is its share token
	Foreign      string `json:"foreign"`      // an album of another app
	Delete       string `json:"delete"`       // an album is deleted
	Take         string `json:"take"`         // a field of the answer to another request, such as "items.0.id", called As
	Wait         string `json:"wait"`         // time passes

	Media       string          `json:"media"` // "photo" (also if empty), "camera photo", "motion photo", "video", "junk"
	File        string          `json:"file"`
	Taken       string          `json:"taken"` // the wall clock, "2024-07-01 18:30:00"
	Description string          `json:"description"`
	In          string          `json:"in"`    // the album
	Marks       json.RawMessage `json:"marks"` // of an item: emulator.Marks
	As          string          `json:"as"`
	Of          *Request        `json:"of"`
}

// Load reads the pages and the cases of a folder. A case of a page that is not
// listed is an error, as is a page without cases.
func Load(folder fs.FS) (pages []string, cases []Case, err error) {
	if err := read(folder, PagesFile, &pages); err != nil {
		return nil, nil, err
	}
	names, err := fs.Glob(folder, "*.json")
	if err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		if name == PagesFile {
			continue
		}
		var more []Case
		if err := read(folder, name, &more); err != nil {
			return nil, nil, err
		}
		for _, c := range more {
			if err := c.valid(pages, cases); err != nil {
				return nil, nil, fmt.Errorf("%s: %q: %w", name, c.Name, err)
			}
			cases = append(cases, c)
		}
	}
	for _, p := range pages {
		if !slices.ContainsFunc(cases, func(c Case) bool { return c.Page == p }) {
			return nil, nil, fmt.Errorf("%s: %q has no case", PagesFile, p)
		}
	}
	return pages, cases, nil
}

func read(folder fs.FS, name string, into any) error {
	text, err := fs.ReadFile(folder, name)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (c Case) valid(pages []string, before []Case) error {
	switch {
	case !slices.Contains(pages, c.Page):
		return fmt.Errorf("page %q is not in %s", c.Page, PagesFile)
	case c.Name == "" || c.Method == "" || c.Request.Verb == "" || c.Request.Path == "" || c.Response.Status == 0:
		return errors.New("a name, a method, a verb, a path and a status are needed")
	case slices.ContainsFunc(before, func(b Case) bool { return b.Page == c.Page && b.Name == c.Name }):
		return errors.New("the page has two cases of this name")
	case (c.Only == "") != (c.Why == "") || c.Only != "" && c.Only != "emulator" && c.Only != "client":
		return errors.New(`"only" is "emulator" or "client", and "why" says why`)
	case (c.Response.Body == nil) == (c.Response.Type == ""):
		return errors.New("an answer has a body or a type")
	}
	return checkPlaceholders(c.Response.Body)
}
