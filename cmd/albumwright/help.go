package main

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// The headings of help. A flag without one is what a command alone has, and stands above them.
const (
	ofUsers     = "Users and apps"
	ofLimits    = "Limits"
	ofTLS       = "TLS and proxy"
	ofSearch    = "What is found"
	ofChoice    = "What is taken"
	ofAlbums    = "Albums"
	ofPairs     = "Pairs"
	ofEnd       = "At the end"
	ofRehearsal = "Rehearsal"
	ofPace      = "Uploads and pace"
	ofOutput    = "Output"
	ofService   = "Service and account"
)

// helpOrder is how they stand.
func helpOrder() []string {
	return []string{"", ofUsers, ofLimits, ofTLS, ofSearch, ofChoice, ofAlbums, ofPairs, ofEnd, ofRehearsal, ofPace, ofOutput, ofService}
}

// under puts flags under a heading of help, where they have none.
func under(heading string, flags ...cli.Flag) []cli.Flag {
	for _, f := range flags {
		if category := categoryOf(f); *category == "" {
			*category = heading
		}
	}
	return flags
}

// categoryOf is where a flag keeps its heading.
func categoryOf(f cli.Flag) *string {
	switch f := f.(type) {
	case *cli.StringFlag:
		return &f.Category
	case *cli.BoolFlag:
		return &f.Category
	case *cli.IntFlag:
		return &f.Category
	case *cli.Float64Flag:
		return &f.Category
	case *cli.DurationFlag:
		return &f.Category
	case *textsFlag:
		return &f.Category
	}
	panic(fmt.Sprintf("help: a flag of type %T", f))
}

// helpWidth is what fits into the narrowest terminal, and is easy to read in a wider one.
const helpWidth = 80

// grouped is how many flags a command has before they need headings.
const grouped = 10

// helpOf is the page of a command, as a template of package cli.
func helpOf(c *cli.Command) string {
	var b strings.Builder
	b.WriteString("NAME:\n   {{.HelpName}}\n" + literal(wrapped(c.Usage, "      ")) + "\nUSAGE:\n   {{.HelpName}}" + literal(usage(c)) + "\n")
	if c.Description != "" {
		b.WriteString("\nDESCRIPTION:\n" + literal(paragraphs(c.Description, "   ")))
	}
	if len(c.Subcommands) > 0 {
		b.WriteString("\nCOMMANDS:{{template \"visibleCommandCategoryTemplate\" .}}\n")
	}
	b.WriteString("\nOPTIONS:\n" + literal(options(c.Flags)))
	return b.String()
}

// usage is what follows the name of a command in a call.
func usage(c *cli.Command) string {
	words := ""
	if len(c.Subcommands) > 0 && len(c.Flags) == 0 {
		words = " COMMAND"
	}
	words += " [options]"
	if c.ArgsUsage != "" {
		words += " " + c.ArgsUsage
	}
	return words
}

// literal is a text that a template prints as it stands.
func literal(text string) string { return strings.ReplaceAll(text, "{{", "{{`{{`}}") }

// options are the flags, under their headings if there are many, and how else they can be set.
func options(flags []cli.Flag) string {
	flags = append(slices.Clone(flags), cli.HelpFlag)
	var b strings.Builder
	for _, heading := range helpOrder() {
		head := heading
		for _, f := range flags {
			switch {
			case !f.(cli.VisibleFlag).IsVisible() || headingOf(f, len(flags)) != heading:
				continue
			case head != "":
				b.WriteString("\n   " + head + "\n\n")
				head = ""
			}
			b.WriteString(option(f))
		}
	}
	return b.String() + otherWays(flags)
}

func headingOf(f cli.Flag, all int) string {
	if all <= grouped {
		return ""
	}
	return f.(cli.CategorizableFlag).GetCategory()
}

