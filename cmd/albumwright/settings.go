package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/config"
)

// configFlag names the configuration file. It is the program's own, not a command's.
const configFlag = "config"

// occasional are flags that are never said in a file: those of one call, as whoever forgot that they are there would be surprised, and secrets.
func occasional() []string {
	return []string{"help", "dry-run", "rehearse", "rehearse-rate", "rehearse-keep", "serve", "record", "record-words", "resend", "output", "open", "elsewhere", "yes", "force", webhookFlag}
}

// unconfigured are commands that take nothing from the configuration file. It is about imports of the user's own photos: a stand-in for the service that
// took its addresses or folders from there could write where it must not, what looks at the file must work where it is wrong, and what shows the facts
// of files is told with each call what else to believe.
func unconfigured() []string {
	return []string{"config", "doctor", "emulator", "demo", "facts", "help", "completion", completeWord}
}

// choices are flags that are one choice together.
func choices() [][]string {
	return [][]string{{"album", "album-by", "album-template"}, {"quiet", "verbose"}}
}

// configured lets all commands that may take what is said neither by a flag nor by the environment from the configuration file.
func configured(commands []*cli.Command) {
	eachCommand("", commands, func(_ string, cmd *cli.Command) {
		cmd.Before = func(c *cli.Context) error {
			file, err := readConfig(c)
			if err != nil {
				return err
			}
			forgetOverruled(c.Command.Flags)
			remember(c)
			return applyConfig(c, file)
		}
	})
}

// remember notes which flags the command line and the environment have set.
func remember(c *cli.Context) {
	said := []string{}
	for _, f := range c.Command.Flags {
		if name := f.Names()[0]; c.IsSet(name) {
			said = append(said, name)
		}
	}
	if c.App.Metadata == nil {
		c.App.Metadata = map[string]any{}
	}
	c.App.Metadata[saidKey] = said
}

// configPath is where the configuration is, and whether the user has named the place. It is "" where there is no such place.
func configPath(c *cli.Context) (path string, named bool) {
	if path = c.String(configFlag); path != "" {
		return path, true
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", false
	}
	return filepath.Join(dir, "albumwright", "config.yaml"), false
}

// readConfig reads the configuration file; nil if there is none and none was named.
func readConfig(c *cli.Context) (*config.File, error) {
	path, named := configPath(c)
	if path == "" {
		return nil, nil
	}
	if !named && notThere(path) {
		return nil, nil
	}
	return readConfigFile(path)
}

// notThere tells whether there is no file where it would be by default. In a home folder that this user may not even look into, as after sudo, it is
// somebody else's; one that can be seen and not read is a mistake to be told.
func notThere(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)
}

func readConfigFile(path string) (*config.File, error) {
	data, err := readUpTo(path, config.MaxSize+1)
	if err != nil {
		return nil, usageError{fmt.Errorf("configuration: %w", err)}
	}
	return config.Parse(path, data, schemaOf(newApp(terminal{})))
}

// readUpTo reads the beginning of a file, which may be a pipe.
func readUpTo(path string, most int64) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder: name the file in it", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, most))
}

// applyConfig sets the flags of a command that nobody has set to what the file says.
func applyConfig(c *cli.Context, file *config.File) error {
	account := c.String("account")
	if file != nil && !c.IsSet("account") {
		if v, ok := file.Settings["account"]; ok {
			account = v.Texts[0]
		}
	}
	block := file.For(account)
	for _, choice := range choices() {
		if slices.ContainsFunc(choice, c.IsSet) {
			for _, name := range choice {
				delete(block, name)
			}
		}
	}
	for _, f := range c.Command.Flags {
		name := f.Names()[0]
		if v, ok := block[name]; ok && hasVariable(f) && !c.IsSet(name) {
			if err := setFlag(c, f, v.Texts); err != nil {
				return usageError{fmt.Errorf("%s: line %d: %s: %w", file.Name, v.Line, name, err)}
			}
		}
	}
	return nil
}

// setFlag sets a flag to texts, of which each is taken as it is: a comma does not divide it.
func setFlag(c *cli.Context, f cli.Flag, texts []string) error {
	name := f.Names()[0]
	for _, text := range texts {
		if err := c.Set(name, text); err != nil {
			return err
		}
	}
	return nil
}
