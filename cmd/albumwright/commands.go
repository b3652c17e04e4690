package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// commandGroup is commands that stand together in the program's help.
type commandGroup struct {
	heading  string
	commands []*cli.Command
}

// commandGroups are all commands.
func commandGroups(term terminal) []commandGroup {
	return []commandGroup{
		{"Begin here", []*cli.Command{demoCommand(term), authCommand(term), configCommand(term), doctorCommand(term)}},
		{"Send", []*cli.Command{importCommand(term), watchCommand(term), ingestCommand(term), planCommand(term), applyCommand(term), retryCommand(term)}},
		{"See what happens", []*cli.Command{statusCommand(term), historyCommand(term), verifyCommand(term)}},
		{"Tell a running watch", []*cli.Command{pauseCommand(term), resumeCommand(term), rescanCommand(term)}},
		{"What is in the library", []*cli.Command{
			albumsCommand(term), lsCommand(term), searchCommand(term), getCommand(term), downloadCommand(term), albumCommand(term), describeCommand(term),
		}},
		{"Tools", []*cli.Command{factsCommand(term), templateCommand(term), ledgerCommand(term), emulatorCommand(term), completionCommand(term), completeWordCommand(term), helpCommand()}},
	}
}

func allOf(groups []commandGroup) (all []*cli.Command) {
	for _, g := range groups {
		all = append(all, g.commands...)
	}
	return all
}

// commandWidth is room for the longest name of a command, and two blanks.
const commandWidth = 12

// helpOfProgram is the page of the program, as a template of package cli.
func helpOfProgram(app *cli.App, groups []commandGroup) string {
	var b strings.Builder
	b.WriteString("NAME:\n   {{template \"helpNameTemplate\" .}}\n\nUSAGE:\n   albumwright COMMAND [options] [arguments]\n\n" +
		"DESCRIPTION:\n" + literal(paragraphs(app.Description, "   ")) + "\nCOMMANDS:\n")
	for i, g := range groups {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString("   " + g.heading + "\n\n")
		for _, c := range g.commands {
			if c.Hidden {
				continue
			}
			indent := strings.Repeat(" ", 6+commandWidth)
			b.WriteString("      " + c.Name + strings.Repeat(" ", commandWidth-len(c.Name)) + strings.TrimPrefix(wrapped(c.Usage, indent), indent))
		}
	}
	b.WriteString("\nOPTIONS:\n")
	for _, f := range append(slices.Clone(app.Flags), cli.VersionFlag) {
		b.WriteString(literal(option(f)))
	}
	return b.String()
}
