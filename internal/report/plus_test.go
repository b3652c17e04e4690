package report_test

import (
	"reflect"
	"testing"

	"github.com/albumwright/albumwright/internal/report"
)

// A field that is added one day and forgotten in a sum would be lost in every report of several runs.
func TestASumOfTwoRunsHasAllTheirCounts(t *testing.T) {
	fill := func(v reflect.Value, from int64) {
		for i := range v.NumField() {
			v.Field(i).SetInt(from + int64(i))
		}
	}
	var a, b, want report.Requests
	fill(reflect.ValueOf(&a).Elem(), 1)
	fill(reflect.ValueOf(&b).Elem(), 100)
	for i := range reflect.TypeOf(want).NumField() {
		reflect.ValueOf(&want).Elem().Field(i).SetInt(101 + 2*int64(i))
	}
	if got := a.Plus(b); got != want {
		t.Errorf("sum %+v, want %+v", got, want)
	}
	var x, y, bytes report.Bytes
	fill(reflect.ValueOf(&x).Elem(), 1)
	fill(reflect.ValueOf(&y).Elem(), 100)
	for i := range reflect.TypeOf(bytes).NumField() {
		reflect.ValueOf(&bytes).Elem().Field(i).SetInt(101 + 2*int64(i))
	}
	if got := x.Plus(y); got != bytes {
		t.Errorf("sum %+v, want %+v", got, bytes)
	}
}
