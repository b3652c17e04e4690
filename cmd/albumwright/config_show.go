package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/config"
)

func configShowCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "show",
		Usage:     "show what the configuration file says, or what holds for a command",
		ArgsUsage: "[--effective [COMMAND] [-- FLAGS...]]",
		Description: "   albumwright config show                                     what the file says\n" +
			"   albumwright config show --effective                         what an import goes by, and where each value comes from\n" +
			"   albumwright config show --effective retry -- --account work the same of a retry that is called with this flag",
		Flags: []cli.Flag{jsonFlag(),
			&cli.BoolFlag{Name: "effective", Usage: "every setting of a command, import unless another is named, and its source: flag, environment, file or default", EnvVars: envVar("effective")}},
		Action: func(c *cli.Context) error {
			show := settingsPrinter{json: c.Bool("json"), out: term.out}
			if c.Bool("effective") {
				return showEffective(c, show)
			}
			if c.Args().Present() {
				return usageError{errors.New("a command can be named with --effective only")}
			}
			file, err := readConfig(c)
			if err != nil {
				return err
			}
			return show.file(file)
		},
	})
}

// settingLine is a setting as it is shown.
type settingLine struct {
	Type    string   `json:"message_type"`
	Name    string   `json:"name"`
	Of      string   `json:"of,omitempty"` // the account or folder that it is said of
	Value   string   `json:"value"`
	Values  []string `json:"values,omitempty"` // of a setting that may be repeated
	From    string   `json:"from"`             // flag, environment, file or default
	Source  string   `json:"source,omitempty"` // the variable, or FILE:LINE
	ordered int
}

// source says where a value comes from, for people.
func (l settingLine) source() string {
	if l.Source == "" {
		return l.From
	}
	return l.From + " " + l.Source
}

// settingsPrinter prints settings, as a table or as JSON Lines.
type settingsPrinter struct {
	json bool
	out  io.Writer
}

func (p settingsPrinter) print(lines []settingLine) error {
	if p.json {
		out := newPrinter(p.out)
		for _, l := range lines {
			out.line(l)
		}
		return out.err
	}
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	for _, l := range lines {
		name := l.Name
		if l.Of != "" {
			name = l.Of + ": " + name
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", name, l.Value, l.source())
	}
	return w.Flush()
}

// file prints what the file says, in its order.
func (p settingsPrinter) file(f *config.File) error {
	if f == nil {
		if p.json {
			return nil
		}
		_, err := fmt.Fprintln(p.out, "There is no configuration file, so all settings have their defaults.")
		return err
	}
	lines := saidLines(f, "", f.Settings)
	for _, name := range slices.Sorted(maps.Keys(f.Accounts)) {
		lines = append(lines, saidLines(f, "account "+name, f.Accounts[name])...)
	}
	for _, folder := range f.Folders {
		of := "folder " + folder.Path
		lines = append(lines, saidLine(f, of, "path", config.Value{Texts: []string{folder.Path}, Line: folder.Line}))
		if folder.Settle > 0 {
			lines = append(lines, saidLine(f, of, "settle", config.Value{Texts: []string{short(folder.Settle)}, Line: folder.Line}))
		}
		lines = append(lines, saidLines(f, of, folder.Settings)...)
	}
	return p.print(lines)
}

func saidLines(f *config.File, of string, b config.Block) (lines []settingLine) {
	for name, v := range b {
		lines = append(lines, saidLine(f, of, name, v))
	}
	slices.SortFunc(lines, func(a, b settingLine) int {
		return cmp.Or(cmp.Compare(a.ordered, b.ordered), cmp.Compare(a.Name, b.Name))
	})
	return lines
}

func saidLine(f *config.File, of, name string, v config.Value) settingLine {
	l := settingLine{Type: "setting", Name: name, Of: of, From: "file", Source: fmt.Sprintf("%s:%d", f.Name, v.Line), ordered: v.Line}
	l.Value, l.Values = shownTexts(v.Texts)
	return l
}

// shownTexts are a value as YAML has it.
func shownTexts(texts []string) (string, []string) {
	if len(texts) == 1 {
		return texts[0], nil
	}
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = config.Quote(text)
	}
	return "[" + strings.Join(quoted, ", ") + "]", texts
}

// showEffective calls a command with the flags that are given behind "--", and prints its settings instead of carrying it out.
func showEffective(c *cli.Context, show settingsPrinter) error {
	app := newApp(terminal{in: strings.NewReader(""), out: show.out, err: io.Discard})
	commands, args := app.Commands, c.Args().Slice()
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		args = append([]string{"import"}, args...)
	}
	call := []string{c.App.Name}
	var cmd *cli.Command
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		i := slices.IndexFunc(commands, func(it *cli.Command) bool { return it.HasName(args[0]) })
		if i < 0 || cmd == nil && slices.Contains(unconfigured(), args[0]) {
			return usageError{fmt.Errorf("there is no command %q that takes settings from a file; flags of a command stand behind --", args[0])}
		}
		cmd = commands[i]
		commands, call, args = cmd.Subcommands, append(call, args[0]), args[1:]
	}
	path, named := configPath(c)
	if named {
		call = slices.Insert(call, 1, "--"+configFlag, path)
	}
	showsSettings(cmd, args, show)
	return app.RunContext(c.Context, append(call, args...))
}

// showsSettings makes a command that is called with some flags print its settings, with their sources, instead of what it does.
func showsSettings(cmd *cli.Command, args []string, show settingsPrinter) {
	var lines []settingLine
	cmd.Before = func(c *cli.Context) error {
		file, err := readConfig(c)
		if err != nil {
			return err
		}
		for _, f := range cmd.Flags {
			if name := f.Names()[0]; name != "help" {
				lines = append(lines, settingLine{Type: "setting", Name: name, From: origin(f, args), Source: variable(f)})
			}
		}
		if err := applyConfig(c, file); err != nil {
			return err
		}
		for i := range lines {
			lines[i].fill(c, file)
		}
		return nil
	}
	cmd.Action = func(*cli.Context) error { return show.print(lines) }
}

// fill gives a setting its value and the source that is known once the file was applied.
func (l *settingLine) fill(c *cli.Context, file *config.File) {
	l.Value, l.Values = shownTexts(flagTexts(c, l.Name))
	if l.Name == webhookFlag && l.Value != "" {
		l.Value = "(not shown)" // it is as good as a password
	}
	if l.From == "environment" {
		return
	}
	l.Source = ""
	if v, ok := file.For(c.String("account"))[l.Name]; ok && l.From == "default" && c.IsSet(l.Name) {
		l.From, l.Source = "file", fmt.Sprintf("%s:%d", file.Name, v.Line)
	}
}

// origin tells who has set a flag before the file is asked.
func origin(f cli.Flag, args []string) string {
	given := func(arg string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		return strings.HasPrefix(arg, "-") && slices.Contains(f.Names(), name)
	}
	switch {
	case slices.ContainsFunc(args, given):
		return "flag"
	case f.IsSet():
		return "environment"
	}
	return "default"
}

// variable is the environment variable that sets a flag; "" if none does.
func variable(f cli.Flag) string {
	if doc, ok := f.(cli.DocGenerationFlag); ok {
		for _, name := range doc.GetEnvVars() {
			if _, set := os.LookupEnv(name); set {
				return name
			}
		}
	}
	return ""
}
