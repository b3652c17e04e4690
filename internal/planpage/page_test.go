package planpage_test

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/plan"
	"github.com/albumwright/albumwright/internal/planpage"
	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/internal/report"
)

// number reads the one number that a pattern finds on a page.
func number(t testing.TB, body, pattern string) int {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("the page has nothing like %s:\n%s", pattern, body)
	}
	return toInt(m[1])
}

func toInt(text string) int {
	n, _ := strconv.Atoi(strings.ReplaceAll(text, ",", ""))
	return n
}

// sum adds up the numbers that a pattern finds.
func sum(body, pattern string) (total int) {
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(body, -1) {
		total += toInt(m[1])
	}
	return total
}

// words are what is read on a page.
func words(body string) string {
	return strings.Join(strings.Fields(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, ""))), " ")
}

func TestTheNumbersAddUpWhateverTheSettings(t *testing.T) {
	w := newWorld(t, weekend()...).serve()
	for gap, albums := range map[string]int{"15m": 6, "1h": 3, "5h": 2, "12h": 1} {
		_, _, body := w.get("?gap=" + gap)
		for what, got := range map[string][2]int{
			"albums":                                {number(t, body, `id="albums-count">([\d,]+)<`), albums},
			"albums in the list":                    {strings.Count(body, `class="album"`), albums},
			"items of all albums":                   {sum(body, `class="many">([\d,]+) item`), 7},
			"items on the page":                     {number(t, body, `id="items-count">([\d,]+)<`), 7},
			"items on the timeline":                 {sum(body, `: ([\d,]+) items? in `), 7},
			"bands of albums":                       {strings.Count(body, `class="band"`), albums},
			"pauses that end events":                {number(t, body, `id="cuts">([\d,]+)<`), albums - 1},
			"requests, the listing of albums aside": {sum(body, `muted">([\d,]+) requests? = `) + 1, number(t, body, `id="requests-count">([\d,]+)<`)},
			"ends of files":                         {sum(body, `= ([\d,]+) to upload`), number(t, body, `<b>([\d,]+)</b> files`)},
		} {
			if got[0] != got[1] {
				t.Errorf("gap %s: %s are %d, want %d", gap, what, got[0], got[1])
			}
		}
		d, _ := time.ParseDuration(gap)
		wantIn(t, html.UnescapeString(body), "event_gap: "+d.String())
	}
}

func TestTheDayStartMovesTheNightToTheDayBefore(t *testing.T) {
	w := newWorld(t, weekend()...)
	w.title = func(begin time.Time) string { return begin.Format("Monday 2 January") }
	w.serve()
	_, _, body := w.get("?day=0")
	wantIn(t, body, "Sunday 19 May")
	if _, _, body = w.get("?day=3h"); strings.Contains(body, "Sunday 19 May") {
		t.Error("at 00:30 it is Sunday, though the day begins at 3")
	}
	wantIn(t, body, "03:00")
}

// Every file is a mark, at every scale: what the bars of a window say adds up to what is in it.
func TestEveryFileIsAMarkInEveryWindow(t *testing.T) {
	w := newWorld(t)
	at := clock(1, 0, 0)
	for i := range 3000 {
		w.items = append(w.items, taken(strconv.Itoa(i), at))
		at = at.Add(time.Duration(i*i%7001) * time.Second)
	}
	w.serve()
	property.Check(t, func(t *rapid.T) {
		from := rapid.Int64Range(clock(1, 0, 0).Unix()-9000, at.Unix()).Draw(t, "from")
		to := from + rapid.Int64Range(1, 9_000_000).Draw(t, "width")
		_, _, body := w.get(fmt.Sprintf("?from=%d&to=%d", from, to))
		shownFrom, shownTo := int64(number(w.t, body, `data-from="(\d+)"`)), int64(number(w.t, body, `data-to="(\d+)"`))
		want := 0
		for _, it := range w.items {
			if s := it.Captured.Unix(); s >= shownFrom && s < shownTo {
				want++
			}
		}
		if got := sum(body, `: ([\d,]+) items? in `); got != want {
			t.Errorf("the bars have %d items, want %d", got, want)
		}
	})
}

