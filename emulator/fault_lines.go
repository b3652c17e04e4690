package emulator

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// maxFaultLine is far more than a fault with the longest match and message.
const maxFaultLine = 1 << 20

// LoadFaults reads a plan of faults in JSON Lines, one [Fault] a line; empty
// lines are passed over. It is strict: a line with an unknown key, operation
// or effect is an error that names the line and what is known.
//
//	{"operation": "uploads", "match": "IMG_0042", "nth": 2, "effect": {"name": "503", "retryAfter": 30}}
//	{"operation": "mediaItems.batchCreate", "times": 3, "effect": {"name": "apply-then-cut"}}
func LoadFaults(r io.Reader) ([]Fault, error) {
	var faults []Fault
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxFaultLine)
	n := 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		f, err := readFault(line)
		if err != nil {
			return nil, fmt.Errorf("faults: line %d: %w", n, err)
		}
		faults = append(faults, f)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("faults: line %d: %w", n+1, err)
	}
	return faults, nil
}

func readFault(line []byte) (f Fault, err error) {
	keys, err := knownKeys(line, reflect.TypeFor[Fault]())
	if err != nil {
		return f, err
	}
	if effect, found := keys["effect"]; found {
		if _, err := knownKeys(effect, reflect.TypeFor[Effect]()); err != nil {
			return f, fmt.Errorf("effect: %w", err)
		}
	}
	if err := json.Unmarshal(line, &f); err != nil {
		return f, err
	}
	return f, f.valid()
}

// knownKeys splits an object, and refuses keys that are not written exactly as
// a field of t is: encoding/json itself takes them in any case, and twice.
func knownKeys(raw []byte, t reflect.Type) (map[string]json.RawMessage, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, err
	}
	known := keysOf(t)
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(known, key) {
			return nil, fmt.Errorf("unknown key %q; known are %s", key, strings.Join(known, ", "))
		}
	}
	return object, nil
}

// keysOf are the JSON names of a struct's fields.
func keysOf(t reflect.Type) []string {
	var keys []string
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		keys = append(keys, name)
	}
	return keys
}
