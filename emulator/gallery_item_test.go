package emulator_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
)

// history are the lines of an item's history, without their times.
func (c *client) history(path string) (lines []string) {
	c.t.Helper()
	_, list, _ := strings.Cut(c.page(path), `<ol class="history">`)
	list, _, _ = strings.Cut(list, "</ol>")
	for _, m := range regexp.MustCompile(`</time> (.*?)</li>`).FindAllStringSubmatch(list, -1) {
		lines = append(lines, m[1])
	}
	return lines
}

func TestAnItemsPageTellsItsHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		c := direct(t, emulator.Config{Dir: dir})
		c.add("", nil, 50, 2) // the first call
		raw := c.upload(photo(1))
		time.Sleep(2*time.Hour + 5*time.Minute)
		resumable := c.do(c.start(len(photo(2))).sending("upload, finalize", 0, photo(2))).wantToken(t)
		ids := c.createIDs(batch("", nil, raw, resumable))
		c.patch("/v1/mediaItems/"+ids[0]+"?updateMask=description", map[string]any{"description": "new"}).wantStatus(t, http.StatusOK)
		c.mark(ids[0], emulator.Marks{Favorite: true, Archived: true})
		c.mark(ids[0], emulator.Marks{Archived: true, Categories: []string{"PETS"}})
		want := map[string][]string{
			ids[0]: {
				"uploaded by the raw protocol", "created by mediaItems.batchCreate no. 2, entry 1 of 2, with a token 2 h 5 min old",
				"description changed by mediaItems.patch", "made a favorite, archived", "no longer a favorite, categories changed",
			},
			ids[1]: {
				"uploaded by the resumable protocol",
				"created by mediaItems.batchCreate no. 2, entry 2 of 2, with a token less than a second old",
			},
		}
		for range 2 { // and after a restart
			for id, want := range want {
				if diff := cmp.Diff(want, c.history("/items/"+id)); diff != "" {
					t.Errorf("history (-want +got):\n%s", diff)
				}
			}
			if err := c.s.Close(); err != nil {
				t.Fatal(err)
			}
			c = direct(t, emulator.Config{Dir: dir})
		}
	})
}

