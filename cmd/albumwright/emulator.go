package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/emulator"
)

// controlTokenVar holds the token of the emulator's control path. It is no flag: command lines are seen by everyone on the machine.
const controlTokenVar = "ALBUMWRIGHT_CONTROL_TOKEN"

// emulatorOptions is what the emulator command was asked.
type emulatorOptions struct {
	listen string
	remote bool // addresses that are not loopback, too
	plan   []emulator.Fault
	tls    tlsOptions
	config emulator.Config

	accounts accountOptions
}

func emulatorCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "emulator",
		Usage: "run the service itself on this machine, to rehearse on",
		Description: "Behaves like the Google Photos Library API, with a gallery page to look at. Nothing leaves this machine, and everything\n" +
			"is forgotten when it ends, unless there is a --data folder. It prints what the import command needs:\n\n" +
			"   albumwright emulator\n\n" +
			"Run the export line it prints in another terminal, then:   albumwright import --writes-per-minute 0 ~/Pictures\n\n" +
			"More examples:\n" +
			"   albumwright emulator --data ~/rehearsal                      go on next time where this time ended\n" +
			"   albumwright emulator --quota service                         with the limits of the service: 30 writes a minute, 10,000 requests a day\n" +
			"   albumwright emulator --quota service --requests-per-day 100  with one of them changed\n" +
			"   albumwright emulator --faults plan.jsonl                     with planned trouble\n" +
			"   albumwright emulator --user Anna --user Ben:full             with two users, of whom one has no storage left\n" +
			"   albumwright emulator --client-secret-file client.json        and a client with which any app signs its user in\n" +
			"   albumwright emulator record FILE                             and write down every exchange, secrets left out\n" +
			"   albumwright emulator replay FILE                             answer as was recorded\n\n" +
			"Other processes steer it, while it runs, over the control path that it prints. Its token, like the access token, is a new random\n" +
			"one unless " + controlTokenVar + " (" + accessTokenVar + ") names it; a --data folder keeps its access token.",
		Flags:       append(emulatorFlags(), tlsFlags()...),
		Subcommands: []*cli.Command{recordCommand(term), replayCommand(term)},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return noSubcommand(c)
			}
			opts, err := readEmulatorOptions(c)
			if err != nil {
				return usageError{err}
			}
			_, ctx, stop := untilSignals(c.Context, func() {})
			defer stop()
			return runEmulator(ctx, opts, term.out)
		},
	})
}

func emulatorFlags() []cli.Flag {
	return append(accountFlags(), []cli.Flag{
		&cli.StringFlag{Name: "listen", Usage: "loopback `ADDRESS` to listen on; port 0 takes a free one", Value: "127.0.0.1:8085", EnvVars: envVar("listen")},
		&cli.BoolFlag{Name: "allow-remote", Usage: "let --listen be any address. Everybody who reaches the port then sees the photos, and whoever has the control token steers; nothing is encrypted", EnvVars: envVar("allow-remote")},
		&cli.StringFlag{Name: "data", Usage: "keep everything in this `DIR`, and go on with what is in it", EnvVars: envVar("data"), TakesFile: true},
		&cli.StringFlag{Name: "era", Usage: "the `ERA` whose rules hold: today, or 2024 with the scopes and shared albums that were removed in March 2025", Value: "today", EnvVars: envVar("era")},
		&cli.StringFlag{Name: "faults", Usage: "`FILE` with planned misbehaviour, one JSON object a line, such as {\"operation\":\"uploads\",\"nth\":3,\"effect\":{\"name\":\"503\"}}", EnvVars: envVar("faults"), TakesFile: true},
		&cli.DurationFlag{Name: "latency", Usage: "the `TIME` added to each API call", EnvVars: envVar("latency")},
		&cli.StringFlag{Name: "quota", Category: ofLimits, Usage: "the `LIMITS`: service for those of the service, or none", Value: "none", EnvVars: envVar("quota")},
		&cli.IntFlag{Name: "requests-per-day", Category: ofLimits, Usage: "`N` API requests until midnight Pacific time; 0 = no limit", DefaultText: "by --quota", EnvVars: envVar("requests-per-day")},
		&cli.IntFlag{Name: "writes-per-minute-limit", Category: ofLimits, Usage: "`N` changes of one user; 0 = no limit", DefaultText: "by --quota", EnvVars: envVar("writes-per-minute-limit")},
		&cli.IntFlag{Name: "uploads-per-minute-limit", Category: ofLimits, Usage: "`N` requests that upload; 0 = no limit", DefaultText: "none", EnvVars: envVar("uploads-per-minute-limit")},
		&cli.IntFlag{Name: "base-urls-per-day", Category: ofLimits, Usage: "`N` loads of base URLs until midnight Pacific time; 0 = no limit", DefaultText: "by --quota", EnvVars: envVar("base-urls-per-day")},
	}...)
}

func readEmulatorOptions(c *cli.Context) (o emulatorOptions, err error) {
	o = emulatorOptions{listen: c.String("listen"), remote: c.Bool("allow-remote"), config: emulator.Config{
		AccessToken: os.Getenv(accessTokenVar), ControlToken: os.Getenv(controlTokenVar), Dir: c.String("data"), Latency: c.Duration("latency"),
	}}
	if c.IsSet("data") && o.config.Dir == "" {
		return o, errors.New("--data is empty")
	}
	if o.config.Latency < 0 {
		return o, fmt.Errorf("--latency %v: must not be negative", o.config.Latency)
	}
	if host, _, err := net.SplitHostPort(o.listen); err == nil && o.remote && net.ParseIP(host) == nil && host != "" {
		o.config.HostNames = []string{host}
	}
	if o.config.Era, err = readEra(c.String("era")); err != nil {
		return o, err
	}
	if o.config.Quota, err = readQuota(c); err != nil {
		return o, err
	}
	if o.tls, err = readTLSOptions(c); err != nil {
		return o, err
	}
	if o.accounts, err = readAccountOptions(c, &o.config); err != nil {
		return o, err
	}
	o.plan, err = readFaults(c.String("faults"))
	return o, err
}