func TestAHundredThousandFilesMakeAPageOfBoundedSize(t *testing.T) {
	w := newWorld(t)
	at := clock(1, 0, 0)
	for i := range 100_000 {
		w.items = append(w.items, taken(fmt.Sprintf("%s%06d.jpg", strings.Repeat("long", 20), i), at))
		at = at.Add(time.Duration(1+i*7919%300) * time.Minute / 2)
	}
	w.serve()
	const most = 600 << 10
	from, to := clock(1, 0, 0).Unix(), at.Unix()
	for _, address := range []string{
		"?gap=5m", "?gap=72h", "?gap=5m&open=7", "?gap=72h&open=1&items=3", fmt.Sprintf("?gap=1h&from=%d&to=%d", from, from+(to-from)/100),
		fmt.Sprintf("?gap=1h&from=%d&to=%d", from+1000, from+9000),
	} {
		status, _, body := w.get(address)
		if status != http.StatusOK || len(body) > most {
			t.Errorf("%s: status %d, %d bytes, want at most %d", address, status, len(body), most)
		}
		if n := strings.Count(body, `src="thumbs/`); n > 300 || n != strings.Count(body, `loading="lazy"`) {
			t.Errorf("%s: %d thumbnails, want few, and each only when it is in sight", address, n)
		}
	}
}

func TestOnlyTheSettingsMakeANewPlan(t *testing.T) {
	w := newWorld(t, weekend()...).serve()
	for _, address := range []string{"", "?open=2", "?gap=1h&from=5&to=900", "plan.yaml?gap=1h0m0s"} {
		w.get(address)
	}
	if made := w.plans(); len(made) != 1 {
		t.Errorf("planned %d times: %v", len(made), made)
	}
	w.get("?gap=2h")
	if made := w.plans(); len(made) != 2 {
		t.Errorf("planned %d times: %v", len(made), made)
	}
}

func TestAPlanThatCannotBeMadeLeavesTheLastOne(t *testing.T) {
	w := newWorld(t, weekend()...).serve()
	w.fail(errors.New("the <drive> is gone"))
	status, _, body := w.get("?gap=2h")
	wantIn(t, body, "the &lt;drive&gt; is gone", `id="albums-count">3<`, `value="1h" selected`)
	if status != http.StatusInternalServerError {
		t.Errorf("status %d", status)
	}
	status, _, body = w.get("?gap=tomorrow")
	if wantIn(t, body, "must be a duration such as 90m"); status != http.StatusInternalServerError {
		t.Errorf("status %d", status)
	}
}

func TestAFirstPlanThatCannotBeMadeIsAnErrorAndNoPage(t *testing.T) {
	gone := errors.New("gone")
	w := newWorld(t)
	w.err = gone
	_, err := planpage.Serve(t.Context(), planpage.Config{Replan: w.replan, Ready: func(url string) { t.Error("a page at", url) }})
	if !errors.Is(err, gone) {
		t.Errorf("error %v", err)
	}
}

// A request that nobody waits for any more stops its plan.
func TestAPlanEndsWithItsRequest(t *testing.T) {
	w := newWorld(t, weekend()...)
	begun, stopped := make(chan bool), make(chan error, 1)
	ready, over := make(chan string, 1), make(chan error, 1)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		_, err := planpage.Serve(ctx, planpage.Config{Start: w.start, Ready: func(u string) { ready <- u }, Replan: replanner(w, begun, stopped)})
		over <- err
	}()
	asking, leave := context.WithCancel(t.Context())
	r, _ := http.NewRequestWithContext(asking, http.MethodGet, <-ready+"?gap=2h", nil)
	go func() {
		<-begun
		leave()
	}()
	if res, err := http.DefaultClient.Do(r); err == nil {
		_ = res.Body.Close()
		t.Error("there was an answer")
	}
	if err := <-stopped; !errors.Is(err, context.Canceled) {
		t.Error("the plan ended with", err)
	}
	stop()
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Error("the page ended with", err)
	}
}

