package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/config"
	"github.com/albumwright/albumwright/internal/nearest"
	"github.com/albumwright/albumwright/internal/planfile"
)

// usageError is what the user can only mend by calling differently.
type usageError struct{ error }

// Unwrap gives the cause.
func (e usageError) Unwrap() error { return e.error }

// seeHelp stands for the hint at the help of the command that was called.
const seeHelp = "help"

// explainUsage does so for what can only be mended by calling differently, or by other settings.
func explainUsage(err error) (code int, hint string) {
	switch {
	case errors.As(err, new(*config.InvalidError)):
		return exitUsage, "albumwright config check tries it again; albumwright config init writes one with all settings and what they mean"
	case errors.As(err, new(planfile.Problems)):
		return exitUsage, `a text with , : # [ ] { } or @ in it stands in "quotation marks", and a line begins with blanks, not with a tab; the top of a plan says what may be edited`
	case !errors.As(err, &usageError{}):
		return exitOK, ""
	case errors.Is(err, fs.ErrPermission):
		return exitUsage, "this user may not read or write there; check the permissions, or name another place"
	case errors.Is(err, fs.ErrNotExist):
		return exitUsage, "check the path"
	}
	return exitUsage, seeHelp
}

// command gives a command what all commands share.
func command(c cli.Command) *cli.Command {
	c.HideHelpCommand = true
	c.CustomHelpTemplate = helpOf(&c)
	c.OnUsageError = func(_ *cli.Context, err error, _ bool) error { return usageError{wrongFlag(c.Flags, err)} }
	if c.Action == nil {
		c.Action = func(c *cli.Context) error {
			if c.Args().Present() {
				return noSubcommand(c)
			}
			return cli.ShowSubcommandHelp(c)
		}
	}
	return &c
}

// noSubcommand says that the command that was called has none of this name.
func noSubcommand(c *cli.Context) error {
	return noCommand(c.Args().First(), strings.TrimPrefix(c.Command.HelpName, c.App.Name+" "), c.Command.Subcommands)
}

// noCommand says that a command has no command of this name, and which one may have been meant. The program's own commands are those of "".
func noCommand(name, of string, commands []*cli.Command) error {
	var names []string
	for _, c := range commands {
		names = append(names, c.Name)
	}
	if of != "" {
		of = " of " + of
	}
	return usageError{fmt.Errorf("there is no command %q%s; the nearest is %q", name, of, nearest.Of(name, names, 1)[0])}
}

// wrongFlag says in the words of this program what package flag says about one.
func wrongFlag(flags []cli.Flag, err error) error {
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); ok {
		names := []string{"help"}
		for _, f := range flags {
			names = append(names, f.Names()[0])
		}
		name = strings.TrimPrefix(name, "-")
		return fmt.Errorf("there is no flag --%s; the nearest is --%s", name, nearest.Of(name, names, 1)[0])
	}
	for _, pattern := range wrongValues() {
		if m := pattern.FindStringSubmatch(err.Error()); m != nil {
			said := func(part string) string { return m[pattern.SubexpIndex(part)] }
			if kind := kindOf(flags, said("flag")); kind != "" {
				return fmt.Errorf("%s %q: must be %s", cmp.Or(said("by"), "--"+said("flag")), said("value"), kind)
			}
		}
	}
	return err
}

// misplacedFlag says so of a flag that stands in front of the command it belongs to.
func misplacedFlag(err error) error {
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); ok {
		return fmt.Errorf("there is no flag --%s that may stand before a command; flags stand behind it", strings.TrimPrefix(name, "-"))
	}
	return err
}

// wrongValues are how package flag, and package cli of variables, tell of a value that is none of its kind.
func wrongValues() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`^invalid (?:boolean )?value "(?P<value>.*)" for (?:flag )?(?P<by>)-(?P<flag>[\w-]+): `),
		regexp.MustCompile(`^could not parse "(?P<value>.*)" as .* from environment variable "(?P<by>\w+)" for flag (?P<flag>[\w-]+): `),
	}
}

// kindOf says what values a flag takes, where more than texts are asked for.
func kindOf(flags []cli.Flag, name string) string {
	i := slices.IndexFunc(flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) })
	if i < 0 {
		return ""
	}
	switch flags[i].(type) {
	case *cli.BoolFlag:
		return "true or false"
	case *cli.IntFlag:
		return "a whole number"
	case *cli.Float64Flag:
		return "a number"
	case *cli.DurationFlag:
		return "a time such as 90s, 30m or 1h30m"
	}
	return ""
}

// helpHint names the help of the command that was called.
func helpHint(app *cli.App, args []string) string {
	_, args = globalFlags(args)
	words, commands := "albumwright help", app.Commands
	for _, arg := range args[1:] {
		i := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(arg) })
		if i < 0 {
			break
		}
		words, commands = words+" "+commands[i].Name, commands[i].Subcommands
	}
	if strings.HasSuffix(words, " help") {
		return "albumwright help lists the commands"
	}
	return words + " shows how it is called"
}

// helpCommand shows the help of the program, or of a command at any depth.
func helpCommand() *cli.Command {
	return command(cli.Command{
		Name: "help", Aliases: []string{"h"},
		Usage:     "show the commands, or how one of them is called",
		ArgsUsage: "[COMMAND...]",
		Action: func(c *cli.Context) error {
			names, of, commands := c.Args().Slice(), "", c.App.Commands
			for _, name := range names {
				i := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(name) })
				switch {
				case i < 0 && len(commands) == 0:
					return usageError{errors.New(of + " has no commands of its own")}
				case i < 0:
					return noCommand(name, of, commands)
				}
				of, commands = strings.TrimPrefix(of+" "+name, " "), commands[i].Subcommands
			}
			if len(names) == 0 {
				return cli.ShowAppHelp(c)
			}
			return c.App.RunContext(c.Context, slices.Concat([]string{c.App.Name}, names, []string{"--help"}))
		},
	})
}
