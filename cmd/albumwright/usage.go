package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/nearest"
)

// usageError is what the user can only mend by calling differently.
type usageError struct{ error }

// Unwrap gives the cause.
func (e usageError) Unwrap() error { return e.error }

// unknownCommand says so, and which one may have been meant.
func unknownCommand(c *cli.Context) error {
	name := c.Args().First()
	suggestion := ""
	if s := cli.SuggestCommand(c.App.Commands, name); s != "" {
		suggestion = "; " + s
	}
	return usageError{fmt.Errorf("there is no command %q%s", name, suggestion)}
}

// inOurWords is what cli says about a flag in the words of this program.
func inOurWords(flags []cli.Flag, err error) error {
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); ok {
		return unknownFlag(flags, name)
	}
	if m := badValue.FindStringSubmatch(err.Error()); m != nil {
		return fmt.Errorf("--%s %s: must be %s", m[2], m[1], wanted(flags, m[2]))
	}
	return err
}

// badValue is how package flag refuses a value of a number, a time or a choice of two.
var badValue = regexp.MustCompile(`^invalid (?:boolean )?value (".*") for (?:flag )?-(\S+): (?:parse error|value out of range)$`)

// wanted is what a value of a flag can be.
func wanted(flags []cli.Flag, name string) string {
	for _, f := range flags {
		if !slices.Contains(f.Names(), name) {
			continue
		}
		switch f.(type) {
		case *cli.BoolFlag:
			return "true or false"
		case *cli.DurationFlag:
			return "a time such as 90s, 30m or 1h30m"
		}
	}
	return "a number"
}

// unknownFlag says so, and which one may have been meant.
func unknownFlag(flags []cli.Flag, name string) error {
	names := []string{"help"}
	for _, f := range flags {
		names = append(names, f.Names()[0])
	}
	name = strings.TrimPrefix(name, "-")
	return fmt.Errorf("there is no flag --%s; the nearest is --%s", name, nearest.Of(name, names, 1)[0])
}