// option is one flag: its names on a line of their own, and below what it does.
func option(f cli.Flag) string {
	if d, ok := f.(*cli.DurationFlag); ok && d.DefaultText == "" {
		d.DefaultText = short(d.Value)
	}
	names, what, _ := strings.Cut(f.String(), "\t")
	what, _, _ = strings.Cut(what, " [$") // the variables are told for all together
	what = strings.TrimSuffix(what, " (default: false)")
	return "   " + names + "\n" + wrapped(what, "         ")
}

// otherWays says how flags are set without naming them in each call.
func otherWays(flags []cli.Flag) string {
	var example string
	var without []string
	for _, f := range flags {
		switch name := "--" + f.Names()[0]; {
		case f == cli.HelpFlag || !f.(cli.VisibleFlag).IsVisible():
		case !hasVariable(f):
			without = append(without, name)
		case example == "":
			example = f.(cli.DocGenerationFlag).GetEnvVars()[0] + " for " + name
		}
	}
	if example == "" {
		return ""
	}
	text := "Flags can be set by environment variables too, " + example + "."
	if len(without) > 0 {
		text += " Not so " + strings.Join(without, ", ") + ", which belong to one call."
	}
	return "\n" + wrapped(text, "   ")
}

// paragraphs wraps a text; a block of lines that are indented is one of examples.
func paragraphs(text, indent string) string {
	var b strings.Builder
	for block := range blocks(text) {
		switch {
		case block[0] == "":
			b.WriteString("\n")
		case strings.HasPrefix(block[0], " "):
			b.WriteString(examples(block, indent))
		default:
			b.WriteString(wrapped(strings.Join(block, " "), indent))
		}
	}
	return b.String()
}

// blocks are the lines of a text, those together that are of one kind: prose, examples, or empty.
func blocks(text string) iter.Seq[[]string] {
	kind := func(line string) string { return line[:min(len(line), 1)] }
	return func(yield func([]string) bool) {
		var block []string
		for line := range strings.SplitSeq(text, "\n") {
			if len(block) > 0 && (kind(line) == " ") != (kind(block[0]) == " ") || line == "" || len(block) > 0 && block[0] == "" {
				if len(block) > 0 && !yield(block) {
					return
				}
				block = nil
			}
			block = append(block, line)
		}
		yield(block)
	}
}

// leastRemark is how much room a remark needs beside its example.
const leastRemark = 30

// examples are commands with remarks beside them, or below where there is no room for one of them.
func examples(lines []string, indent string) string {
	var b strings.Builder
	below := slices.ContainsFunc(lines, func(line string) bool {
		at := remarkOf(line)
		return at > 0 && len([]rune(indent+line)) > helpWidth && helpWidth-len(indent)-at < leastRemark
	})
	for _, line := range lines {
		at := remarkOf(line)
		switch {
		case at == 0:
			b.WriteString(indent + line + "\n")
		case below:
			b.WriteString(indent + strings.TrimRight(line[:at], " ") + "\n" + wrapped(line[at:], indent+"         "))
		default:
			b.WriteString(indent + line[:at] + strings.TrimLeft(wrapped(line[at:], indent+strings.Repeat(" ", at)), " "))
		}
	}
	return b.String()
}

// remarkOf is where the remark of an example begins, behind two blanks at the least; 0 if there is none.
func remarkOf(line string) int {
	start := len(line) - len(strings.TrimLeft(line, " "))
	if at := strings.LastIndex(line[start:], "  "); at > 0 {
		return start + at + 2
	}
	return 0
}

// wrapped breaks a text into lines of at most helpWidth characters.
func wrapped(text, indent string) string {
	var b strings.Builder
	used := 0
	for word := range strings.FieldsSeq(text) {
		n := len([]rune(word))
		switch {
		case used == 0:
			b.WriteString(indent)
			used = len(indent)
		case used+1+n > helpWidth:
			b.WriteString("\n" + indent)
			used = len(indent)
		default:
			b.WriteString(" ")
			used++
		}
		b.WriteString(word)
		used += n
	}
	if used > 0 {
		b.WriteString("\n")
	}
	return b.String()
}
