package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// completeWord is the command that the scripts of completions ask. It is for them alone, so help is silent about it.
const completeWord = "complete-word"

// completionCommand prints what lets a shell complete commands and flags.
func completionCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name: "completion", Usage: "let a shell complete commands and flags", ArgsUsage: "bash|zsh|fish",
		Description: "Prints a script for the shell. What is no command and no flag the shell completes as a file.\n\n" +
			"   source <(albumwright completion bash)    in ~/.bashrc\n" +
			"   source <(albumwright completion zsh)     in ~/.zshrc, behind compinit\n" +
			"   albumwright completion fish | source     in ~/.config/fish/config.fish",
		Action: func(c *cli.Context) error {
			script, ok := completionScripts()[c.Args().First()]
			if !ok || c.NArg() != 1 {
				return usageError{fmt.Errorf("name one shell: bash, zsh or fish")}
			}
			_, err := fmt.Fprint(term.out, script)
			return err
		},
	})
}

// completeWordCommand prints how the last of its arguments can go on, a line each.
func completeWordCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name: completeWord, Hidden: true,
		Action: func(c *cli.Context) error {
			for _, word := range completions(c.App.Commands, c.Args().Slice()) {
				fmt.Fprintln(term.out, word)
			}
			return nil
		},
	})
}

// completions are the commands or flags that the last of some words can become. Where a value or a file is wanted there are none.
func completions(commands []*cli.Command, words []string) (found []string) {
	if len(words) == 0 {
		return nil
	}
	var cmd *cli.Command
	before, begun := words[:len(words)-1], words[len(words)-1]
	if len(before) > 0 && before[0] == "help" { // what help is wanted of
		before = before[1:]
	}
	for _, word := range before {
		i := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(word) })
		if i < 0 {
			break
		}
		cmd, commands = commands[i], commands[i].Subcommands
	}
	var all []string
	switch {
	case strings.HasPrefix(begun, "-"):
		all = flagNames(cmd)
	case len(before) == 0 || cmd != nil && cmd.HasName(before[len(before)-1]):
		for _, c := range commands {
			if !c.Hidden {
				all = append(all, c.Name)
			}
		}
	}
	return slices.DeleteFunc(all, func(name string) bool { return !strings.HasPrefix(name, begun) })
}

// flagNames are those of a command that help shows; of none the program's.
func flagNames(cmd *cli.Command) []string {
	if cmd == nil {
		return []string{"--" + configFlag, "--help", "--version"}
	}
	names := []string{"--" + configFlag, "--help"}
	for _, f := range cmd.Flags {
		if f != cli.HelpFlag && f.(cli.VisibleFlag).IsVisible() {
			names = append(names, "--"+f.Names()[0])
		}
	}
	slices.Sort(names)
	return names
}

// completionScripts ask the program itself, so that they are never older than it.
func completionScripts() map[string]string {
	return map[string]string{
		"bash": `_albumwright() {
	local IFS=$'\n'
	COMPREPLY=($("${COMP_WORDS[0]}" ` + completeWord + ` -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _albumwright albumwright
`,
		"zsh": `_albumwright() {
	local -a found
	found=("${(@f)$("${words[1]}" ` + completeWord + ` -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
	if [[ -n "${found[*]}" ]]; then compadd -- "${found[@]}"; else _files; fi
}
compdef _albumwright albumwright
`,
		"fish": `complete -c albumwright -a '(albumwright ` + completeWord + ` -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
	}
}
