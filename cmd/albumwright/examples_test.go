package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
	"go.yaml.in/yaml/v4"

	"github.com/albumwright/albumwright/internal/hooks"
)

// The examples call the program in files that nobody runs in a test. So what they call is compared with what there is.

func example(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "watch-folder", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// wantCallable checks that a call's command and flags exist. The first word is the program.
func wantCallable(t *testing.T, argv ...string) {
	t.Helper()
	if len(argv) < 2 || filepath.Base(argv[0]) != "albumwright" {
		t.Errorf("%q is no call of albumwright", argv)
		return
	}
	args := slices.DeleteFunc(slices.Clone(argv[1:]), func(a string) bool { return strings.HasPrefix(a, "#") })
	app := newApp(terminal{})
	cmd := app.Command(args[0])
	if cmd == nil {
		t.Errorf("%q: there is no command %s", argv, args[0])
		return
	}
	for args = args[1:]; len(args) > 0 && cmd.Command(args[0]) != nil; args = args[1:] {
		cmd = cmd.Command(args[0])
	}
	if len(cmd.Subcommands) > 0 && len(args) > 0 {
		t.Errorf("%q: there is no command %s of %s", argv, args[0], cmd.Name)
	}
	for _, arg := range args {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if strings.HasPrefix(arg, "-") && !slices.ContainsFunc(cmd.Flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) }) {
			t.Errorf("%q: %s has no flag --%s", argv, cmd.Name, name)
		}
	}
}

func TestTheUnitOfSystemdIsTrue(t *testing.T) {
	unit := map[string]string{}
	for line := range strings.Lines(example(t, "albumwright-watch.service")) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(line, "#") {
			unit[name] = strings.TrimSpace(unit[name] + " " + value)
		}
	}
	argv, err := hooks.Words(unit["ExecStart"])
	if err != nil {
		t.Fatal(err)
	}
	wantCallable(t, argv...)
	for name, want := range map[string]string{
		"Type": "notify", "WatchdogSec": "2min", "Restart": "on-failure", "RestartPreventExitStatus": "2 11", // exitUsage, exitLocked
		"RuntimeDirectory": "albumwright", "RuntimeDirectoryMode": "0700", // of the control socket
		"ProtectSystem": "strict", "NoNewPrivileges": "yes", "PrivateTmp": "yes", "ReadWritePaths": "%h/.local/state/albumwright",
	} {
		if unit[name] != want {
			t.Errorf("%s=%s, want %s", name, unit[name], want)
		}
	}
	for name := range unit { // a user's service manager cannot drop capabilities, and would not start it
		if strings.Contains(name, "Capabilit") || slices.Contains([]string{"ProtectKernelModules", "ProtectKernelLogs", "ProtectClock", "PrivateDevices"}, name) {
			t.Errorf("%s does not work in a unit of a user", name)
		}
	}
}

func TestSystemdTakesTheUnit(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("there is no systemd-analyze")
	}
	dir := t.TempDir()
	unit := filepath.Join(dir, "albumwright-watch.service")
	text := strings.Replace(example(t, "albumwright-watch.service"), "%h/.local/bin/albumwright", programOf(t, dir), 1)
	if err := os.WriteFile(unit, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), analyze, "verify", "--user", "--man=no", unit)
	cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir, "HOME="+dir)
	out, err := cmd.CombinedOutput()
	if strings.Contains(string(out), "Failed to initialize manager") {
		t.Skipf("systemd-analyze cannot work here: %s", out)
	}
	if err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestTheAgentOfLaunchdIsTrue(t *testing.T) {
	var argv []string
	decoder := xml.NewDecoder(strings.NewReader(example(t, "io.github.albumwright.watch.plist")))
	key, in := "", ""
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			in = token.Name.Local
		case xml.CharData:
			switch text := strings.TrimSpace(string(token)); {
			case text == "":
			case in == "key":
				key = text
			case key == "ProgramArguments":
				argv = append(argv, text)
			case key == "Label" && text != "io.github.albumwright.watch":
				t.Errorf("label %s, want the file's name", text)
			}
		}
	}
	wantCallable(t, argv...)
}

