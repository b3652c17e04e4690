package shapes_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/albumwright/albumwright/internal/shapes"
)

const good = `{"page":"P","name":"n","method":"m","request":{"verb":"GET","path":"/v1"},"response":{"status":200,"body":{"id":"<id>"}}}`

func TestCasesAreOfPagesThatThereAre(t *testing.T) {
	for name, tt := range map[string]struct{ pages, cases, refusal string }{
		"a good case":              {`["P"]`, good, ""},
		"a page that is not there": {`["Q"]`, good, `"n": page "P" is not in pages.json`},
		"a page without cases":     {`["P","Q"]`, good, `"Q" has no case`},
		"the same name twice":      {`["P"]`, good + "," + good, "two cases of this name"},
		"no name":                  {`["P"]`, strings.Replace(good, `"n"`, `""`, 1), "a name, a method"},
		"a field that is not one":  {`["P"]`, strings.Replace(good, `"name"`, `"nam"`, 1), `unknown field "nam"`},
		"no answer":                {`["P"]`, strings.Replace(good, `{"id":"<id>"}`, `null`, 1), "a body or a type"},
		"one side without reason":  {`["P"]`, strings.Replace(good, `"method"`, `"only":"client","method"`, 1), `"why" says why`},
		"another placeholder":      {`["P"]`, strings.Replace(good, `<id>`, `<idd>`, 1), "there is no placeholder <idd>"},
	} {
		_, cases, err := shapes.Load(fstest.MapFS{"pages.json": {Data: []byte(tt.pages)}, "a.json": {Data: []byte("[" + tt.cases + "]")}})
		if tt.refusal == "" && (err != nil || len(cases) != 1) || tt.refusal != "" && (err == nil || !strings.Contains(err.Error(), tt.refusal)) {
			t.Errorf("%s: %d cases, %v, want %q", name, len(cases), err, tt.refusal)
		}
	}
}

func TestAnAnswerMatchesFieldByField(t *testing.T) {
	for name, tt := range map[string]struct{ want, got, difference string }{
		"the same":            {`{"a":[1,{"b":"x"}],"c":true}`, `{"c":true,"a":[1,{"b":"x"}]}`, ""},
		"a field too many":    {`{"a":{}}`, `{"a":{"b":1}}`, ".a.b: not wanted, got 1"},
		"a field too few":     {`{"a":{"b":1}}`, `{"a":{}}`, ".a.b: missing"},
		"another value":       {`{"a":[0]}`, `{"a":["0"]}`, `.a[0]: want 0, got "0"`},
		"another length":      {`{"a":[0]}`, `{"a":[0,0]}`, ".a: want a list of 1, got [0,0]"},
		"no object":           {`{"a":{}}`, `{"a":null}`, ".a: want an object, got null"},
		"a time":              {`{"a":"<timestamp>"}`, `{"a":"2024-05-01T10:00:00Z"}`, ""},
		"a time of a zone":    {`{"a":"<timestamp>"}`, `{"a":"2024-05-01T10:00:00+02:00"}`, ".a: want a value like <timestamp>"},
		"an id of no text":    {`{"a":"<id>"}`, `{"a":12345678901234567890123}`, ".a: want a value like <id>"},
		"details of any kind": {`{"a":"<details>"}`, `{"a":[{"b":1}]}`, ""},
	} {
		var want, got any
		for text, into := range map[string]*any{tt.want: &want, tt.got: &got} {
			if err := json.Unmarshal([]byte(text), into); err != nil {
				t.Fatal(err)
			}
		}
		all := strings.Join(shapes.Match(want, got), "\n")
		if tt.difference == "" && all != "" || !strings.Contains(all, tt.difference) {
			t.Errorf("%s: differences %q, want %q", name, all, tt.difference)
		}
	}
}

func TestEachSampleFitsItsPlaceholder(t *testing.T) {
	all := []any{"<id>", "<token>", "<url>", "<album url>", "<base url>", "<timestamp>", "<words>", "<details>", "no placeholder"}
	sample := shapes.Sample(all)
	if d := shapes.Match(all, sample); len(d) > 0 {
		t.Errorf("%v", d)
	}
	if d := shapes.Match(sample, all); len(d) != len(all)-1 {
		t.Errorf("%d of %d were filled", len(d), len(all))
	}
}

func TestNamesAreFilled(t *testing.T) {
	got := shapes.Fill(map[string]any{"a": []any{"x{b.token}y{c}"}, "n": 1.0}, strings.ToUpper)
	if d := shapes.Match(map[string]any{"a": []any{"xB.TOKENyC"}, "n": 1.0}, got); len(d) > 0 {
		t.Errorf("%v", d)
	}
}
