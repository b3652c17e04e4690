package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst puts a command's flags before its arguments, so that "import ~/Pictures --dry-run" means what it says: the flag parser stops at the
// first argument. Whatever stands behind "--" is left alone. The program's own flags may stand anywhere before it. An error is a flag without its value.
func flagsFirst(app *cli.App, args []string) ([]string, error) {
	if len(args) < 2 {
		return args, nil
	}
	global, args := globalFlags(args)
	if len(global) == 1 && !strings.Contains(global[0], "=") {
		return nil, needsValue(global[0], "")
	}
	args, err := commandFlagsFirst(app, args)
	if err != nil {
		return nil, err
	}
	return slices.Insert(args, 1, global...), nil
}

// needsValue says that a flag has none, or has another flag where it should stand: an album that is called --dry-run was hardly meant.
func needsValue(flag, next string) error {
	if next == "" {
		return usageError{fmt.Errorf("%s needs a value", flag)}
	}
	return usageError{fmt.Errorf("%s needs a value, and %s is a flag; if it is meant as the value, write %s=%s", flag, next, flag, next)}
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

func commandFlagsFirst(app *cli.App, args []string) ([]string, error) {
	if len(args) < 2 {
		return args, nil
	}
	cmd := app.Command(args[1])
	if cmd == nil {
		return args, nil
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
			if !takesValue(cmd, arg) {
				continue
			}
			if len(todo) == 0 {
				return nil, needsValue(arg, "")
			}
			if isFlag(cmd, todo[0]) {
				return nil, needsValue(arg, todo[0])
			}
			flags = append(flags, todo[0])
			todo = todo[1:]
		}
	}
	out := slices.Clone(args[:2])
	for len(rest) > 0 && cmd.Command(rest[0]) != nil { // "emulator record", "auth client import"
		cmd, out, rest = cmd.Command(rest[0]), append(out, rest[0]), rest[1:]
	}
	out = append(out, flags...)
	return append(append(out, "--"), rest...), nil
}

// isFlag tells whether an argument looks like one of a command's flags, or ends them.
func isFlag(cmd *cli.Command, arg string) bool {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	return arg == "--" || strings.HasPrefix(arg, "-") && slices.ContainsFunc(append(allFlags(cmd), cli.HelpFlag), func(f cli.Flag) bool { return slices.Contains(f.Names(), name) })
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
