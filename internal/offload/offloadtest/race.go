package offloadtest

import (
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// MemoryDir is a folder in memory.
func MemoryDir(b *testing.B) string {
	b.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "albumwright")
	if err != nil {
		b.Skipf("no file system in memory: %v", err)
	}
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// FullCard lays photos and a film in DCIM of a folder in memory, so that reading is never what copying waits for: real cards are slower. size is that of all, in bytes.
func FullCard(b *testing.B) (mount string, size int64) {
	b.Helper()
	mount = MemoryDir(b)
	content := make([]byte, 101<<20)
	_, _ = rand.Read(content)
	sizes := slices.Concat(slices.Repeat([]int{8 << 20}, 12), slices.Repeat([]int{25 << 20}, 4), []int{100 << 20})
	if err := os.MkdirAll(filepath.Join(mount, "DCIM"), 0o777); err != nil {
		b.Fatal(err)
	}
	for i, n := range sizes {
		name, n := filepath.Join(mount, "DCIM", fmt.Sprintf("IMG_%04d.CR3", i)), n+i*1000
		if err := os.WriteFile(name, content[i:i+n], 0o666); err != nil {
			b.Fatal(err)
		}
		when := time.Date(2024, 5, 18, 12, i, 0, 0, time.Local)
		if err := os.Chtimes(name, when, when); err != nil {
			b.Fatal(err)
		}
		size += int64(n)
	}
	return mount, size
}

// Cp copies a folder as a person without this program does.
func Cp(b *testing.B, from, to string) {
	b.Helper()
	for _, command := range [][]string{{"cp", "-r", from, to}, {"sync", "-f", to}} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			b.Fatalf("%s: %v: %s", command, err, out)
		}
	}
}

// Race lets several ways do the same thing, by turns, and adds up what each of them took. What they have written is removed untimed.
func Race(b *testing.B, remove []string, ways ...func()) []time.Duration {
	b.Helper()
	took := make([]time.Duration, len(ways))
	for n := 0; b.Loop(); n++ {
		for i := range ways {
			way := (i + n) % len(ways)
			began := time.Now()
			ways[way]()
			took[way] += time.Since(began)
			b.StopTimer()
			for _, dir := range remove {
				if err := os.RemoveAll(dir); err != nil {
					b.Fatal(err)
				}
			}
			b.StartTimer()
		}
	}
	return took
}
