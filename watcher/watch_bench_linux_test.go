package watcher_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/albumwright/albumwright/watcher"
)

var (
	known     = flag.Int("known", 100_000, "number of files that BenchmarkRescan looks at")
	knownRoot = flag.String("known-root", "", "a folder for them, on a file system of your choice; it is left full, for the next time")
)

// plantation makes files, a thousand to a folder.
func plantation(b *testing.B, root string, files int) {
	b.Helper()
	for i := range files {
		dir := filepath.Join(root, fmt.Sprint(i/1000%10), fmt.Sprint(i/1000))
		if _, err := os.Stat(filepath.Join(dir, "IMG_0999.JPG")); err == nil {
			continue // planted before
		}
		if i%1000 == 0 {
			must(b, os.MkdirAll(dir, 0o755))
		}
		must(b, os.WriteFile(filepath.Join(dir, fmt.Sprintf("IMG_%04d.JPG", i%1000)), []byte("photo"), 0o644))
	}
}

// cpu is the time that this process, or its children, have computed.
func cpu(b *testing.B, who int) time.Duration {
	b.Helper()
	var u syscall.Rusage
	must(b, syscall.Getrusage(who, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// memory is a line of /proc/self/status, in MB: VmRSS now, VmHWM the most there was.
func memory(b *testing.B, line string) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	must(b, err)
	_, rest, _ := bytes.Cut(status, []byte(line+":"))
	var kb float64
	_, err = fmt.Sscan(string(rest), &kb)
	must(b, err)
	return kb / 1024
}

// BenchmarkIdle watches 100,000 files that rest: the share of a core it takes, and the memory that is resident.
func BenchmarkIdle(b *testing.B) {
	const files, watchFor = 100_000, 30 * time.Second
	root := b.TempDir()
	plantation(b, root, files)
	w := watchCounting(b, watcher.WatchConfig{WalkConfig: watcher.WalkConfig{Roots: []string{root}}, Settle: time.Second}, files)
	for b.Loop() {
		before := cpu(b, syscall.RUSAGE_SELF)
		<-time.After(watchFor)
		b.ReportMetric(100*float64(cpu(b, syscall.RUSAGE_SELF)-before)/float64(watchFor), "%core")
	}
	b.ReportMetric(memory(b, "VmRSS"), "MB")
	if s := w.Roots()[0]; s.State != watcher.RootWatching {
		b.Fatalf("%+v", s)
	}
}

// BenchmarkRescan looks at files that are all known, and lets find do as much, in turns.
func BenchmarkRescan(b *testing.B) {
	if _, err := exec.LookPath("find"); err != nil {
		b.Skipf("there is no find to compare with: %v", err)
	}
	root := *knownRoot
	if root == "" {
		root = b.TempDir()
	}
	plantation(b, root, *known)
	w := watchCounting(b, watcher.WatchConfig{WalkConfig: watcher.WalkConfig{Roots: []string{root}}, Settle: time.Second}, *known)
	first := memory(b, "VmHWM")
	debug.FreeOSMemory()                                           // what the first scan took is not what a rescan needs
	must(b, os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)) // the peak begins anew
	var ours, find, oursCPU, findCPU time.Duration
	for b.Loop() {
		began, used := time.Now(), cpu(b, syscall.RUSAGE_CHILDREN)
		must(b, exec.Command("find", root, "-printf", "%s %T@\n").Run())
		find += time.Since(began)
		findCPU += cpu(b, syscall.RUSAGE_CHILDREN) - used

		last := w.Roots()[0].LastScan
		began, used = time.Now(), cpu(b, syscall.RUSAGE_SELF)
		w.Rescan()
		for !w.Roots()[0].LastScan.After(last) {
			<-w.Changed()
		}
		ours += time.Since(began)
		oursCPU += cpu(b, syscall.RUSAGE_SELF) - used
	}
	b.ReportMetric(ours.Seconds()/find.Seconds(), "times-find")
	b.ReportMetric(oursCPU.Seconds()/findCPU.Seconds(), "times-find-cpu")
	b.ReportMetric(float64(*known)*float64(b.N)/ours.Seconds(), "files/s")
	b.ReportMetric(memory(b, "VmHWM"), "MB-peak")
	b.ReportMetric(first, "MB-peak-first")
}

// watchCounting starts a watcher, and waits until it has handed on so many files. None of them is kept.
func watchCounting(b *testing.B, cfg watcher.WatchConfig, files int) *watcher.Watcher {
	b.Helper()
	w, err := watcher.NewWatcher(cfg)
	must(b, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	var n atomic.Int64
	go func() {
		done <- w.Run(ctx, func(context.Context, watcher.File) error {
			n.Add(1)
			return nil
		})
	}()
	b.Cleanup(func() {
		cancel()
		<-done
	})
	<-w.Scanned()
	if n.Load() != int64(files) {
		b.Fatalf("%d files, want %d", n.Load(), files)
	}
	return w
}
