package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Inotify tells whether the kernel lets as many folders be watched as there are below some, and one more program watch. Proc is where the kernel tells
// its limits: /proc.
func Inotify(ctx context.Context, proc string, folders []string) Finding {
	watches, err := limit(proc, "max_user_watches")
	if errors.Is(err, fs.ErrNotExist) {
		return Finding{State: Skipped, Detail: "this system has no inotify"}
	}
	instances, err2 := limit(proc, "max_user_instances")
	if err := errors.Join(err, err2); err != nil {
		return Finding{State: Warning, Detail: err.Error(), Remedy: "sysctl fs.inotify shows the limits"}
	}
	used := instancesInUse(proc)
	if used >= instances {
		return Finding{
			State: Warning, Detail: fmt.Sprintf("%d of %d inotify instances are in use: no further program of this user can watch folders", used, instances),
			Remedy: sysctl("max_user_instances", max(2*instances, 512)),
		}
	}
	n, err := countFolders(ctx, folders)
	switch {
	case err != nil:
		return Finding{State: Warning, Detail: fmt.Sprintf("%d folders were counted when the time was over; %d can be watched", n, watches), Remedy: "if watching fails with \"no space left on device\": " + sysctl("max_user_watches", 1<<20)}
	case n > watches:
		return Finding{State: Warning, Detail: fmt.Sprintf("%d folders are to be watched, and only %d can be", n, watches), Remedy: sysctl("max_user_watches", roomFor(n))}
	}
	return Finding{State: OK, Detail: fmt.Sprintf("%d folders to watch, %d possible; %d of %d instances in use", n, watches, used, instances)}
}

// sysctl is the line that raises a limit, now and after the next start.
func sysctl(name string, to int) string {
	line := fmt.Sprintf("fs.inotify.%s=%d", name, to)
	return "sudo sysctl " + line + "; to keep it, put " + line + " into /etc/sysctl.d/60-inotify.conf"
}

// roomFor leaves as much again for what other programs watch.
func roomFor(n int) int {
	to := 1 << 13
	for to < 2*n {
		to *= 2
	}
	return to
}

func limit(proc, name string) (int, error) {
	text, err := os.ReadFile(filepath.Join(proc, "sys/fs/inotify", name))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

// instancesInUse counts those of all processes whose files this user may see, which are this user's own.
func instancesInUse(proc string) (n int) {
	fds, _ := filepath.Glob(filepath.Join(proc, "[0-9]*", "fd", "*"))
	for _, fd := range fds {
		if to, err := os.Readlink(fd); err == nil && strings.TrimPrefix(to, "anon_inode:") == "inotify" {
			n++
		}
	}
	return n
}

// countFolders counts folders and all below them. What cannot be read cannot be watched, and does not count.
func countFolders(ctx context.Context, folders []string) (n int, err error) {
	for _, root := range folders {
		err = filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				n++
			}
			return ctx.Err()
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
