package pipeline_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// Whatever library, rules, arrivals, failures, removals and deleted albums: after every run each album stands in the order that docs/decisions/order.md tells, holds what its
// rules name and the user has left there, and nothing is doubled. A run that nothing disturbs does what the dry run said, in the least number of calls. What
// is told by a failure is the whole tale; go test prints how to have it again.
func TestAnyTaleOfALibraryEndsWithAlbumsAsTheirRulesSay(t *testing.T) {
	property.CheckN(t, tries(100, 10), func(rt *rapid.T) {
		tl := drawTale(rt)
		if wrong := told(t, tl); len(wrong) > 0 {
			rt.Fatal(strings.Join(wrong, "\n"))
		}
	})
}

// told tells a tale in virtual time, and returns what went wrong.
func told(t *testing.T, tl tale) (wrong []string) {
	synctest.Test(t, func(t *testing.T) {
		n := &narrator{TB: t}
		defer func() {
			if wrong = n.wrong; len(wrong) > 0 {
				wrong = append(wrong, tl.String())
			}
			if p := recover(); p != nil && p != any(n) {
				panic(p)
			}
		}()
		n.tell(tl)
	})
	return wrong
}

// narrator gathers failures instead of failing the test, so that rapid can look for a smaller tale with the same end.
type narrator struct {
	testing.TB
	wrong []string
	run   int
}

func (n *narrator) Errorf(format string, args ...any) {
	n.wrong = append(n.wrong, fmt.Sprintf("run %d: ", n.run+1)+fmt.Sprintf(format, args...))
}
func (n *narrator) Error(args ...any)                 { n.Errorf("%s", fmt.Sprint(args...)) }
func (n *narrator) Fatalf(format string, args ...any) { n.Errorf(format, args...); panic(n) }
func (n *narrator) Fatal(args ...any)                 { n.Fatalf("%s", fmt.Sprint(args...)) }

// plot is a tale that is being told.
type plot struct {
	*world
	*narrator
	*judge
	deleted map[string]bool // titles of albums that the user deleted, and that no run has had a reason to look for since
	touched bool            // the user deleted albums
	refused bool            // the service may have refused a file for what it is, which only a retry of all tries again
}

func (n *narrator) tell(tl tale) {
	p := plot{newWorld(n), n, newJudge(tl.ways, tl.files), map[string]bool{}, false, false}
	p.unseen = true // what stands together does not go by time alone
	p.cfg.AlbumBy, p.cfg.Transfers = "", tl.transfers
	for _, way := range tl.ways {
		rule := pipeline.AlbumRule{By: album.By(way)}
		if title, one := strings.CutPrefix(way, "="); one {
			rule = pipeline.AlbumRule{Title: title}
		} else if strings.Contains(way, "{") {
			rule = pipeline.AlbumRule{Template: way}
		}
		p.cfg.Rules = append(p.cfg.Rules, rule)
	}
	for i, s := range tl.steps {
		n.run = i
		p.takeAny(s.removals)
		p.deleteAny(s.deletes)
		pass(s.wait)
		p.loose = p.loose || s.disturbed() // of what comes now, too: nobody knows what of it the run will see
		p.arrive(tl.files, i)
		if !p.disturbed(s) {
			p.peaceful()
		}
	}
	if p.loose {
		n.run = len(tl.steps)
		p.retry(true)
		p.refused = false
		p.peaceful()
	}
}

// takeAny is the user, who takes something out of albums.
func (p plot) takeAny(which []int) {
	for _, i := range which {
		for _, a := range p.service.Albums() {
			if i < len(a.Items) {
				content := p.contents()[a.Title][i]
				p.service.RemoveFromAlbum(a.ID, a.Items[i])
				if p.removed[a.Title] == nil {
					p.removed[a.Title] = map[int]bool{}
				}
				p.removed[a.Title][content] = true
				break
			}
			i -= len(a.Items)
		}
	}
}

// deleteAny is the user, who deletes albums.
func (p *plot) deleteAny(which []int) {
	for _, i := range which {
		if albums := p.service.Albums(); i < len(albums) {
			p.service.DeleteAlbum(albums[i].ID)
			p.deleted[albums[i].Title], p.touched = true, true
		}
	}
}