func TestDoneHandsOverWhatWasAskedForLast(t *testing.T) {
	w := newWorld(t, weekend()...).serve()
	_, _, shown := w.get("plan.yaml?gap=5h&day=2h")
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"done", strings.NewReader(url.Values{"gap": {"5h"}, "day": {"2h"}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status, _, body := w.do(r)
	if e := w.end(); e.err != nil || string(e.yaml) != shown || status != http.StatusOK {
		t.Errorf("status %d, %v, handed over:\n%s\nwant:\n%s", status, e.err, e.yaml, shown)
	}
	wantIn(t, body, "Done", "2 albums, 7 items")
}

func TestFilesWithoutATimeStandApart(t *testing.T) {
	w := newWorld(t, weekend()...)
	for i := range 3 {
		it := taken(fmt.Sprintf("scan%d.jpg", i), clock(20, 12, i))
		it.Source = "ModTime"
		w.items = append(w.items, it)
	}
	named := taken("IMG_20240521.jpg", clock(21, 0, 0))
	named.Source = "FileName"
	w.items = append(w.items, named)
	w.serve()
	_, _, body := w.get("?open=4")
	wantIn(t, body, "No time known", "3 items with no capture time", "scan2.jpg", "into <bdi>Undated</bdi>", "from its name")
	if got := sum(body, `: ([\d,]+) items? in `); got != 8 {
		t.Errorf("%d items on the timeline, want those 8 whose time is known", got)
	}
}

// Nothing new goes into it: the service lost it, and it is made again with what it held.
func TestAnAlbumThatOnlyGetsBackWhatItHeldIsShown(t *testing.T) {
	w := newWorld(t, weekend()...)
	w.alter = func(p *plan.Plan) {
		p.Albums = append(p.Albums, plan.Album{Title: "Lost", New: true, Adds: 1, PutBack: 3})
		p.Requests.AlbumCreates, p.Requests.BatchAdds = p.Requests.AlbumCreates+1, 1
	}
	w.serve()
	for _, address := range []string{"", "?open=4"} {
		status, _, body := w.get(address)
		wantIn(t, words(body), "Lost", "0 items · with 3 that it held when it was deleted", "2 requests = 1 batchAdd + 1 album")
		if status != http.StatusOK {
			t.Errorf("%q: status %d", address, status)
		}
	}
}

func TestTheRequestsOnThePageAddUpWhateverTheirKind(t *testing.T) {
	w := newWorld(t, weekend()...)
	w.alter = func(p *plan.Plan) {
		p.Requests = report.Requests{
			Uploads: 1, BatchCreates: 2, AlbumCreates: 3, AlbumLists: 4, AlbumGets: 5, BatchGets: 6, BatchAdds: 7, Searches: 8, Edits: 9, AddEnrichments: 10,
		}
	}
	w.serve()
	_, _, body := w.get("")
	parts := regexp.MustCompile(`id="requests-count">.*`).FindString(body)
	if all, got := number(t, body, `id="requests-count">([\d,]+)<`), sum(parts, `[=+] ([\d,]+) `); got != all || all != 55 {
		t.Errorf("%d requests are the sum %d: %s", all, got, parts)
	}
}

func TestOneOfSomethingIsNotManyThings(t *testing.T) {
	w := newWorld(t, taken("1.jpg", clock(18, 9, 0))).serve()
	_, _, body := w.get("")
	text := words(body)
	wantIn(t, text, "1 file found", "1 album ", "with 1 item ", ", 1 item ", "fewer than two files tell")
	if m := regexp.MustCompile(`(?:^|[ =+])1 (files|albums|items|requests|pauses)`).FindString(text); m != "" {
		t.Errorf("it says %q", m)
	}
}

func TestWhatTheLibraryHasIsNotCalledBytes(t *testing.T) {
	w := newWorld(t, weekend()...)
	w.items[0].Sent, w.items[1].Sent, w.items[1].Added = false, false, true
	w.serve()
	_, _, body := w.get("?open=1")
	wantIn(t, body, "not sent: the service has the bytes", "added: the service has the media item")
}

func TestWhatChangesNothingCannotBeMoved(t *testing.T) {
	for rules, c := range map[string]struct {
		still []string
		why   string
	}{
		"":       {nil, ""},
		"time":   {[]string{"gap"}, "No album is named by its event here, so the gap changes nothing"},
		"folder": {[]string{"gap", "day"}, "No album is named by a time here, so neither changes anything"},
	} {
		w := newWorld(t, weekend()...)
		w.rules = rules
		w.serve()
		_, _, body := w.get("")
		var still []string
		for _, m := range regexp.MustCompile(`<select [^>]*name="(\w+)" disabled`).FindAllStringSubmatch(body, -1) {
			still = append(still, m[1])
		}
		if !slices.Equal(still, c.still) || strings.Contains(body, "No album is named") != (c.why != "") {
			t.Errorf("%q: %q cannot be moved, want %q", rules, still, c.still)
		}
		wantIn(t, body, c.why)
	}
}

func TestAnItemSaysWhereItGoesAmongWhatIsThere(t *testing.T) {
	w := newWorld(t, weekend()...)
	w.items[5].Behind, w.items[6].Last = "/photos/<old>.jpg", true // in the third album, which the service has
	w.serve()
	_, _, body := w.get("?open=3")
	wantIn(t, words(body), "after <old>.jpg, which is there", "at the end")
	if _, _, body = w.get("?open=1"); strings.Contains(body, "is there") {
		t.Error("it says so of an album that is new")
	}
}
