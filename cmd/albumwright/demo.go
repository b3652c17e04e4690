package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/samples"
)

func demoCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "demo",
		Usage: "import a small sample library into an emulator, all in one command",
		Description: "Draws two dozen sample photos, among them a broken one, a copy and files that are none, starts the emulator in this process,\n" +
			"imports them into albums, and checks that the outcome is exactly the expected one. Needs no account and no network,\n" +
			"and leaves nothing behind.\n\n" +
			"   albumwright demo --serve      then look at the gallery; Ctrl-C ends it",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "serve", Usage: "leave the gallery page up until Ctrl-C", EnvVars: envVar("serve")},
			&cli.StringFlag{Name: "listen", Usage: "loopback `ADDRESS` of the emulator; port 0 takes a free one", Value: "127.0.0.1:0", EnvVars: envVar("listen")},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usageError{fmt.Errorf("unexpected argument %q", c.Args().First())}
			}
			_, ctx, stop := untilSignals(c.Context, func() {})
			defer stop()
			return runDemo(ctx, c.String("listen"), c.Bool("serve"), term)
		},
	})
}

// runDemo shows the whole thing in one process.
func runDemo(ctx context.Context, listen string, serve bool, term terminal) (err error) {
	dir, err := os.MkdirTemp("", "albumwright-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	fmt.Fprintln(term.err, "Drawing the sample photos ...")
	photos := filepath.Join(dir, "photos")
	library, err := samples.Write(photos)
	if err != nil {
		return err
	}
	ln, err := listenLoopback("listen", listen)
	if err != nil {
		return err
	}
	service, err := startEmulator(emulator.Config{})
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	serving, end := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- service.Serve(serving, ln) }()
	defer func() {
		end()
		err = errors.Join(err, <-served, service.stop())
	}()
	if err := importSamples(ctx, photos, filepath.Join(dir, "state"), ln.Addr(), service, term); err != nil {
		return err
	}
	if err := checkSamples(library, service.Server); err != nil {
		return err
	}
	fmt.Fprintln(term.out, "\nThe outcome is exactly the expected one: each album in capture order, the broken file refused, the copy not sent,\nand a second run made no request.")
	if serve {
		fmt.Fprintf(term.out, "\nGallery: http://%s/   (Ctrl-C ends it)\n", ln.Addr())
		<-ctx.Done()
	}
	return nil
}

// importSamples runs the import twice. The first run must end with the failure of the broken file, the second without a single request.
func importSamples(ctx context.Context, photos, state string, at net.Addr, service *localEmulator, term terminal) error {
	o := importOptions{
		choice: choice{paths: []string{photos}, albumOptions: byFolder()},
		runOptions: runOptions{
			stateDir: state, transfers: 4, service: serviceOptions{endpoint: "http://" + at.String(), account: "demo", accessToken: service.AccessToken()},
		},
	}
	if err := runImport(ctx, o, term); !errors.Is(err, errSomeFailed) {
		return errors.Join(errors.New("the demo's import should have ended with the broken file as its only failure"), err)
	}
	before := total(service.Calls())
	again := term
	again.out = nowhere{}
	if err := runImport(ctx, o, again); !errors.Is(err, errSomeFailed) {
		return errors.Join(errors.New("the demo's second import ended differently from the first"), err)
	}
	if n := total(service.Calls()) - before; n != 0 {
		return fmt.Errorf("the demo's second import made %d requests, but should have made none", n)
	}
	return nil
}

// nowhere is where the second run's report goes.
type nowhere struct{}

// Write drops it.
func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

func total(calls map[string]int) (n int) {
	for _, c := range calls {
		n += c
	}
	return n
}

// checkSamples compares what the service holds with what was written.
func checkSamples(want samples.Library, service *emulator.Server) error {
	var errs []error
	names := map[string]string{}
	for _, m := range service.MediaItems() {
		names[m.ID] = m.Filename
	}
	if len(names) != want.Photos() {
		errs = append(errs, fmt.Errorf("the service has %d media items, want %d", len(names), want.Photos()))
	}
	albums := map[string][]string{}
	for _, a := range service.Albums() {
		for _, id := range a.Items {
			albums[a.Title] = append(albums[a.Title], names[id])
		}
	}
	for _, f := range want.Folders {
		if got := albums[path.Base(f.Path)]; !slices.Equal(got, f.Names()) {
			errs = append(errs, fmt.Errorf("album %q holds %q, want %q", path.Base(f.Path), got, f.Names()))
		}
	}
	if len(albums) != len(want.Folders) {
		errs = append(errs, fmt.Errorf("the service has %d albums, want %d", len(albums), len(want.Folders)))
	}
	for _, v := range service.Violations() {
		errs = append(errs, fmt.Errorf("rule %s broken: %s", v.Rule, v.Detail))
	}
	return errors.Join(errs...)
}
