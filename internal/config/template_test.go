package config_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/config"
	"github.com/albumwright/albumwright/internal/property"
)

// uncomment takes the # away from all settings.
func uncomment(text string) string {
	return regexp.MustCompile(`(?m)^#([a-z])`).ReplaceAllString(text, "$1")
}

func TestTheTemplateSaysNothingAndHoldsEveryDefault(t *testing.T) {
	s := schema()
	var b strings.Builder
	if err := config.WriteTemplate(&b, s); err != nil {
		t.Fatal(err)
	}
	if f := parse(t, b.String()); len(f.Settings) > 0 {
		t.Errorf("it says %v, want nothing", f.Settings)
	}
	settings, _, _ := strings.Cut(b.String(), "# Settings that hold for one account")
	f := parse(t, uncomment(settings))
	for _, it := range s.Settings {
		if got, want := f.Settings[it.Name].Texts, append([]string{}, it.Default...); !cmp.Equal(want, got) {
			t.Errorf("%s is %q, want %q", it.Name, got, want)
		}
	}
}

func TestAnyTextSurvivesTheTemplate(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		list := rapid.SliceOf(rapid.OneOf(rapid.StringMatching(`[-:#*&!|>'"%@{}\[\],? a0~=.\n]{0,6}`), rapid.String())).Draw(t, "list")
		if strings.ContainsFunc(text+strings.Join(list, ""), func(r rune) bool { return r == '\uFFFD' }) {
			t.Skip("no UTF-8")
		}
		s := config.Schema{Settings: []config.Setting{{Name: "job", Default: []string{text}}, {Name: "include", Kind: config.Texts, Default: list}}}
		var b strings.Builder
		if err := config.WriteTemplate(&b, s); err != nil {
			t.Fatal(err)
		}
		settings, _, _ := strings.Cut(b.String(), "# Settings that hold for one account")
		f, err := config.Parse("a.yaml", []byte(uncomment(settings)), s)
		if err != nil {
			t.Fatalf("%s\n%v", settings, err)
		}
		if got := f.Settings["job"].Texts; !cmp.Equal([]string{text}, got) {
			t.Errorf("%q became %q", text, got)
		}
		if got := f.Settings["include"].Texts; !cmp.Equal(append([]string{}, list...), got) {
			t.Errorf("%q became %q", list, got)
		}
	})
}
