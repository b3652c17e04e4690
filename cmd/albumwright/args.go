package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst puts a command's flags before its arguments, so that "import ~/Pictures --dry-run" means what it says: the flag parser stops at the
// first argument. Whatever stands behind "--" is left alone. The program's own flags may stand anywhere before it.
func flagsFirst(app *cli.App, args []string) []string {
	if len(args) < 2 {
		return args
	}
	global, args := globalFlags(args)
	return slices.Insert(commandFlagsFirst(app, args), 1, global...)
}

// globalFlags takes --config out of the arguments.
func globalFlags(args []string) (global, rest []string) {
	for i := 0; i < len(args); i++ {
		name, _, joined := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		switch {
		case args[i] == "--":
			return global, append(rest, args[i:]...)
		case i == 0 || args[i][:min(1, len(args[i]))] != "-" || name != configFlag:
			rest = append(rest, args[i])
		default:
			global = append(global, args[i])
			if i++; !joined && i < len(args) {
				global = append(global, args[i])
			} else {
				i--
			}
		}
	}
	return global, rest
}

func commandFlagsFirst(app *cli.App, args []string) []string {
	if len(args) < 2 {
		return args
	}
	cmd := app.Command(args[1])
	if cmd == nil {
		return args
	}
	var flags, rest []string
	for todo := args[2:]; len(todo) > 0; {
		arg := todo[0]
		todo = todo[1:]
		switch {
		case arg == "--":
			rest = append(rest, todo...)
			todo = nil
		case len(arg) < 2 || arg[0] != '-':
			rest = append(rest, arg)
		default:
			flags = append(flags, arg)
			if takesValue(cmd, arg) && len(todo) > 0 {
				flags = append(flags, todo[0])
				todo = todo[1:]
			}
		}
	}
	out := slices.Clone(args[:2])
	for len(rest) > 0 && cmd.Command(rest[0]) != nil { // "emulator record", "auth client import"
		cmd, out, rest = cmd.Command(rest[0]), append(out, rest[0]), rest[1:]
	}
	out = append(out, flags...)
	return append(append(out, "--"), rest...)
}

// takesValue tells whether the next argument belongs to a flag.
func takesValue(cmd *cli.Command, arg string) bool {
	name := strings.TrimLeft(arg, "-")
	if strings.Contains(name, "=") {
		return false
	}
	for _, f := range allFlags(cmd) {
		if slices.Contains(f.Names(), name) {
			_, isBool := f.(*cli.BoolFlag)
			return !isBool
		}
	}
	return false
}

// allFlags are those of a command and of all below it.
func allFlags(cmd *cli.Command) []cli.Flag {
	flags := slices.Clone(cmd.Flags)
	for _, sub := range cmd.Subcommands {
		flags = append(flags, allFlags(sub)...)
	}
	return flags
}
