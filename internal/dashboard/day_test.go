package dashboard_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"time"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
)

// noon is when the day's snapshot was taken.
func noon() time.Time { return time.Now().Truncate(time.Second) }

// afternoon is a believable day: a watch since spring, a trip that is coming in, a few mishaps. dir has the photos of the wall, if it is not "".
func afternoon(dir string) watch.Snapshot {
	now := noon()
	s := watch.Snapshot{
		Time: now, Since: now.AddDate(0, -6, -11), State: watch.Sending, LastRun: now.Add(-4 * time.Minute), NextRun: now.Add(42 * time.Second),
		Found: 1412, Open: 74,
		Ends:   map[report.End]int{report.Uploaded: 1203, report.AlreadyThere: 87, report.Duplicate: 22, report.Skipped: 23, report.Failed: 3},
		Budget: []watch.Budget{{Project: "summit-photos", Used: 3412, Limit: 10000, Resets: now.Add(9*time.Hour + 17*time.Minute)}},
		Stages: []watch.Stage{
			{Name: "settle", Queue: 31, Done: 1381}, {Name: "ready", Queue: 12, Done: 1369}, {Name: "look", Queue: 4, Done: 1365},
			{Name: "upload", Queue: 22, Done: 1298, Bytes: 8_412_000_000}, {Name: "create", Queue: 5, Done: 1290},
		},
		Folders: []watch.Folder{
			{Path: "/home/mara/Pictures/Phone", Account: "mara@example.org", Rule: "an album for each month", State: "watching", Files: 21_408, Settling: 3, Ready: 0, LastScan: now.Add(-23 * time.Minute)},
			{Path: "/nas/family/Camera", Account: "mara@example.org", Rule: "an album for each folder", State: "polling", Why: "NFS tells nobody what changes on it: it is looked through every minute", Files: 112_903, Settling: 28, Ready: 12, LastScan: now.Add(-40 * time.Second), Scanning: true},
			{Path: "/media/mara/EOS_DIGITAL", Account: "mara@example.org", Rule: "an album for each event", State: "offline", Why: "not mounted since 11:02; nothing of it is forgotten", Files: 412, LastScan: now.Add(-3 * time.Hour)},
		},
		Current: []string{"/nas/family/Camera/2026-11 Lofoten/IMG_2291.CR3", "/nas/family/Camera/2026-11 Lofoten/IMG_2292.CR3", "/nas/family/Camera/2026-11 Lofoten/IMG_2293.CR3"},
		Failures: []watch.Failure{
			{Path: "/nas/family/Camera/2026-11 Lofoten/IMG_2207.JPG", Stage: "upload", Reason: "read error: input/output error at 12.4 MB", Tries: 3, Next: now.Add(12 * time.Minute)},
			{Path: "/home/mara/Pictures/Phone/VID_20261102_184211.mp4", Stage: "create", Reason: "the service could not read the video", Tries: 2},
			{Path: "/home/mara/Pictures/Phone/broken.jpg", Stage: "create", Reason: "the service says that this is no photo", Tries: 1},
		},
		FailureCount: 3,
		Trouble:      []watch.Trouble{{Kind: "offline", What: "/media/mara/EOS_DIGITAL is offline: not mounted", Do: "mount it, or plug it in; it goes on by itself then", Since: now.Add(-3 * time.Hour)}},
	}
	s.Rates, s.Times, s.Last = rates(now), trip(now, 640), lately(now, dir)
	return s
}

// rates are half an hour with two waits in it.
func rates(now time.Time) (out []watch.Rate) {
	rng := rand.New(rand.NewPCG(7, 7))
	for i := range 180 {
		r := watch.Rate{At: now.Add(time.Duration(i-179) * 10 * time.Second)}
		busy := 0.55 + 0.45*math.Sin(float64(i)/13) + rng.Float64()*0.3
		if i < 25 || i > 70 && i < 84 {
			busy = 0
		}
		r.Bytes, r.Items = int64(busy*62e6), int(busy*6+rng.Float64())
		switch {
		case i > 98 && i < 106:
			r.Bytes, r.Items, r.Waited, r.Limited = r.Bytes/5, 0, 9*time.Second, (i-98)%3
		case i == 141 || i == 142:
			r.Waited, r.Limited = 4*time.Second, 1
		}
		out = append(out, r)
	}
	return out
}

// trip is when photos of some days were taken, in albums by the day.
func trip(now time.Time, n int) (out []watch.Taken) {
	rng := rand.New(rand.NewPCG(5, 9))
	names := []string{"2026-11-14 Bodø", "2026-11-15 Ferry", "2026-11-16 Reine", "2026-11-17 Reinebringen", "2026-11-18 Nusfjord", "2026-11-19 Henningsvær", "2026-11-20 Northern lights"}
	from := now.AddDate(0, 0, -8).Truncate(24 * time.Hour)
	for range n {
		day := rng.IntN(len(names))
		hour := 9 + rng.NormFloat64()*1.6 + float64(rng.IntN(2))*6
		out = append(out, watch.Taken{At: from.AddDate(0, 0, day).Add(time.Duration(hour * float64(time.Hour))), Album: names[day]})
	}
	return out
}

// lately are the last files of the day, each with another picture.
func lately(now time.Time, dir string) (out []watch.Item) {
	names := []string{"photo", "photo", "photo", "video", "photo", "raw", "photo"}
	for i := range 28 {
		it := watch.Item{
			File:  report.File{Path: filepath.Join(dir, fmt.Sprintf("IMG_%04d.jpg", 2290-i)), Size: int64(3_100_000 + 41_000*i), End: report.Uploaded, Album: "2026-11-19 Henningsvær", ID: fmt.Sprint("item", i)},
			Ended: now.Add(-time.Duration(i*7) * time.Second), Captured: now.Add(-time.Duration(60+i) * time.Hour),
		}
		switch {
		case names[i%len(names)] == "video":
			it.Path = filepath.Join(dir, fmt.Sprintf("MVI_%04d.mp4", 2290-i))
		case i == 5:
			it.End, it.Reason, it.Album = report.Failed, "read error: input/output error at 12.4 MB", ""
		case i == 8:
			it.End, it.DuplicateOf = report.Duplicate, "IMG_2280.jpg"
		case i == 11:
			it.End = report.AlreadyThere
		case i == 13:
			it.End, it.Reason, it.Path, it.Album = report.Skipped, "not a photo or video", filepath.Join(dir, "notes.txt"), ""
		}
		out = append(out, it)
	}
	return out
}
