package ingest_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"path"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload/offloadtest"
)

var (
	cards = flag.Int("cards", 150, "random cards with random faults")
	seed  = flag.Uint64("seed", 1, "of the first card")
)

// Whatever goes wrong, the verdict is never yes while a byte is missing somewhere; and once nothing goes wrong any more, it is yes. The comparison is this test's own: it
// looks at the bytes on the devices, and knows of each file whether it needs a copy because it made it.
func TestTheVerdictIsNeverYesWhileAByteIsMissing(t *testing.T) {
	var m *memory
	met, safe := map[string]int{}, 0
	for i := range *cards {
		if i%50 == 0 {
			m = remember(t)
		}
		tale := &tale{rng: rand.New(rand.NewPCG(*seed+uint64(i), 11)), shots: deal(*seed + uint64(i)), met: met}
		if err := tale.tell(t, m, i); err != nil {
			t.Fatalf("card %d (-seed %d -cards 1): faults %v: %v", i, *seed+uint64(i), tale.faults, err)
		}
		if tale.safeAtOnce {
			safe++
		}
	}
	for _, kind := range kinds() {
		if *cards >= 150 && met[kind] == 0 {
			t.Errorf("the fault %q was never met: %v", kind, met)
		}
	}
	t.Logf("%d cards, %d safe in spite of their faults; faults met: %v", *cards, safe, met)
}

func kinds() []string {
	return []string{"read error", "pulled", "full", "corrupted copy", "rotten copy", "changed on the card", "new on the card", "killed", "power cut", "deleted copy", "covered"}
}

// tale is what happens to one card.
type tale struct {
	rng        *rand.Rand
	w          *world
	shots      []shot
	faults     []string
	met        map[string]int // shared by all tales
	cure       []func()
	safeAtOnce bool
	over       bool // what was planned, and was not met, is not to come any more
}

// in does something before an operation of the disk, if that comes before the faults are over.
func (a *tale) in(n int, do func()) {
	a.w.disk.In(n, func() {
		if !a.over {
			do()
		}
	})
}

func (a *tale) tell(t *testing.T, m *memory, i int) error {
	dests := []string{"/disk1/photos", "/disk2/photos", "/disk3/photos"}[:1+a.rng.IntN(3)]
	a.w = newWorld(t, m, fmt.Sprintf("card-%d", i), dests...)
	a.w.lay(a.shots)
	for range a.rng.IntN(3) {
		a.fault(kinds()[a.rng.IntN(len(kinds()))])
	}
	res, _ := a.w.ingest() // whatever its error says, the verdict counts
	if err := a.judge(res); err != nil {
		return err
	}
	a.safeAtOnce = res.Report.Verdict.Safe && len(a.faults) > 0
	if len(a.faults) == 0 && !res.Report.Verdict.Safe {
		return fmt.Errorf("nothing went wrong, but the verdict is no: %q", res.Report.Verdict.Reasons)
	}
	for _, do := range a.cure {
		do()
	}
	a.w.refuse, a.w.disk.Named = nil, nil
	a.w.disk.Revive()
	a.over = true
	return a.heal()
}

// heal goes on until nothing is left over from the faults: the second ingest makes good what the first found.
func (a *tale) heal() error {
	var res ingest.Result
	for range 3 {
		var err error
		if res, err = a.w.ingest(); err != nil {
			return fmt.Errorf("an ingest without faults ends with %w", err)
		}
		if err := a.judge(res); err != nil {
			return err
		}
		if res.Report.Verdict.Safe {
			break
		}
	}
	if !res.Report.Verdict.Safe {
		return fmt.Errorf("the faults are over, but the verdict stays no: %q", res.Report.Verdict.Reasons)
	}
	again, err := a.w.ingest()
	if err != nil {
		return err
	}
	for _, p := range again.Report.Places {
		if p.New.Files > 0 {
			return fmt.Errorf("all was copied, and yet %d new copies came to %s", p.New.Files, p.Dir)
		}
	}
	for name := range a.w.disk.Files("/disk1") {
		if strings.HasSuffix(name, "albumwright-partial") {
			return fmt.Errorf("a partial file was left: %s", name)
		}
	}
	return a.judge(again)
}

