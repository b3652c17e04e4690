package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/report"
)

// printFacts shows one file to people: each fact with the record that it was taken from.
func printFacts(w io.Writer, told fileFacts) error {
	f := told.facts
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", report.Text(told.path), told.heading())
	line := func(name, value string, from exif.Source) {
		if value != "" {
			b.WriteString(strings.TrimRight(fmt.Sprintf("  %-12s %-42s %s", name, report.Text(value), from), " ") + "\n")
		}
	}
	taken := "taken"
	if f.Capture.Source == exif.SourceModTime {
		taken = "not known" // when it was taken; the modification time stands in for it
	}
	line(taken, takenText(f.Capture), exif.Source(takenFrom(f.Capture)))
	line("make", f.Make, f.From.Make)
	line("model", f.Model, f.From.Model)
	line("serial", f.Serial, f.From.Serial)
	line("size", sizeText(f), f.From.Size)
	line("duration", durationText(f.Duration), f.From.Duration)
	line("orientation", orientationText(f.Orientation), f.From.Orientation)
	if f.From.Rotation != "" {
		line("rotation", fmt.Sprintf("%d° clockwise", f.Rotation), f.From.Rotation)
	}
	line("exposure", exposureText(f.Exposure), f.From.Exposure)
	if !f.Place.IsZero() {
		line("place", fmt.Sprintf("%.6f, %.6f", f.Place.Lat, f.Place.Lon), f.From.Place)
	}
	line("description", f.Description, f.From.Description)
	line("rating", ratingText(f.Rating), f.From.Rating)
	line("content id", f.ContentID, f.From.ContentID)
	line("burst", f.Burst, f.From.Burst)
	for _, s := range told.sidecars {
		line("sidecar", s, "")
	}
	for _, note := range told.notes() {
		fmt.Fprintf(&b, "  note: %s\n", report.Text(note))
	}
	b.WriteString("\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// heading says what the file is.
func (told fileFacts) heading() string {
	if !told.opened {
		return "cannot be read"
	}
	parts := []string{"not a known photo or video"}
	switch {
	case told.known && told.facts.Kind != "":
		parts = []string{told.media.Name + " (" + told.media.MIME + ")", string(told.facts.Kind)}
	case told.known:
		parts = []string{told.media.Name + " (" + told.media.MIME + ")"}
	case told.facts.Format != "":
		parts = []string{string(told.facts.Format)}
	}
	return strings.Join(append(parts, size(told.size)), ", ")
}

// notes are what the owner should know beside the facts.
func (told fileFacts) notes() (notes []string) {
	if told.mismatch != "" {
		notes = append(notes, string(told.mismatch))
	}
	if refused := told.refused(); refused != "" {
		notes = append(notes, "the service will not take it: "+refused)
	}
	if told.err != nil {
		notes = append(notes, told.err.Error())
	}
	return notes
}

// refused is why the service will not take the file; "" if it may.
func (told fileFacts) refused() string {
	switch {
	case !told.opened:
		return ""
	case told.size == 0:
		return "it is empty"
	case !told.known:
		return "it is no photo or video of a known type"
	case !told.media.Accepted():
		return told.media.Name + " is not among the types that it lists"
	case told.size > told.media.MaxSize:
		return fmt.Sprintf("it is larger than the %d MB that it takes of a %s", told.media.MaxSize>>20, told.media.Kind)
	}
	return ""
}

// takenText is the capture time for people.
func takenText(c exif.Capture) string {
	if c.IsZero() {
		return "not known"
	}
	text := c.Wall.Format("2006-01-02 15:04:05.999999999")
	if t, ok := c.Instant(); ok {
		text += t.Format(" -07:00")
	}
	return text
}

// takenFrom says where the time and its offset come from, and whether it is only a guess.
func takenFrom(c exif.Capture) string {
	if c.IsZero() {
		return ""
	}
	text := string(c.Source)
	switch c.OffsetSource {
	case exif.OffsetUnknown:
		text += "; zone not known"
	case exif.OffsetRecorded:
	case exif.OffsetAssumed:
		text += "; shown in this machine's zone"
	case exif.OffsetChosen:
		text += "; zone chosen"
	default:
		text += "; zone from " + string(c.OffsetSource)
	}
	if c.Shifted != 0 {
		text += "; clock put right by " + c.Shifted.String()
	}
	if c.Source.Late() {
		text += " (late resort)"
	}
	return text
}

func sizeText(f exif.Facts) string {
	if f.Width == 0 {
		return ""
	}
	return fmt.Sprintf("%d x %d", f.Width, f.Height)
}

func durationText(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.Round(time.Millisecond).String()
}

func orientationText(n int) string {
	words := []string{
		"", "upright", "mirrored", "upside down", "mirrored and upside down", "mirrored, turn left", "turn right", "mirrored, turn right", "turn left",
	}
	if n < 1 || n >= len(words) {
		return ""
	}
	return fmt.Sprintf("%d: %s", n, words[n])
}

// exposureText is what is known of an exposure, as photographers write it.
func exposureText(e exif.Exposure) string {
	var parts []string
	if t := e.Time.Seconds(); t >= 0.3 {
		parts = append(parts, fmt.Sprintf("%.3g s", t))
	} else if t > 0 {
		parts = append(parts, fmt.Sprintf("1/%.0f s", 1/t))
	}
	if e.FNumber > 0 {
		parts = append(parts, fmt.Sprintf("f/%.3g", e.FNumber))
	}
	if e.FocalLength > 0 {
		parts = append(parts, fmt.Sprintf("%.4g mm", e.FocalLength))
	}
	if e.ISO > 0 {
		parts = append(parts, fmt.Sprintf("ISO %d", e.ISO))
	}
	return strings.Join(parts, ", ")
}

func ratingText(n int) string {
	switch {
	case n < 0:
		return "rejected"
	case n == 0:
		return ""
	}
	return strings.Repeat("*", n)
}

// factsLine is a line of --json. What is not known is left out.
type factsLine struct {
	MessageType string `json:"message_type"`
	Path        string `json:"path"`
	Size        int64  `json:"size"`
	Format      string `json:"format,omitempty"`
	MIME        string `json:"mime,omitempty"`
	Kind        string `json:"kind,omitempty"`

	Capture       string     `json:"capture,omitempty"` // RFC 3339; no zone suffix if the offset is unknown
	CaptureSource string     `json:"capture_source,omitempty"`
	OffsetSource  string     `json:"offset_source,omitempty"`
	Late          bool       `json:"late,omitempty"`       // the capture time is a late resort
	ShiftedBy     float64    `json:"shifted_by,omitempty"` // seconds
	Modified      *time.Time `json:"modified,omitempty"`   // of the file; what an import goes by if there is no capture time

	Make        string   `json:"make,omitempty"`
	Model       string   `json:"model,omitempty"`
	Serial      string   `json:"serial,omitempty"`
	Orientation int      `json:"orientation,omitempty"`
	Rotation    *int     `json:"rotation,omitempty"` // degrees clockwise
	Lat         *float64 `json:"lat,omitempty"`
	Lon         *float64 `json:"lon,omitempty"`
	Description string   `json:"description,omitempty"`
	Rating      int      `json:"rating,omitempty"`
	Width       int      `json:"width,omitempty"`
	Height      int      `json:"height,omitempty"`
	Duration    float64  `json:"duration,omitempty"`      // seconds
	Exposure    float64  `json:"exposure_time,omitempty"` // seconds
	FNumber     float64  `json:"f_number,omitempty"`
	FocalLength float64  `json:"focal_length,omitempty"` // millimetres
	ISO         int      `json:"iso,omitempty"`
	ContentID   string   `json:"content_id,omitempty"`
	Burst       string   `json:"burst,omitempty"`

	Sources  map[string]exif.Source `json:"sources,omitempty"` // of the facts above, by their names here
	Sidecars []string               `json:"sidecars,omitempty"`
	Mismatch string                 `json:"mismatch,omitempty"` // extension and content at odds
	Refused  string                 `json:"refused,omitempty"`  // why the service will not take it
	Error    string                 `json:"error,omitempty"`
}

// printFactsJSON shows one file to a program.
func printFactsJSON(w io.Writer, told fileFacts) error {
	f := told.facts
	line := factsLine{
		MessageType: "facts", Path: report.Text(told.path), Size: told.size, Format: string(f.Format), MIME: told.media.MIME, Kind: string(f.Kind),
		Make: f.Make, Model: f.Model, Serial: f.Serial, Orientation: f.Orientation, Description: f.Description, Rating: f.Rating,
		Width: f.Width, Height: f.Height, Duration: f.Duration.Seconds(), ContentID: f.ContentID, Burst: f.Burst,
		Exposure: f.Exposure.Time.Seconds(), FNumber: f.Exposure.FNumber, FocalLength: f.Exposure.FocalLength, ISO: f.Exposure.ISO,
		Sources: sourcesOf(f), Sidecars: told.sidecars, Mismatch: string(told.mismatch), Refused: told.refused(),
	}
	if !told.modified.IsZero() {
		line.Modified = &told.modified
	}
	if c := f.Capture; c.Source != exif.SourceModTime {
		line.Capture, line.CaptureSource, line.OffsetSource = c.String(), string(c.Source), string(c.OffsetSource)
		line.Late, line.ShiftedBy = c.Source.Late(), c.Shifted.Seconds()
	}
	if f.From.Rotation != "" {
		line.Rotation = &f.Rotation
	}
	if !f.Place.IsZero() {
		line.Lat, line.Lon = &f.Place.Lat, &f.Place.Lon
	}
	if told.err != nil {
		line.Error = told.err.Error()
	}
	return json.NewEncoder(w).Encode(line)
}

// sourcesOf names the records that facts were taken from.
func sourcesOf(f exif.Facts) map[string]exif.Source {
	sources := map[string]exif.Source{
		"make": f.From.Make, "model": f.From.Model, "serial": f.From.Serial, "orientation": f.From.Orientation, "rotation": f.From.Rotation,
		"lat": f.From.Place, "lon": f.From.Place, "description": f.From.Description, "rating": f.From.Rating, "width": f.From.Size,
		"height": f.From.Size, "duration": f.From.Duration, "content_id": f.From.ContentID, "burst": f.From.Burst,
		"exposure_time": f.From.Exposure, "f_number": f.From.Exposure, "focal_length": f.From.Exposure, "iso": f.From.Exposure,
	}
	for name, known := range map[string]bool{
		"exposure_time": f.Exposure.Time != 0, "f_number": f.Exposure.FNumber != 0, "focal_length": f.Exposure.FocalLength != 0, "iso": f.Exposure.ISO != 0,
	} {
		if !known {
			delete(sources, name)
		}
	}
	for name, source := range sources {
		if source == "" {
			delete(sources, name)
		}
	}
	return sources
}