func readEra(name string) (emulator.Era, error) {
	switch name {
	case "today":
		return emulator.EraToday, nil
	case "2024":
		return emulator.Era2024, nil
	}
	return 0, fmt.Errorf("--era %q: must be today or 2024", name)
}

// readQuota takes the limits of --quota, and then the single ones.
func readQuota(c *cli.Context) (q emulator.Quota, err error) {
	switch name := c.String("quota"); name {
	case "none":
	case "service":
		q = emulator.ServiceQuota()
	default:
		return q, fmt.Errorf("--quota %q: must be service or none", name)
	}
	for flag, limit := range map[string]*int{
		"requests-per-day": &q.RequestsPerDay, "writes-per-minute-limit": &q.WritesPerMinutePerUser,
		"uploads-per-minute-limit": &q.UploadsPerMinute, "base-urls-per-day": &q.BaseURLLoadsPerDay,
	} {
		if !c.IsSet(flag) {
			continue
		}
		if *limit = c.Int(flag); *limit < 0 {
			return q, fmt.Errorf("--%s %d: must be 0 (no limit) or more", flag, *limit)
		}
	}
	return q, nil
}

// readFaults reads the file of planned misbehaviour.
func readFaults(path string) ([]emulator.Fault, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--faults: %w", err)
	}
	defer func() { _ = f.Close() }()
	faults, err := emulator.LoadFaults(f)
	if err != nil {
		return nil, fmt.Errorf("--faults %s: %w", path, err)
	}
	return faults, nil
}

// runEmulator serves until ctx ends. Its first signal is its last: there is nothing to finish.
func runEmulator(ctx context.Context, o emulatorOptions, out io.Writer) error {
	d, err := openDoors(o)
	if err != nil {
		return err
	}
	s, err := startEmulator(o.config)
	if err != nil {
		return errors.Join(err, d.close())
	}
	if err := s.Plan(o.plan...); err != nil {
		return errors.Join(usageError{err}, d.close(), s.stop())
	}
	if err := o.tls.writeCA(s.Server); err != nil {
		return errors.Join(err, d.close(), s.stop())
	}
	if err := o.accounts.writeSecret(s.Client(), o.address(d)); err != nil {
		return errors.Join(err, d.close(), s.stop())
	}
	o.announce(out, s.Server, d)
	return errors.Join(d.serve(ctx, s.Server, o.tls), s.stop())
}

// announce prints what clients need, as lines for a shell.
func (o emulatorOptions) announce(out io.Writer, s *emulator.Server, d doors) {
	at, end := o.address(d), "and it forgets everything"
	if o.config.Dir != "" {
		end = "and " + o.config.Dir + " keeps everything"
	}
	fmt.Fprintf(out, "export ALBUMWRIGHT_ENDPOINT=%s %s=%s\n%s# gallery: %s/   (Ctrl-C ends the emulator, %s)\n"+
		"# control: %s -H 'X-Control-Token: %s' %s/control/summary\n",
		at, accessTokenVar, s.AccessToken(), o.tls.exports(d), at, end, o.tls.curl(), s.ControlToken(), at)
}

// address is where clients find it.
func (o emulatorOptions) address(d doors) string {
	if o.tls.listen {
		return "https://" + reachable(d.main.Addr())
	}
	return "http://" + reachable(d.main.Addr())
}

// reachable is where this machine finds a listener: one on all addresses is on loopback too.
func reachable(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("127.0.0.1:%d", tcp.Port)
	}
	return addr.String()
}

// listenLoopback refuses to show photos to the network.
func listenLoopback(flag, address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, usageError{fmt.Errorf("--%s %s: only loopback addresses such as 127.0.0.1 are served, since whoever reaches the emulator sees the photos; emulator --allow-remote serves others", flag, address)}
	}
	return listenAnywhere(flag, address)
}

func listenAnywhere(flag, address string) (net.Listener, error) {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, usageError{fmt.Errorf("--%s %q: must be an address with a port, such as 127.0.0.1:8085", flag, address)}
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return nil, usageError{fmt.Errorf("--%s %s: %w; port 0 takes a free one", flag, address, err)}
	}
	return ln, nil
}

// localEmulator is an emulator with a folder for media: one that stays, or a temporary one of its own.
type localEmulator struct {
	*emulator.Server
	temporary string // "" = it stays
}

func startEmulator(cfg emulator.Config) (*localEmulator, error) {
	local := &localEmulator{}
	if cfg.Dir == "" {
		dir, err := os.MkdirTemp("", "albumwright-emulator-")
		if err != nil {
			return nil, err
		}
		cfg.Dir, local.temporary = dir, dir
	}
	s, err := emulator.New(cfg)
	if err != nil {
		if cause := errors.Unwrap(err); cause != nil && local.temporary == "" {
			err = fmt.Errorf("--data %s: %w", cfg.Dir, cause)
		}
		return nil, errors.Join(usageError{err}, local.clear())
	}
	local.Server = s
	return local, nil
}

func (e *localEmulator) stop() error { return errors.Join(e.Close(), e.clear()) }

func (e *localEmulator) clear() error {
	if e.temporary == "" {
		return nil
	}
	return os.RemoveAll(e.temporary)
}