// judge holds a verdict against the bytes.
func (a *tale) judge(res ingest.Result) error {
	if err := res.Report.Check(); err != nil {
		return err
	}
	if !res.Report.Verdict.Safe {
		if res.Report.Visit != 0 && len(res.Report.Verdict.Reasons) == 0 {
			return fmt.Errorf("no, and no reason")
		}
		return nil
	}
	if err := a.w.lacking(junkOf(a.shots)); err != nil {
		return fmt.Errorf("the verdict is yes, but %w", err)
	}
	return nil
}

// fault plans one.
func (a *tale) fault(kind string) {
	w, rng := a.w, a.rng
	victim := a.shots[rng.IntN(len(a.shots))]
	name := path.Join(mount, victim.rel)
	soon := 1 + rng.IntN(40*len(a.shots))
	hit := func() { a.met[kind]++ }
	dest := w.dests[rng.IntN(len(w.dests))]
	switch kind {
	case "read error":
		hit()
		w.disk.ReadError(name, int64(rng.IntN(len(victim.content)+1)))
		a.cure = append(a.cure, func() { w.disk.Put(name, victim.content, victim.when) })
	case "pulled":
		how := []offloadtest.Pulled{offloadtest.NoDevice, offloadtest.FromCache, offloadtest.Unmounted}[rng.IntN(3)]
		a.in(soon, func() { hit(); w.disk.Pull(mount, how) })
		a.cure = append([]func(){func() { w.disk.Insert(mount) }}, a.cure...) // before anything is laid on it again
	case "full":
		left, before := rng.IntN(20), w.refuse
		w.refuse = func(op offloadtest.Op, at string) error {
			if op == offloadtest.Write && strings.HasPrefix(at, dest) {
				if left--; left < 0 {
					hit()
					return syscall.ENOSPC
				}
			}
			if before != nil {
				return before(op, at)
			}
			return nil
		}
	case "corrupted copy", "rotten copy", "deleted copy":
		nth, before := rng.IntN(len(a.shots)), w.disk.Named
		w.disk.Named = func(at string) {
			if nth--; nth == -1 {
				a.spoil(kind, at)
			}
			if before != nil {
				before(at)
			}
		}
	case "changed on the card":
		content := append([]byte("changed "), victim.content...)
		if rng.IntN(2) == 0 && len(victim.content) > 0 { // of the same size
			content = append([]byte{}, victim.content...)
			content[0] ^= 1
		}
		a.in(soon, func() {
			hit()
			w.disk.Put(name, content, victim.when.Add(time.Duration(1+rng.IntN(100))*2*time.Second))
		})
	case "covered":
		folder := path.Dir(victim.rel)
		if folder == "." {
			folder = "DCIM/100CANON"
		}
		a.in(soon, func() { hit(); w.cover(folder) })
		a.cure = append([]func(){func() { w.disk.Unmount(path.Join(mount, folder)) }}, a.cure...) // before anything is laid there again
	case "new on the card":
		a.in(soon, func() { hit(); w.disk.Put(mount+"/DCIM/101CANON/NEW.JPG", []byte("new"), victim.when) })
	case "killed", "power cut":
		a.in(soon, func() {
			hit()
			if kind == "power cut" {
				w.disk.PowerCut()
			}
			w.disk.Kill()
			_ = w.history.Close() // the dead write no history
		})
		a.cure = append(a.cure, func() { _ = w.history.Close(); w.open(w.t) })
	}
	a.faults = append(a.faults, kind)
}

// spoil does something to a copy right after it got its name.
func (a *tale) spoil(kind, at string) {
	content, there := a.w.disk.Files(path.Dir(at))[at]
	if !there || kind != "deleted copy" && len(content) == 0 {
		return
	}
	a.met[kind]++
	switch kind {
	case "corrupted copy":
		a.w.disk.Corrupt(at, int64(a.rng.IntN(len(content))))
	case "rotten copy":
		a.w.disk.Rot(at, int64(a.rng.IntN(len(content))))
		a.cure = append(a.cure, func() { // until the next day, memory has forgotten it
			if now, ok := a.w.disk.Files(path.Dir(at))[at]; ok {
				a.w.disk.Put(at, now, time.Unix(0, 0))
			}
		})
	case "deleted copy":
		a.w.disk.Delete(at)
	}
}
