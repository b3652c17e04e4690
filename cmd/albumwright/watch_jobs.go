package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/config"
	"github.com/albumwright/albumwright/internal/watch"
	"github.com/albumwright/albumwright/pipeline"
)

// saidKey is where the names of the flags are kept that the command line or the environment has set, not the configuration file.
const saidKey = "said"

// watchJobs are the folders to watch, and the options of each ledger's: those of the command line, or those of the configuration file.
func watchJobs(c *cli.Context) (jobs []watch.Job, options map[string]watchOptions, err error) {
	file, err := readConfig(c)
	if err != nil {
		return nil, nil, err
	}
	var folders []config.Folder
	for _, dir := range c.Args().Slice() {
		folders = append(folders, config.Folder{Path: dir})
	}
	if len(folders) == 0 && file != nil {
		folders = file.Folders
	}
	if len(folders) == 0 {
		return nil, nil, errors.New("nothing to watch: name at least one folder, or write folders: into the configuration file")
	}
	options = map[string]watchOptions{}
	for _, f := range folders {
		root, o, err := watchFolder(c, file, f)
		if err != nil {
			if f.Line > 0 {
				err = fmt.Errorf("%s: line %d: %w", file.Name, f.Line, err)
			}
			return nil, nil, err
		}
		job := o.job(root)
		jobs = append(jobs, job)
		ledger := pipeline.LedgerPath(job.Run)
		if _, known := options[ledger]; !known {
			options[ledger] = o
		}
	}
	return jobs, options, nil
}

// watchFolder reads what holds for a folder: what the command line and the environment say, then what the file says of the folder, then of its account,
// then of all.
func watchFolder(c *cli.Context, file *config.File, f config.Folder) (root string, o watchOptions, err error) {
	if f.Path == "" {
		return "", o, errors.New("a DIR is empty: is a variable not set?")
	}
	if root, err = filepath.Abs(f.Path); err != nil {
		return "", o, err
	}
	said, _ := c.App.Metadata[saidKey].([]string)
	settings := folderBlock(c, file, f, said)
	own, err := contextOf(c, settings, root)
	if err != nil {
		return "", o, err
	}
	if o, err = readWatchOptions(own); err != nil {
		return "", o, err
	}
	o.print = printOf(settings)
	return root, o, nil
}

// folderBlock gathers the settings of a folder, as texts of flags.
func folderBlock(c *cli.Context, file *config.File, f config.Folder, said []string) map[string][]string {
	byUser := map[string][]string{}
	for _, fl := range watchFlags() {
		if name := fl.Names()[0]; slices.Contains(said, name) {
			byUser[name] = flagTexts(c, name)
		}
	}
	account := c.String("account")
	if own, ok := f.Settings["account"]; ok && byUser["account"] == nil {
		account = own.Texts[0]
	}
	all := map[string][]string{}
	layers := []config.Block{file.For(account), f.Settings}
	if f.Settle > 0 {
		layers = append(layers, config.Block{"settle": {Texts: []string{f.Settle.String()}}})
	}
	for _, layer := range layers {
		texts := map[string][]string{}
		for name, v := range layer {
			texts[name] = v.Texts
		}
		overlay(all, texts)
	}
	overlay(all, byUser)
	all["account"] = []string{account}
	return all
}

// overlay puts settings over others: of those that are one choice together, nothing of the others stays.
func overlay(all, nearer map[string][]string) {
	for _, choice := range choices() {
		if slices.ContainsFunc(choice, func(name string) bool { return nearer[name] != nil }) {
			for _, name := range choice {
				delete(all, name)
			}
		}
	}
	maps.Copy(all, nearer)
}

// contextOf makes a context in which flags have these values, and no others count.
func contextOf(c *cli.Context, settings map[string][]string, arg string) (*cli.Context, error) {
	set := flag.NewFlagSet("watch", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	flags := watchFlags()
	for _, f := range flags {
		withoutVariable(f)
		if err := f.Apply(set); err != nil {
			return nil, err
		}
	}
	if err := set.Parse([]string{"--", arg}); err != nil {
		return nil, err
	}
	own := cli.NewContext(c.App, set, nil)
	for _, f := range flags {
		if texts, ok := settings[f.Names()[0]]; ok {
			if err := setFlag(own, f, texts); err != nil {
				return nil, fmt.Errorf("--%s: %w", f.Names()[0], err)
			}
		}
	}
	return own, nil
}

// printOf is the same for folders with the same settings.
func printOf(settings map[string][]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&b, "%s=%q\n", name, settings[name])
	}
	return b.String()
}
