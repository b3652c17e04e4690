package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/config"
)

func configCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "config",
		Usage: "write, check and show the configuration file",
		Description: "The file is YAML. Its keys are the names of flags, without the dashes; what it says counts for all commands that have the flag. A flag wins over\n" +
			"its environment variable, that one over the file, the file over the default. Below accounts: stand settings of single accounts, below\n" +
			"folders: those of folders that are looked after. It is $XDG_CONFIG_HOME/albumwright/config.yaml (on macOS and Windows in the user's folder for such\n" +
			"files), or what --config or " + envVar(configFlag)[0] + " names. Secrets have no place in it. The emulator, the demo and facts do not read it.\n\n" +
			"Examples:\n" +
			"   albumwright config init                            write one, with every setting and what it means\n" +
			"   albumwright config check                           find all mistakes in it\n" +
			"   albumwright config show --effective import         what an import would go by, and where each value comes from\n" +
			"   albumwright --config work.yaml import ~/Jobs       another file",
		Subcommands: []*cli.Command{configInitCommand(term), configCheckCommand(term), configShowCommand(term)},
	})
}

// errNoConfigPlace: without a home folder there is no file but a named one.
var errNoConfigPlace = errors.New("there is no home folder for a configuration file: name one with --config FILE")

func configInitCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "init",
		Usage: "write a configuration file with every setting at its default",
		Description: "Every setting is there, commented out, with a line that says what it is. A file that is there already is left alone, unless --force is given.\n\n" +
			"   albumwright config init\n   albumwright --config work.yaml config init",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "force", Usage: "overwrite a file that is there", EnvVars: envVar("force")}},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return unexpected(c, 0)
			}
			path, _ := configPath(c)
			if path == "" {
				return usageError{errNoConfigPlace}
			}
			if err := writeConfig(path, c.Bool("force")); err != nil {
				return err
			}
			fmt.Fprintln(term.out, path)
			return nil
		},
	})
}

// writeConfig writes the file for its owner only: it names folders and accounts.
func writeConfig(path string, force bool) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return usageError{fmt.Errorf("configuration: %w", err)}
	}
	how := os.O_CREATE | os.O_WRONLY | os.O_EXCL
	if force {
		how = os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	}
	f, err := os.OpenFile(path, how, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return usageError{fmt.Errorf("%s is there already: nothing was written; --force overwrites it", path)}
	case err != nil:
		return usageError{fmt.Errorf("configuration: %w", err)}
	}
	return errors.Join(config.WriteTemplate(f, schemaOf(newApp(terminal{}))), f.Close())
}

func configCheckCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "check",
		Usage:     "find all mistakes in a configuration file",
		ArgsUsage: "[FILE]",
		Description: "Prints \"fine\", or each mistake with its line and column, and then ends with code 2.\n\n" +
			"   albumwright config check\n   albumwright config check work.yaml",
		Flags: []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			if c.Args().Len() > 1 {
				return unexpected(c, 1)
			}
			path, named := configPath(c)
			if arg := c.Args().First(); arg != "" {
				path, named = arg, true
			}
			return checkConfig(path, named, c.Bool("json"), term)
		},
	})
}

// problemLine and checkedLine are the lines of --json.
type problemLine struct {
	Type string `json:"message_type"`
	File string `json:"file"`
	config.Problem
}

type checkedLine struct {
	Type     string `json:"message_type"`
	File     string `json:"file"`
	Exists   bool   `json:"exists"`
	Problems int    `json:"problems"`
}

func checkConfig(path string, named, asJSON bool, term terminal) error {
	var err error
	none := path == "" || !named && notThere(path)
	if !none {
		_, err = readConfigFile(path)
	}
	invalid := (*config.InvalidError)(nil)
	if err != nil && !errors.As(err, &invalid) {
		return err
	}
	if asJSON {
		out := newPrinter(term.out)
		if invalid != nil {
			for _, p := range invalid.Problems {
				out.line(problemLine{"problem", path, p})
			}
			out.line(checkedLine{"summary", path, true, len(invalid.Problems)})
		} else {
			out.line(checkedLine{"summary", path, !none, 0})
		}
		return cmp.Or(out.err, err)
	}
	switch {
	case none:
		fmt.Fprintf(term.out, "There is no configuration file (%s), so all settings have their defaults.\n", cmp.Or(path, "no home folder"))
	case err == nil:
		fmt.Fprintf(term.out, "%s: fine\n", path)
	}
	return err
}
