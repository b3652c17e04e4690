package main

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
)

// textsFlag is a flag that may be repeated, and whose texts may have commas in them: titles and patterns have. The flag of package cli for such lists divides
// them there.
type textsFlag struct{ cli.GenericFlag }

// repeatable makes one with an environment variable, which holds one text.
func repeatable(name, heading, usage string) *textsFlag {
	f := perCall(name, heading, usage)
	f.EnvVars = envVar(name)
	return f
}

// perCall makes one that belongs to one call.
func perCall(name, heading, usage string) *textsFlag {
	return &textsFlag{cli.GenericFlag{Name: name, Category: heading, Value: new(texts), Usage: usage}}
}

// Apply implements cli.Flag. What is said in the call takes the place of what the environment says, as with any flag, instead of coming behind it.
func (f *textsFlag) Apply(set *flag.FlagSet) error {
	err := f.GenericFlag.Apply(set)
	f.texts().byVariable = f.HasBeenSet
	return err
}

func (f *textsFlag) texts() *texts { return f.Value.(*texts) }

// texts are the values of such a flag.
type texts struct {
	list       []string
	byVariable bool // the list is the environment's
}

// Set implements flag.Value.
func (t *texts) Set(s string) error {
	if t.byVariable {
		t.list, t.byVariable = nil, false
	}
	t.list = append(t.list, s)
	return nil
}

// String implements flag.Value.
func (t *texts) String() string { return strings.Join(t.list, " ") }

func textsOf(c *cli.Context, flag string) []string { return c.Generic(flag).(*texts).list }

// flagTexts are a flag's values as they would be written, of whatever kind it is.
func flagTexts(c *cli.Context, name string) []string {
	if v, ok := c.Generic(name).(*texts); ok {
		return v.list
	}
	if d, ok := c.Value(name).(time.Duration); ok {
		return []string{short(d)}
	}
	return []string{fmt.Sprint(c.Value(name))}
}

// forgetOverruled drops what the environment says of a choice of which the call itself says something.
func forgetOverruled(flags []cli.Flag) {
	for _, choice := range choices() {
		var byCall bool
		var byVariable []*textsFlag
		for _, f := range flags {
			f, ok := f.(*textsFlag)
			if !ok || !slices.Contains(choice, f.Name) {
				continue
			}
			if f.texts().byVariable {
				byVariable = append(byVariable, f)
			} else {
				byCall = byCall || len(f.texts().list) > 0
			}
		}
		if byCall {
			for _, f := range byVariable {
				*f.texts(), f.HasBeenSet = texts{}, false
			}
		}
	}
}
