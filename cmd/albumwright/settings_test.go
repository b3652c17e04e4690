package main

import (
	"slices"
	"testing"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/config"
)

func TestEveryFlagIsAKeyOfOneKind(t *testing.T) {
	app := newApp(terminal{})
	schema := schemaOf(app)
	eachCommand("", app.Commands, func(command string, cmd *cli.Command) {
		for _, f := range cmd.Flags {
			if env, ok := f.(interface{ GetEnvVars() []string }); ok && len(env.GetEnvVars()) == 0 {
				continue // what is asked for with one call
			}
			name := f.Names()[0]
			i := slices.IndexFunc(schema.Settings, func(it config.Setting) bool { return it.Name == name })
			if i < 0 {
				if !slices.Contains(occasional(), name) {
					t.Errorf("--%s of %s is no key: settingOf does not know its type", name, command)
				}
				continue
			}
			if it, _ := settingOf(f); it.Kind != schema.Settings[i].Kind || it.Path != schema.Settings[i].Path {
				t.Errorf("--%s of %s is of another kind than that of %v", name, command, schema.Settings[i].Commands)
			}
		}
	})
}

func TestTheDefaultsOfAllFlagsAreGoodSettings(t *testing.T) {
	defaults := config.Block{}
	for _, it := range schemaOf(newApp(terminal{})).Settings {
		if it.Kind != config.Texts {
			defaults[it.Name] = config.Value{Texts: it.Default, Line: 1}
		}
	}
	if err := trySettings(defaults); err != nil {
		t.Error(err)
	}
}

func TestWhatImportTakesOfSomeFilesMayBeSaidOfAFolder(t *testing.T) {
	got := folderSettings()
	for _, name := range []string{"account", "album", "album-by", "album-template", "event-gap", "include", "exclude", "after", "confirm"} {
		if !slices.Contains(got, name) {
			t.Errorf("%s is missing in %v", name, got)
		}
	}
	for _, name := range []string{"transfers", "endpoint", "dry-run", "rehearse", "json"} {
		if slices.Contains(got, name) {
			t.Errorf("%s is about the whole run, and in %v", name, got)
		}
	}
}