func TestAnItemsPageTellsWhatTheFileSays(t *testing.T) {
	c := direct(t, emulator.Config{})
	north, west := 47.5, -13.25
	media := fixture.JPEG(fixture.Spec{
		Captured: time.Date(2024, 7, 6, 6, 31, 0, 0, time.UTC), Offset: "+02:00", Make: "Canon", Model: "Canon EOS 40D", Lat: &north, Lon: &west,
		ExposureTime: [2]uint32{1, 250}, FNumber: [2]uint32{28, 10}, FocalLength: [2]uint32{35, 1}, ISO: 400,
	})
	id := c.createIDs(batch("", nil, c.upload(media)))[0]
	page := c.page("/items/" + id)
	for _, want := range []string{
		"6 July 2024, 06:31:00 <span class=\"muted\">&#43;02:00", "the API says 2024-07-06T04:31:00Z", "<dd>Canon EOS 40D", "1/250 s · ƒ/2.8 · ISO 400 · 35 mm", "47.5000° north, 13.2500° west",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// An enrichment stands before the item that follows it, on whatever page that is.
func TestEnrichmentsStandBetweenTheItems(t *testing.T) {
	c := direct(t, emulator.Config{})
	album := c.album("Trip")
	var ids []string
	for n := 0; n < 300; n += 50 {
		ids = append(ids, c.add(album, nil, n, 50)...)
	}
	enrich := func(text string, position map[string]any) {
		c.enrich(album, map[string]any{"newEnrichmentItem": map[string]any{"textEnrichment": map[string]any{"text": text}}, "albumPosition": position})
	}
	after := func(i int) map[string]any {
		return map[string]any{"position": "AFTER_MEDIA_ITEM", "relativeMediaItemId": ids[i]}
	}
	enrich("<first>", position("FIRST_IN_ALBUM"))
	enrich("in between", after(0))
	enrich("second page", after(239))
	enrich("the end", position("LAST_IN_ALBUM"))
	shows := func(path string) (all []string) {
		for _, m := range regexp.MustCompile(`class="place">(\d+)|</span>([^<]*)</p>`).FindAllStringSubmatch(c.page(path), -1) {
			if text := m[1] + m[2]; m[2] != "" || slices.Contains([]string{"1", "2", "240", "241", "300"}, text) {
				all = append(all, text)
			}
		}
		return all
	}
	for path, want := range map[string][]string{
		"/albums/" + album:             {"&lt;first&gt;", "1", "in between", "2", "240"},
		"/albums/" + album + "?page=2": {"second page", "241", "300", "the end"},
	} {
		if diff := cmp.Diff(want, shows(path)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestAVideosStateIsSetOnItsPage(t *testing.T) {
	c := direct(t, emulator.Config{VideoProcessing: time.Hour})
	id := c.createIDs(batch("", nil, c.upload(video(1))))[0]
	for _, state := range []string{"READY", "PROCESSING", "FAILED", ""} {
		want := state
		if state == "" || state == "FAILED" { // which is so when the hour is over
			want = "PROCESSING"
		}
		_, page := c.submit("/items/"+id, url.Values{"video": {state}})
		got := c.metadata(id)["video"].(map[string]any)["status"]
		if got != want || !strings.Contains(page, `<span class="status `+want+`">`) {
			t.Errorf("set to %q it is %v", state, got)
		}
	}
	if err := c.s.Mark(id, emulator.Marks{Ready: true, Failed: true}); err == nil {
		t.Error("a video is ready and failed")
	}
}

func TestTheTimelineHasMonthsAndYears(t *testing.T) {
	c := direct(t, emulator.Config{})
	c.s.Fill(500, func(i int) emulator.Stock { return emulator.Stock{Taken: on(2000, 1, 1).AddDate(0, i/10, 0)} })
	page := c.page("/library")
	want := []string{"/library?page=1#y2004", "/library?page=1#y2003", "/library?page=1#y2002", "/library?page=2#y2001", "/library?page=2#y2000"}
	if got := links(page, `/library\?page=\d#y\d+`); !slices.Equal(got, want) {
		t.Errorf("years %v", got)
	}
	if !strings.Contains(page, `<h2 id="y2004">February 2004</h2>`) || !strings.Contains(page, `<h2 id="m2004-01">January 2004</h2>`) {
		t.Error("the first page does not begin with the last months")
	}
	if n := len(links(page, "/items/"+idPattern)); n != 240 {
		t.Errorf("%d items on a page", n)
	}
	if n := len(links(c.page("/library?page=3"), "/items/"+idPattern)); n != 20 {
		t.Errorf("%d items on the last page", n)
	}
}

// Each user has a gallery, and a browser looks at one of them.
func TestTheGalleryShowsOneUsersLibrary(t *testing.T) {
	c := direct(t, emulator.Config{Users: []emulator.User{{Email: "anna@example.com"}, {Email: "ben@example.com"}}})
	c.album("Anna's")
	c.of("ben@example.com", "").album("Ben's")
	as := func(email string) string {
		r := c.request(http.MethodGet, "/", nil)
		r.Header.Set("Cookie", "albumwright-user="+url.QueryEscape(email))
		return string(c.do(r).body)
	}
	for email, want := range map[string]string{
		"": "Anna&#39;s", "anna@example.com": "Anna&#39;s", "ben@example.com": "Ben&#39;s", "eve@example.com": "Anna&#39;s", "%zz;": "Anna&#39;s",
	} {
		page := as(email)
		if !strings.Contains(page, want) || strings.Count(page, "&#39;s") != 1 || strings.Count(page, "@example.com)</option>") != 2 {
			t.Errorf("as %q the page lacks %q, or shows more", email, want)
		}
	}
	client := *c.http
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(c.request(http.MethodGet, "/user?email=ben@example.com", nil))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if cookie := res.Header.Get("Set-Cookie"); res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(cookie, "albumwright-user=ben%40example.com; Path=/; HttpOnly; SameSite=Strict") {
		t.Errorf("the switch is answered %d %q", res.StatusCode, cookie)
	}
}
