package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/offload"
)

// eject unmounts a card, by whatever the system has for it.
func eject(ctx context.Context, fsys offload.FS, c card.Card) error {
	if c.ID.Folder != "" {
		return fmt.Errorf("%s is a folder of a disk that holds other things, too", c.Mount)
	}
	v, err := fsys.Volume(c.Mount)
	if err != nil {
		return err
	}
	ways := [][]string{{"udisksctl", "unmount", "--no-user-interaction", "--block-device", v.Device}, {"umount", c.Mount}}
	switch runtime.GOOS {
	case "darwin":
		ways = [][]string{{"diskutil", "eject", c.Mount}}
	case "windows":
		return errors.New("this system has no command for it")
	}
	var failed []error
	for _, way := range ways {
		program, err := exec.LookPath(way[0])
		if err != nil {
			failed = append(failed, err)
			continue
		}
		out, err := exec.CommandContext(ctx, program, way[1:]...).CombinedOutput()
		if err == nil {
			return nil
		}
		failed = append(failed, fmt.Errorf("%s: %w: %s", way[0], err, strings.TrimSpace(string(out))))
	}
	return errors.Join(failed...)
}
