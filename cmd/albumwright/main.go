// Command albumwright uploads folders of photos and videos to Google Photos and makes albums of them.
//
// Run it without arguments for a list of commands, or begin with "albumwright demo", which needs neither an account nor a network.
package main

import (
	"context"
	"os"
)

func main() {
	noCoreFiles()
	os.Exit(run(context.Background(), os.Args, terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr}))
}
