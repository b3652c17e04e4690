package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/config"
)

// schemaOf derives the keys of the file from the flags of all commands.
func schemaOf(app *cli.App) config.Schema {
	s := config.Schema{Choices: choices(), Spoken: occasional(), Try: trySettings}
	s.Home, _ = os.UserHomeDir()
	perFolder := folderSettings()
	at := make(map[string]int)
	eachCommand("", app.Commands, func(name string, cmd *cli.Command) {
		for _, f := range cmd.Flags {
			it, ok := settingOf(f)
			if !ok {
				continue
			}
			i, known := at[it.Name]
			if !known {
				i = len(s.Settings)
				at[it.Name] = i
				it.Folder = slices.Contains(perFolder, it.Name)
				s.Settings = append(s.Settings, it)
			}
			s.Settings[i].Commands = append(s.Settings[i].Commands, name)
		}
	})
	return s
}

// eachCommand goes through the commands that the file is for, and theirs.
func eachCommand(prefix string, commands []*cli.Command, do func(name string, cmd *cli.Command)) {
	for _, cmd := range commands {
		if !slices.Contains(unconfigured(), cmd.Name) {
			do(prefix+cmd.Name, cmd)
			eachCommand(prefix+cmd.Name+" ", cmd.Subcommands, do)
		}
	}
}

// settingOf is the key that a flag is; none if it is said of one call only.
func settingOf(f cli.Flag) (it config.Setting, ok bool) {
	it.Name = f.Names()[0]
	if slices.Contains(occasional(), it.Name) || !hasVariable(f) {
		return it, false
	}
	switch f := f.(type) {
	case *cli.StringFlag:
		it.Kind, it.Default, it.Path = config.Text, []string{f.Value}, f.TakesFile
	case *cli.BoolFlag:
		it.Kind, it.Default = config.Bool, []string{fmt.Sprint(f.Value)}
	case *cli.IntFlag:
		it.Kind, it.Default = config.Int, []string{fmt.Sprint(f.Value)}
	case *cli.Float64Flag:
		it.Kind, it.Default = config.Number, []string{fmt.Sprint(f.Value)}
	case *cli.DurationFlag:
		it.Kind, it.Default = config.Duration, []string{short(f.Value)}
	case *textsFlag:
		it.Kind = config.Texts
	default:
		return it, false
	}
	if doc, isDoc := f.(cli.DocGenerationFlag); isDoc {
		it.Usage = strings.ReplaceAll(doc.GetUsage(), "`", "")
	}
	return it, true
}

// hasVariable tells whether the environment may set a flag. What a listing or a search is asked for is said with each call, and neither there nor in a file: one
// that was forgotten would give another answer in silence.
func hasVariable(f cli.Flag) bool {
	doc, ok := f.(cli.DocGenerationFlag)
	return ok && len(doc.GetEnvVars()) > 0
}

// folderSettings are what can be said of a folder alone, beside its settle: what import takes of some files, not how the run goes, and how it is watched.
func folderSettings() []string {
	ofRun := append(append(runFlags(), rehearseFlags()...), &cli.BoolFlag{Name: "dry-run"})
	names := []string{"account"}
	for _, f := range append(importFlags(), folderFlags()...) {
		name := f.Names()[0]
		if name != "settle" && !slices.ContainsFunc(ofRun, func(g cli.Flag) bool { return g.Names()[0] == name }) {
			names = append(names, name)
		}
	}
	return names
}

// trySettings tells whether settings are good, as import or watch would find out, whatever the environment says.
func trySettings(b config.Block) error {
	err := tryImport(b)
	if err == nil {
		return nil
	}
	if without := tryImport(nil); without != nil && without.Error() == err.Error() {
		return nil // the settings are not to blame
	}
	return err
}

func tryImport(b config.Block) error {
	set := flag.NewFlagSet("import", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	flags := append(importFlags(), folderFlags()...)
	for _, f := range flags {
		withoutVariable(f)
		if err := f.Apply(set); err != nil {
			return err
		}
	}
	if err := set.Parse([]string{"a folder"}); err != nil {
		return err
	}
	c := cli.NewContext(&cli.App{Reader: strings.NewReader(""), ErrWriter: io.Discard}, set, nil)
	for _, f := range flags {
		if v, ok := b[f.Names()[0]]; ok {
			if err := setFlag(c, f, v.Texts); err != nil {
				return err
			}
		}
	}
	_, err := readImportOptions(c, terminal{out: io.Discard})
	if err == nil {
		_, err = readWatchOptions(c)
	}
	return err
}

// withoutVariable keeps a flag from looking at the environment.
func withoutVariable(f cli.Flag) {
	switch f := f.(type) {
	case *cli.StringFlag:
		f.EnvVars = nil
	case *cli.BoolFlag:
		f.EnvVars = nil
	case *cli.IntFlag:
		f.EnvVars = nil
	case *cli.Float64Flag:
		f.EnvVars = nil
	case *cli.DurationFlag:
		f.EnvVars = nil
	case *textsFlag:
		f.EnvVars = nil
	}
}

// short is a duration without what is nothing: 1h, not 1h0m0s.
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