// arrive writes the files that come before a run.
func (p plot) arrive(files []*taken, run int) {
	var fresh []*taken
	for _, f := range files {
		if f.arrives == run {
			p.write(f.path, encode(f.path, f.spec))
			fresh = append(fresh, f)
		}
	}
	p.begin(fresh, p.service.Albums())
}

// disturbed runs under the faults of a step, if there are any, and tells whether that left anything to be desired.
func (p *plot) disturbed(s step) bool {
	if !s.disturbed() {
		return false
	}
	for _, f := range s.faults {
		p.refused = p.refused || f.Effect.Code == int(photos.CodeInvalidArgument)
		p.plant(f)
	}
	ctx, cancel := context.WithCancel(p.t.Context())
	defer cancel()
	events := 0
	p.cfg.Observe = func(pipeline.Event) {
		if events++; events == s.kill {
			cancel()
		}
	}
	rep, err := p.try(ctx)
	p.cfg.Observe = nil
	p.service.ForgetPlan()
	p.begin(nil, p.service.Albums())
	p.compare(err == nil && rep.Ends[pipeline.Failed] == 0)
	if s.retry > 0 {
		p.world.retry(s.retry == 2)
		p.compare(false)
	}
	return true
}

// peaceful runs undisturbed.
func (p plot) peaceful() {
	before, calls, library := p.contents(), p.service.Calls(), map[int]bool{}
	for _, m := range p.service.MediaItems() {
		library[p.byBytes[m.SHA256]] = true
	}
	plan := p.plan()
	rep := p.world.run()
	p.begin(nil, p.service.Albums())
	p.settle()
	p.compare(!p.refused || rep.Ends[pipeline.Failed] == 0)
	if len(p.removed) > 0 || p.touched { // what the user did is found out by a refused call; the dry run cannot know
		return
	}
	if p.loose { // an album whose making was not heard of is found by the listing, without which the dry run has to do
		plan.Requests.AlbumCreates = rep.Requests.AlbumCreates
	}
	if !maps.Equal(plan.Ends, rep.Ends) || plan.Requests != rep.Requests {
		p.Errorf("planned %v, %+v; done %v, %+v", plan.Ends, plan.Requests, rep.Ends, rep.Requests)
	}
	if p.loose {
		return
	}
	want, got := leastCalls(before, p.contents(), library), p.calls(calls)
	for _, call := range []string{"albums.create", "mediaItems.batchCreate", "albums.batchAddMediaItems", "mediaItems.search"} {
		if got[call] != want[call] {
			p.Errorf("%d calls of %s, the least is %d: %v became %v", got[call], call, want[call], before, p.contents())
		}
	}
}

// contents are those of the service's albums, in order.
func (p plot) contents() map[string][]int {
	of := map[string]int{}
	for _, m := range p.service.MediaItems() {
		of[m.ID] = p.byBytes[m.SHA256]
	}
	albums := map[string][]int{}
	for _, a := range p.service.Albums() {
		for _, id := range a.Items {
			albums[a.Title] = append(albums[a.Title], of[id])
		}
	}
	return albums
}

// compare holds the service's albums against what the judge says.
func (p plot) compare(complete bool) {
	got := p.contents()
	titles := maps.Clone(p.wanted())
	for _, title := range slices.Sorted(maps.Keys(titles)) {
		if strings.HasPrefix(title, "?") && !complete { // its event has no album yet
			continue
		}
		if p.deleted[title] && got[title] == nil {
			continue
		}
		delete(p.deleted, title)
		if wrong := p.fault(title, got[title], complete); wrong != "" {
			p.Errorf("album %q %s: %v", title, wrong, got[title])
		}
	}
	for title := range got {
		if titles[title] == nil {
			p.Errorf("no rule names album %q", title)
		}
	}
}

// String is the tale for those who read a failure.
func (tl tale) String() string {
	out := fmt.Sprintf("rules %q", tl.ways)
	for i, s := range tl.steps {
		out += fmt.Sprintf("\nrun %d: %+v", i+1, s)
		for _, f := range tl.files {
			if f.arrives == i {
				out += "\n\t" + f.String()
			}
		}
	}
	return out
}
