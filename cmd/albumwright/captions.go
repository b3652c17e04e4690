package main

import (
	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/pipeline"
)

// captionsFlag names files of captions.
func captionsFlag() cli.Flag {
	f := repeatable("captions", ofChoice, "descriptions from this .yaml or .csv `FILE`, of lines of a file and its text; may be repeated, the first counts most; captions.yaml and captions.csv in the folders are found without it")
	f.TakesFile = true
	return f
}

// readCaptions reads all that were named, so that an error in one is one of usage.
func readCaptions(c *cli.Context) (all []pipeline.Captions, err error) {
	for _, path := range textsOf(c, "captions") {
		one, err := pipeline.ReadCaptions(path)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}
