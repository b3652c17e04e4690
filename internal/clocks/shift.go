// Package clocks is about cameras whose clocks are wrong: how they are put right ([Shifts]), and how they are found, by the satellites' time in the same
// photos ([Satellites]) and by other cameras' photos of the same occasion ([Occasions]).
package clocks

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Camera is whose clock it is.
type Camera struct{ Make, Model, Serial string }

// Name is what a person calls it; cameras of one model are told apart by [Camera.Full].
func (c Camera) Name() string {
	if c.Model == "" {
		return c.Make
	}
	return c.Model
}

// Full is its name with its serial number, in the form that [ParseShift] takes.
func (c Camera) Full() string {
	if c.Serial == "" {
		return c.Name()
	}
	return c.Name() + "/" + c.Serial
}

// Shift puts the clock of one camera, or of all, right.
type Shift struct {
	Camera string // model, "make model", or one of these with "/serial"; "" = all cameras
	By     time.Duration
}

// furthestShift is how far a clock can be put: one that began at 1970 again, and then some.
const furthestShift = 100 * 365 * 24 * time.Hour

// ErrShift is the error of a text that says no shift.
var ErrShift = errors.New("must be the camera's model and by how much its clock is put forward or back, such as 'Canon EOS R6=+1:00', '-0:02:30' for all cameras, or '+1d0:00'")

var by = regexp.MustCompile(`^([+-])(?:(\d{1,5})d ?)?(\d{1,3}):([0-5]\d)(?::([0-5]\d))?$`)

// ParseShift reads "[CAMERA=]±[DAYSd]H:MM[:SS]". CAMERA is a model, a make and model, or either with "/SERIAL", in any case.
func ParseShift(text string) (Shift, error) {
	var s Shift
	amount := text
	if i := strings.LastIndexByte(text, '='); i >= 0 {
		s.Camera, amount = strings.TrimSpace(text[:i]), text[i+1:]
		if s.Camera == "" {
			return Shift{}, fmt.Errorf("%q: no camera stands before the '='; %w", text, ErrShift)
		}
	}
	m := by.FindStringSubmatch(strings.TrimSpace(amount))
	if m == nil {
		return Shift{}, fmt.Errorf("%q: %w", text, ErrShift)
	}
	units := []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second}
	for i, unit := range units {
		n, _ := strconv.Atoi(m[i+2]) // digits, or nothing
		s.By += time.Duration(n) * unit
	}
	if s.By > furthestShift {
		return Shift{}, fmt.Errorf("%q: a clock is not put further than a hundred years; %w", text, ErrShift)
	}
	if m[1] == "-" {
		s.By = -s.By
	}
	return s, nil
}

// String is the form that ParseShift takes.
func (s Shift) String() string {
	if s.Camera == "" {
		return amountOf(s.By)
	}
	return s.Camera + "=" + amountOf(s.By)
}

// amountOf says how far a clock is moved: "+1:00", "-0:02:30", "+3d4:00".
func amountOf(d time.Duration) string {
	sign := "+"
	if d < 0 {
		sign, d = "-", -d
	}
	d = d.Round(time.Second)
	if days := d / (24 * time.Hour); days > 0 {
		sign += fmt.Sprintf("%dd", days)
		d -= days * 24 * time.Hour
	}
	text := fmt.Sprintf("%s%d:%02d", sign, d/time.Hour, d%time.Hour/time.Minute)
	if seconds := d % time.Minute / time.Second; seconds != 0 {
		text += fmt.Sprintf(":%02d", seconds)
	}
	return text
}

// Shifts are the corrections of a run.
type Shifts []Shift

// Valid refuses two shifts for one camera.
func (s Shifts) Valid() error {
	for i, a := range s {
		if slices.ContainsFunc(s[:i], func(b Shift) bool { return strings.EqualFold(a.Camera, b.Camera) }) {
			return fmt.Errorf("two shifts for the same camera: %s", a)
		}
	}
	return nil
}

// Of is the shift that names a camera most closely, if any does.
func (s Shifts) Of(c Camera) (best Shift, ok bool) {
	closest := -1
	for _, shift := range s {
		if n := shift.names(c); n > closest {
			best, closest = shift, n
		}
	}
	return best, closest >= 0
}

// Names tells whether a shift names a camera, however closely.
func (s Shift) Names(c Camera) bool { return s.names(c) >= 0 }

// names tells how closely a shift names a camera; -1: not at all.
func (s Shift) names(c Camera) int {
	if s.Camera == "" {
		return 0
	}
	for closeness, name := range []string{c.Model, c.Make + " " + c.Model, c.Model + "/" + c.Serial, c.Make + " " + c.Model + "/" + c.Serial} {
		if c.Model != "" && strings.EqualFold(s.Camera, name) {
			return closeness + 1
		}
	}
	return -1
}
