package main

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"text/template"
	"time"
)

// itemFormat prints what the service tells of an item or album by a template of the user's, under the API's own names.
type itemFormat struct{ t *template.Template }

// newItemFormat tries the template on a value with all its parts, so that a name that is none is refused before any call.
func newItemFormat(text string, sample any) (f itemFormat, err error) {
	t, err := template.New("--format").Parse(text)
	if err == nil {
		err = t.Option("missingkey=error").Execute(io.Discard, byName(reflect.ValueOf(sample), true))
	}
	if err != nil {
		return f, formatProblem(err)
	}
	return itemFormat{t.Option("missingkey=zero")}, nil
}

func (f itemFormat) print(w io.Writer, v any) error {
	err := f.t.Execute(w, byName(reflect.ValueOf(v), false))
	if failed := (template.ExecError{}); errors.As(err, &failed) {
		return usageError{formatProblem(err)}
	}
	return err
}

// formatProblem keeps "--format:LINE:COLUMN: what is wrong".
func formatProblem(err error) error { return errors.New(strings.TrimPrefix(err.Error(), "template: ")) }

// byName is a struct as a template reads it: a map by the names in its JSON, in which everything is, also what the service left out. A part of which only words
// and numbers are told is a map of texts; one that the service left out has nothing in it, so that {{if}} takes it for false and each of its fields is empty. With
// all, no part is left out.
func byName(v reflect.Value, all bool) any {
	if v.Kind() == reflect.Pointer {
		switch {
		case !v.IsNil():
			v = v.Elem()
		case all:
			v = reflect.Zero(v.Type().Elem())
		default:
			return map[string]string{}
		}
	}
	whole, texts := map[string]any{}, map[string]string{}
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if field := v.Field(i); isPart(field.Type()) {
			whole[name] = byName(field, all)
		} else {
			whole[name], texts[name] = plainValue(field), fmt.Sprint(plainValue(field))
		}
	}
	if len(texts) == len(whole) {
		return texts
	}
	return whole
}

// isPart: a struct with names of its own.
func isPart(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]()
}

// plainValue is a text, or a truth.
func plainValue(v reflect.Value) any {
	switch x := v.Interface().(type) {
	case bool:
		return x
	case time.Time:
		if x.IsZero() {
			return ""
		}
		return x.Format(time.RFC3339Nano)
	}
	if v.IsZero() && v.Kind() != reflect.String {
		return "" // the service said nothing
	}
	return fmt.Sprint(v.Interface())
}
