package watcher_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/albumwright/albumwright/watcher"
)

func ExampleWalk() {
	root, err := os.MkdirTemp("", "photos")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(root)
	for _, name := range []string{"IMG_0001.JPG", "._IMG_0001.JPG", "notes.txt", "IMG_0002.JPG.part"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(name), 0o600); err != nil {
			fmt.Println(err)
			return
		}
	}

	cfg := watcher.WalkConfig{
		Roots:   []string{root},
		Exclude: []string{"drafts/"},
		Accept: func(name string) watcher.Reason {
			if filepath.Ext(name) == ".txt" {
				return watcher.SkipUnsupported
			}
			return ""
		},
	}
	var lines []string
	err = watcher.Walk(context.Background(), cfg, func(f watcher.File) error {
		if f.Skip != "" {
			lines = append(lines, fmt.Sprintf("leave %s: %s", f.Rel(), f.Skip))
		} else {
			lines = append(lines, fmt.Sprintf("take %s, %d bytes", f.Rel(), f.Size))
		}
		return nil
	})
	slices.Sort(lines) // the order of a walk is not promised
	for _, l := range lines {
		fmt.Println(l)
	}
	fmt.Println(err)
	// Output:
	// leave ._IMG_0001.JPG: junk
	// leave IMG_0002.JPG.part: temporary
	// leave notes.txt: unsupported type
	// take IMG_0001.JPG, 12 bytes
	// <nil>
}

func ExampleWatcher() {
	root, err := os.MkdirTemp("", "photos")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(root)
	w, err := watcher.NewWatcher(watcher.WatchConfig{
		WalkConfig: watcher.WalkConfig{Roots: []string{root}},
		Settle:     20 * time.Millisecond,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := os.WriteFile(filepath.Join(root, "IMG_0001.JPG"), []byte("photo"), 0o600); err != nil {
		fmt.Println(err)
		return
	}

	ctx, stop := context.WithCancel(context.Background())
	err = w.Run(ctx, func(_ context.Context, f watcher.File) error {
		fmt.Printf("%s is complete: %d bytes\n", f.Rel(), f.Size)
		stop()
		return nil
	})
	fmt.Println(err)
	// Output:
	// IMG_0001.JPG is complete: 5 bytes
	// context canceled
}
