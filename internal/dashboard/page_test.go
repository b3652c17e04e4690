package dashboard_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
)

func idsOnTheWall(w *world) (ids []string) {
	w.t.Helper()
	_, _, body := w.get("")
	for _, m := range regexp.MustCompile(`src="\./thumbs/([^"]+)"`).FindAllStringSubmatch(body, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

func TestThePageSaysWhatTheWatchDoes(t *testing.T) {
	w := serve(t, afternoon("/photos"))
	_, _, body := w.get("")
	wantIn(t, body,
		"74 files are on the way", "Watching 3 folders since",
		"<b>1,412</b> found", "<b>1,203</b> uploaded", "<b>87</b> already there", "<b>22</b> duplicates", "<b>23</b> skipped", "<b>3</b> failed", "<b>74</b> on the way",
		"IMG_2291.CR3", "8.4 GB", "<b>3,412</b> of 10,000 used", "Next day: ",
		"3 failed", "read error: input/output error at 12.4 MB", "when it changes", "Retry all",
		"answers “slow down” (429)", "of waiting",
		"2026-11-19 Henningsvær", "NFS tells nobody what changes on it", "offline", "polling", "watching", "an album for each event",
		"A folder is away", "What to do:", "mount it, or plug it in")
	if strings.Contains(body, "The sum is off") {
		t.Error("the sum is not off")
	}
}

func TestEachStateHasItsSentence(t *testing.T) {
	for state, want := range map[watch.State]string{
		watch.Starting: "Looking at the folders for the first time", watch.Idle: "All is in the library but 3 files", watch.Settling: "74 files are on the way",
		watch.Sending: "74 files are on the way", watch.Waiting: "Waiting, 74 files are on the way", watch.Paused: "Paused, 74 files are on the way",
		watch.Draining: "Finishing what was begun, then ending",
	} {
		s := afternoon("")
		s.State = state
		_, _, body := serve(t, s).get("")
		wantIn(t, body, "</span>"+want+"</h1>")
		if resume := strings.Contains(body, ">Resume<"); resume != (state == watch.Paused) {
			t.Errorf("%s: the button resumes: %v", state, resume)
		}
	}
}

func TestAnEmptyWatchSaysWhatWillHappen(t *testing.T) {
	s := watch.Snapshot{Time: noon(), Since: noon(), State: watch.Idle, Folders: []watch.Folder{{Path: "/photos", State: "watching", Rule: "an album for each folder"}}}
	_, _, body := serve(t, s).get("")
	wantIn(t, body, "Waiting for the first file", "Nothing has come yet", "Put a photo or a video into a watched folder", "/photos")
	for _, absent := range []string{"The last files", "When they were taken", "failed</h2>", "The day’s requests"} {
		if strings.Contains(body, absent) {
			t.Errorf("the page of nothing has %q", absent)
		}
	}
}

func TestEachTroubleSaysWhatToDoAndUntilWhen(t *testing.T) {
	for kind, title := range map[string]string{
		"sign-in": "Nobody is signed in", "quota": "The day’s requests are used up", "storage full": "The account’s storage is full", "network": "The service cannot be reached",
		"disk full": "This disk is full", "locked": "Another run holds the ledger", "offline": "A folder is away", "stalled": "The work has stalled", "error": "Something went wrong",
		"something new": "Something new",
	} {
		s := afternoon("")
		s.Trouble = []watch.Trouble{{Kind: kind, What: "what is so", Do: "run albumwright auth login", Until: s.Time.Add(90 * time.Minute), Since: s.Time}}
		_, _, body := serve(t, s).get("")
		wantIn(t, body, title, "what is so", "run albumwright auth login", "Next try: <time", ">1 h 30 min<", `role="alert"`, "<title id=\"name\">⚠ ")
		if strings.Index(body, title) > strings.Index(body, "<h1>") {
			t.Errorf("%s does not come first", kind)
		}
	}
}

func TestASumThatIsOffIsSaid(t *testing.T) {
	s := afternoon("")
	s.Found++
	_, _, body := serve(t, s).get("")
	wantIn(t, body, "The sum is off by 1")
}

func TestHostileNamesAreShownAndDoNothing(t *testing.T) {
	names := []string{
		`<script>alert(1)</script>.jpg`, `"><img src=x onerror=alert(2)>.jpg`, "a\u202egpj.exe.jpg", "bell\x07\x1b[31m.jpg", "\xff\xfe not text.jpg",
		strings.Repeat("very long ", 25) + ".jpg", "{{.Token}} ${x} `y`.jpg", "new\nline.jpg", "שלום.jpg", "' onmouseover='alert(3).jpg",
	}
	s := afternoon("")
	s.Failures, s.Last, s.Current = nil, nil, nil
	for _, name := range names {
		s.Failures = append(s.Failures, watch.Failure{Path: "/p/" + name, Reason: "why " + name, Stage: name, Next: s.Time})
		s.Last = append(s.Last, watch.Item{File: report.File{Path: "/p/" + name, Album: name, End: report.End(name), Reason: ""}, Ended: s.Time})
		s.Times = append(s.Times, watch.Taken{At: s.Time, Album: name})
		s.Trouble = append(s.Trouble, watch.Trouble{Kind: name, What: name, Do: name})
		s.Folders = append(s.Folders, watch.Folder{Path: name, Account: name, Rule: name, State: name, Why: name})
		s.Stages = append(s.Stages, watch.Stage{Name: name})
		s.Budget = append(s.Budget, watch.Budget{Project: name})
	}
	s.FailureCount, s.Current = len(names), names
	s.State = watch.State(names[0])
	w := serve(t, s)
	status, _, body := w.get("")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	for _, bad := range []string{"<script>alert", "<img src=x", "\u202e", "\x07", "\x1b", "\xff", "onmouseover='", " onerror=alert(2)>."} {
		if at := strings.Index(body, bad); at >= 0 {
			t.Errorf("the page has %q as it stands: %s", bad, body[max(at-60, 0):min(at+60, len(body))])
		}
	}
	wantIn(t, body, "&lt;script&gt;alert(1)&lt;/script&gt;.jpg", `a\u202egpj.exe.jpg`, "שלום.jpg")
	if status, _, _ := w.get("metrics"); status != http.StatusOK {
		t.Errorf("/metrics with such names: %d", status)
	}
}

// crowd is as much as a snapshot can hold.
func crowd() watch.Snapshot {
	s := afternoon("")
	s.Failures, s.Last, s.FailureCount = nil, nil, 4321
	for i := range 1000 {
		s.Failures = append(s.Failures, watch.Failure{Path: fmt.Sprintf("/photos/a long folder name of a trip/%d/IMG_%06d.JPG", i/50, i), Reason: "the service has refused it for the reason no. " + strconv.Itoa(i%7), Stage: "create", Tries: 3, Next: s.Time})
	}
	for i := range 60 {
		s.Last = append(s.Last, watch.Item{File: report.File{Path: fmt.Sprintf("/photos/trip/%d.jpg", i), End: report.Uploaded, Album: "A trip"}, Ended: s.Time})
	}
	s.Times = trip(s.Time, 5000)
	for i := range s.Times {
		s.Times[i].Album = fmt.Sprintf("album no. %d", i%900)
	}
	for i := range s.Rates {
		s.Rates[i] = watch.Rate{At: s.Rates[i].At, Bytes: 1e8 + int64(i), Items: i, Waited: time.Second * time.Duration(i%9), Limited: i}
	}
	return s
}

func TestAFullSnapshotMakesASmallPage(t *testing.T) {
	const most = 150 << 10
	w := serve(t, crowd())
	_, _, body := w.get("")
	if len(body) > most {
		t.Errorf("the page has %d bytes, more than %d", len(body), most)
	}
	wantIn(t, body, "4,321 failed", "And 4,271 more", "44 others", "<b>143</b> <bdi>the service has refused it for the reason no. 0</bdi>", "5,000 of the last files", "and 892 more")
	if n := strings.Count(body, `id="failure-`); n != 50 {
		t.Errorf("%d failures on the page, want 50", n)
	}
}

func BenchmarkAFullSnapshot(b *testing.B) {
	w := &world{watch: newFake(crowd())}
	h := newHandler(w.watch)
	for b.Loop() {
		if n := len(ask(b, h, "/")); n < 1000 {
			b.Fatal(n)
		}
	}
}

// One photo of long ago must not make all others one column.
func TestAFewTimesThatStandFarAwayAreLeftOutOfTheStrip(t *testing.T) {
	s := afternoon("")
	s.Times = append(s.Times, watch.Taken{At: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC), Album: "2026-11-14 Bodø"})
	_, _, body := serve(t, s).get("")
	wantIn(t, body, "641 of the last files", "stand further away")
	if strings.Contains(body, "1980 –") {
		t.Error("the strip begins in 1980")
	}
}
