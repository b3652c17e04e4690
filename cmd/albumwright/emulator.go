package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/emulator"
)

func emulatorCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "emulator",
		Usage: "run the service itself on this machine, to rehearse on",
		Description: "Behaves like the Google Photos Library API, with a gallery page to look at. Nothing leaves this machine, and everything\n" +
			"is forgotten when it ends. It prints what the import command needs:\n\n" +
			"   albumwright emulator --listen 127.0.0.1:8085\n\n" +
			"Run the export line it prints in another terminal, then:   albumwright import --writes-per-minute 0 ~/Pictures",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "listen", Usage: "loopback address to listen on; port 0 takes a free one", Value: "127.0.0.1:8085", EnvVars: envVar("listen")},
			&cli.StringFlag{Name: "faults", Usage: "file with planned misbehaviour, one JSON object a line, such as {\"operation\":\"uploads\",\"nth\":3,\"effect\":{\"name\":\"503\"}}", EnvVars: envVar("faults"), TakesFile: true},
			&cli.DurationFlag{Name: "latency", Usage: "added to each API call", EnvVars: envVar("latency")},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usageError{fmt.Errorf("unexpected argument %q", c.Args().First())}
			}
			_, ctx, stop := untilSignals(c.Context, func() {})
			defer stop()
			return runEmulator(ctx, c.String("listen"), c.String("faults"), c.Duration("latency"), term.out)
		},
	})
}

// runEmulator serves until ctx ends. Its first signal is its last: there is nothing to finish.
func runEmulator(ctx context.Context, listen, faults string, latency time.Duration, out io.Writer) error {
	plan, err := readFaults(faults)
	if err != nil {
		return err
	}
	ln, err := listenLoopback(listen)
	if err != nil {
		return err
	}
	s, err := startEmulator(emulator.Config{AccessToken: os.Getenv(accessTokenVar), Latency: latency})
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	if err := s.Plan(plan...); err != nil {
		return errors.Join(usageError{err}, ln.Close(), s.stop())
	}
	fmt.Fprintf(out, "export ALBUMWRIGHT_ENDPOINT=http://%s %s=%s\n# gallery: http://%s/   (Ctrl-C ends the emulator, and it forgets everything)\n",
		ln.Addr(), accessTokenVar, s.AccessToken(), ln.Addr())
	return errors.Join(s.Serve(ctx, ln), s.stop())
}

// readFaults reads the file of planned misbehaviour.
func readFaults(path string) ([]emulator.Fault, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, usageError{fmt.Errorf("--faults: %w", err)}
	}
	defer func() { _ = f.Close() }()
	faults, err := emulator.LoadFaults(f)
	if err != nil {
		return nil, usageError{fmt.Errorf("--faults %s: %w", path, err)}
	}
	return faults, nil
}

// listenLoopback refuses to show photos to the network.
func listenLoopback(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, usageError{fmt.Errorf("--listen %q: must be an address with a port, such as 127.0.0.1:8085", address)}
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, usageError{fmt.Errorf("--listen %s: only loopback addresses such as 127.0.0.1 are served, since whoever reaches the emulator sees the photos", address)}
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return nil, usageError{fmt.Errorf("--listen: %w", err)}
	}
	return ln, nil
}

// localEmulator is an emulator that keeps media in a temporary folder of its own.
type localEmulator struct {
	*emulator.Server
	dir string
}

func startEmulator(cfg emulator.Config) (*localEmulator, error) {
	dir, err := os.MkdirTemp("", "albumwright-emulator-")
	if err != nil {
		return nil, err
	}
	cfg.Dir = dir
	s, err := emulator.New(cfg)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &localEmulator{s, dir}, nil
}

func (e *localEmulator) stop() error { return errors.Join(e.Close(), os.RemoveAll(e.dir)) }