func TestTheContainerIsTrue(t *testing.T) {
	var entry []string
	docker := example(t, "Dockerfile")
	calls := regexp.MustCompile(`(?m)(ENTRYPOINT|CMD) (\[.*\])$`).FindAllStringSubmatch(docker, -1)
	for _, call := range calls {
		var words []string
		if err := json.Unmarshal([]byte(call[2]), &words); err != nil {
			t.Fatal(err)
		}
		switch {
		case call[1] == "ENTRYPOINT":
			entry = words
		case words[0] == "/albumwright":
			wantCallable(t, words...)
		default:
			wantCallable(t, append(slices.Clone(entry), words...)...)
		}
	}
	if len(calls) != 3 {
		t.Errorf("%d calls in the Dockerfile, want entry, command and health check", len(calls))
	}
	for _, want := range []string{"\nFROM scratch\n", "\nUSER 65532:65532\n", "CGO_ENABLED=0 go build", " ./cmd/albumwright "} {
		if !strings.Contains(docker, want) {
			t.Errorf("the Dockerfile has no %q", want)
		}
	}
	var compose struct {
		Services map[string]struct {
			Build    struct{ Dockerfile string }
			Command  []string
			ReadOnly bool `yaml:"read_only"`
		}
	}
	if err := yaml.Unmarshal([]byte(example(t, "compose.yaml")), &compose); err != nil {
		t.Fatal(err)
	}
	watch := compose.Services["watch"]
	wantCallable(t, append(slices.Clone(entry), watch.Command...)...)
	if !watch.ReadOnly || watch.Build.Dockerfile != "examples/watch-folder/Dockerfile" {
		t.Errorf("compose: %+v", watch)
	}
}

func TestTheWordsAboutWatchingAreTrue(t *testing.T) {
	variables := []string{accessTokenVar, passphraseVar, passphraseFileVar, "ALBUMWRIGHT_NEWS", "ALBUMWRIGHT_NEWS_TEXT"}
	app := newApp(terminal{})
	for _, cmd := range app.Commands {
		for _, f := range allFlags(cmd) {
			if f, ok := f.(cli.DocGenerationFlag); ok {
				variables = append(variables, f.GetEnvVars()...)
			}
		}
	}
	call := regexp.MustCompile(`^(?:\w+=\S+ )?(?:docker compose (?:run --rm|exec) watch )?(/?albumwright .*|auth .*)$`)
	docs, err := os.ReadFile(filepath.Join("..", "..", "docs", "watch.md"))
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	for name, text := range map[string]string{
		"docs/watch.md": string(docs), "README.md": example(t, "README.md"), "unit": example(t, "albumwright-watch.service"),
		"Dockerfile": example(t, "Dockerfile"), "compose.yaml": example(t, "compose.yaml"),
	} {
		for _, v := range regexp.MustCompile(`ALBUMWRIGHT_[A-Z_]+`).FindAllString(text, -1) {
			if !slices.Contains(variables, v) {
				t.Errorf("%s: nobody reads %s", name, v)
			}
		}
		inCode := false
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "```") {
				inCode = !inCode
			}
			m := call.FindStringSubmatch(strings.TrimSpace(line))
			if m == nil || !inCode {
				continue
			}
			argv, err := hooks.Words(regexp.MustCompile(`\s#.*`).ReplaceAllString(strings.TrimPrefix(m[1], "/"), ""))
			if err != nil {
				t.Fatal(err)
			}
			if argv[0] != "albumwright" {
				argv = append([]string{"albumwright"}, argv...)
			}
			calls++
			wantCallable(t, argv...)
		}
	}
	if calls < 12 {
		t.Errorf("only %d calls were found in the documents", calls)
	}
}
