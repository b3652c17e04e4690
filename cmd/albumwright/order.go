package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/pipeline"
)

// orderFlags say how albums stand, and what is taken of files that belong together.
func orderFlags() []cli.Flag {
	return under(ofPairs,
		&cli.StringFlag{Name: "order", Category: ofAlbums, Usage: "the `ORDER` of albums: captured (time, then the camera's numbers; pairs and chapters together), name (IMG_2 before IMG_10), or none (as found, at the end)", Value: "captured", EnvVars: envVar("order")},
		&cli.StringFlag{Name: "raw-jpeg", Usage: "`WHICH` is taken of a RAW and the JPEG or HEIC of the same shot: both, raw, or jpeg", Value: "both", EnvVars: envVar("raw-jpeg")},
		&cli.StringFlag{Name: "heic-jpeg", Usage: "`WHICH` is taken of a HEIC and the JPEG of the same shot: both, heic, or jpeg", Value: "both", EnvVars: envVar("heic-jpeg")},
		&cli.StringFlag{Name: "edited", Usage: "`WHICH` is taken of an edited copy (IMG_E1, -edited, ~2, -Edit) and its original: both, edited, or original", Value: "both", EnvVars: envVar("edited")},
		&cli.StringFlag{Name: "live", Usage: "`WHICH` is taken of a Live Photo: both, photo, or video; the service shows the two as separate items", Value: "both", EnvVars: envVar("live")},
	)
}

// readOrder reads these flags.
func readOrder(c *cli.Context) (by pipeline.Order, pairs pipeline.Pairs, err error) {
	by = pipeline.Order(c.String("order"))
	pairs = pipeline.Pairs{RawJPEG: c.String("raw-jpeg"), HeicJPEG: c.String("heic-jpeg"), Edited: c.String("edited"), Live: c.String("live")}
	if err = by.Valid(); err == nil {
		err = pairs.Valid()
	}
	if err != nil {
		err = fmt.Errorf("--%w", err)
	}
	return by, pairs, err
}
