package hooks

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Desktop shows news to whoever sits at the machine, through the program that the system has for that. System is as runtime.GOOS.
func Desktop(system string) (Hook, error) {
	show, ok := notifiers()[system]
	if !ok {
		if system == "windows" || system == "js" || system == "wasip1" {
			return Hook{}, errors.New("this system has no program that shows notifications")
		}
		show = notifiers()["linux"]
	}
	program := show(News{})[0]
	if _, err := exec.LookPath(program); err != nil {
		return Hook{}, fmt.Errorf("there is no %s, which shows notifications (Debian's package for it is libnotify-bin)", program)
	}
	return Hook{Name: "desktop", Send: func(ctx context.Context, n News) error {
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		argv := show(n)
		cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
		cmd.WaitDelay = time.Second
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %.200s", program, err, strings.TrimSpace(string(out)))
		}
		return nil
	}}, nil
}

// notifiers are the commands that show news. Texts are arguments of their own: names of files are in them, which no program is to read as markup or script.
func notifiers() map[string]func(News) []string {
	markup := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	return map[string]func(News) []string{
		"linux": func(n News) []string {
			urgency := map[Kind]string{Trouble: "critical"}[n.Kind]
			if urgency == "" {
				urgency = "normal"
			}
			return []string{"notify-send", "--app-name=albumwright", "--urgency=" + urgency, "--", "albumwright: " + string(n.Kind), markup.Replace(n.Text)}
		},
		"darwin": func(n News) []string {
			return []string{"osascript", "-e", "on run argv", "-e", "display notification (item 2 of argv) with title (item 1 of argv)", "-e", "end run",
				"--", "albumwright: " + string(n.Kind), n.Text}
		},
	}
}
