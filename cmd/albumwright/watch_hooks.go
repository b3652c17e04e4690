package main

import (
	"fmt"
	"net/http"
	"os"
	"runtime"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/hooks"
)

// webhookFlag is a secret: it is never shown, nor kept in the configuration file.
const webhookFlag = "webhook"

// hookFlags say who is told when a batch ended, or something is wrong.
func hookFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "exec-after", Usage: "run this `PROGRAM` (with arguments; no shell) after a batch and on trouble: the news are JSON on its stdin", EnvVars: envVar("exec-after")},
		&cli.StringFlag{Name: "notify", Usage: "`WHERE` it is shown to whoever sits here: desktop", EnvVars: envVar("notify")},
		&cli.StringFlag{Name: webhookFlag, Usage: "post it to this `URL` as JSON; better in the variable, since all users see command lines", EnvVars: envVar(webhookFlag)},
		&cli.BoolFlag{Name: "webhook-plain", Usage: "also by http to other machines: the network sees the news and the address", EnvVars: envVar("webhook-plain")},
	}
}

// readHooks makes the hooks that the flags name.
func readHooks(c *cli.Context, network networkOptions, log func(line string)) ([]hooks.Hook, error) {
	var all []hooks.Hook
	for _, one := range []struct {
		flag string
		make func(text string) (hooks.Hook, error)
	}{
		{"exec-after", func(text string) (hooks.Hook, error) { return hooks.Exec(text, os.Environ(), log) }},
		{webhookFlag, func(text string) (hooks.Hook, error) {
			return hooks.Webhook(text, c.Bool("webhook-plain"), network.apply(http.DefaultTransport.(*http.Transport).Clone()))
		}},
		{"notify", func(text string) (hooks.Hook, error) {
			if text != "desktop" {
				return hooks.Hook{}, fmt.Errorf("%q: must be desktop", text)
			}
			return hooks.Desktop(runtime.GOOS)
		}},
	} {
		if text := c.String(one.flag); text != "" {
			h, err := one.make(text)
			if err != nil {
				return nil, fmt.Errorf("--%s: %w", one.flag, err)
			}
			all = append(all, h)
		}
	}
	return all, nil
}
