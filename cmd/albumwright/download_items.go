package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/albumwright/albumwright/internal/download"
	"github.com/albumwright/albumwright/internal/library"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
)

// items are what is to be downloaded, and the title of the album that they are from.
func (o downloadOptions) items(ctx, intake context.Context, lib *library.Reader, in io.Reader, show *verifyProgress) (iter.Seq2[download.Wanted, error], string, error) {
	switch {
	case len(o.ids) > 0:
		ids := &givenIDs{args: o.ids, in: in}
		read := func(n int, all bool) { show.expect(n, all && ids.err == nil) }
		return given(ctx, lib, untilEnd(intake, ids.entries(), read), func() error {
			show.expect(0, true) // what was repeated is none to wait for
			if intake.Err() != nil {
				return nil // it may still be read
			}
			return ids.err
		}), "", nil
	case o.search != nil:
		return listed(ahead(lib.Search(ctx, *o.search), show.expect)), "", nil
	}
	a, err := lib.Album(ctx, o.album)
	if err != nil {
		return nil, "", err
	}
	show.expect(int(a.MediaItemsCount), true)
	return listed(lib.InAlbum(ctx, a.ID)), a.Title, nil
}

// readAhead is how many items of a search are read before they are needed: a page, so that nothing is listed much earlier.
const readAhead = 100

// ahead reads a listing a little ahead, and tells how many items it has so far, and whether these are all: so the end is in sight before it is there.
func ahead(items iter.Seq2[photos.MediaItem, error], seen func(n int, all bool)) iter.Seq2[photos.MediaItem, error] {
	return func(yield func(photos.MediaItem, error) bool) {
		next, stop := iter.Pull2(items)
		defer stop()
		var queue []photos.MediaItem
		var err error
		n, more := 0, true
		for {
			for more && len(queue) < readAhead {
				var it photos.MediaItem
				if it, err, more = next(); more && err == nil {
					queue, n = append(queue, it), n+1
				}
				more = more && err == nil
			}
			seen(n, !more && err == nil)
			if len(queue) == 0 {
				break
			}
			if !yield(queue[0], nil) {
				return
			}
			queue = queue[1:]
		}
		if err != nil {
			yield(photos.MediaItem{}, err)
		}
	}
}

func listed(items iter.Seq2[photos.MediaItem, error]) iter.Seq2[download.Wanted, error] {
	return func(yield func(download.Wanted, error) bool) {
		for it, err := range items {
			if !yield(download.Wanted{Item: it}, err) {
				return
			}
		}
	}
}

// given are the items that somebody has named. What came as a whole item is not asked about again; ids between them are, many at a time.
func given(ctx context.Context, lib *library.Reader, entries iter.Seq[string], failed func() error) iter.Seq2[download.Wanted, error] {
	return func(yield func(download.Wanted, error) bool) {
		next, stop := iter.Pull(entries)
		defer stop()
		entry, more := next()
		for more {
			if item, whole := itemIn(entry); whole {
				if !yield(download.Wanted{Item: item}, nil) {
					return
				}
				entry, more = next()
				continue
			}
			run := func(yield func(string) bool) { // of ids, up to the next item
				for ; more; entry, more = next() {
					if _, whole := itemIn(entry); whole || !yield(idIn(entry)) {
						return
					}
				}
			}
			for f, err := range lib.Get(ctx, run) {
				if !yield(wantedOf(f), err) || err != nil {
					return
				}
			}
		}
		if err := failed(); err != nil {
			yield(download.Wanted{}, err)
		}
	}
}

func wantedOf(f library.Found) download.Wanted {
	if f.Err != nil {
		return download.Wanted{Item: photos.MediaItem{ID: cut(report.Text(f.ID), longestShown)}, Err: f.Err}
	}
	return download.Wanted{Item: f.Item}
}

// itemIn reads a media item as the other commands print it. Whole says that it is more than an id.
func itemIn(entry string) (m photos.MediaItem, whole bool) {
	if !strings.HasPrefix(entry, "{") || json.Unmarshal([]byte(entry), &m) != nil {
		return m, false
	}
	return m, m.ID != "" && m.Filename != "" && m.MIMEType != ""
}

// entriesAhead is how many entries of stdin are read before they are needed: about a megabyte of items, so that the end is known early.
const entriesAhead = 1000

// untilEnd ends a sequence with a context, also while it waits for its next value; whoever waits then is left behind. It reads ahead, without waiting for what is not
// there yet, and tells how many values it has read, and whether these are all.
func untilEnd(ctx context.Context, all iter.Seq[string], read func(n int, all bool)) iter.Seq[string] {
	return func(yield func(string) bool) {
		values := make(chan string, entriesAhead)
		go func() {
			defer close(values)
			n := 0
			for v := range all {
				n++
				read(n, false)
				select {
				case values <- v:
				case <-ctx.Done():
					return
				}
			}
			read(n, true)
		}()
		for {
			select {
			case v, ok := <-values:
				if !ok || !yield(v) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// downloadedLine and downloadLine are the lines of --json.
type downloadedLine struct {
	Type string `json:"message_type"`
	download.Item
}

type downloadLine struct {
	Type string `json:"message_type"`
	download.Report
}

// strips is what nobody should find out too late.
const strips = "the service gives photos without the place where they were taken, and videos anew encoded: these are not the bytes that were uploaded"

// tell prints the report.
func (o downloadOptions) tell(term terminal, out *printer, r download.Report) {
	if o.print.json {
		out.line(downloadLine{"summary", r})
	} else {
		printDownload(term.out, r)
	}
	if r.Files > 0 && o.config.Picture == (download.Picture{}) && !o.quiet {
		fmt.Fprintln(term.err, "albumwright: note:", strips)
	}
}

func printForeseen(w io.Writer, it download.Item) {
	for _, path := range it.Files {
		fmt.Fprintf(w, "%-13s %s\n", it.End, path)
	}
	if it.End == download.Failed {
		fmt.Fprintf(w, "%-13s %s: %s\n", it.End, it.ID, it.Reason)
	}
}

// printDownload is the report for people.
func printDownload(w io.Writer, r download.Report) {
	var parts []string
	for _, e := range download.Ends() {
		word := string(e)
		if r.DryRun && e == download.Downloaded {
			word = "to download"
		}
		parts = append(parts, comma(r.Ends[e])+" "+word)
	}
	row(w, "Found", "%s = %s", comma(r.Found), strings.Join(parts, " + "))
	if !r.DryRun {
		resumed := ""
		if r.Resumed > 0 {
			resumed = ", " + size(r.Resumed) + " were there of files that had been begun"
		}
		row(w, "Files", "%s written; %s loaded%s", comma(r.Files), size(r.Bytes), resumed)
	}
	for i, f := range r.Failures {
		if i == mostLines {
			row(w, "", "and %s more; --json names them all", comma(r.Ends[download.Failed]-mostLines))
			break
		}
		name := f.Name
		if name == "" {
			name = f.ID
		}
		row(w, first(i, "Failed"), "%s: %s", report.Text(name), f.Reason)
	}
	if r.Cause != "" {
		fmt.Fprintf(w, "\nNot all was done: %s\n", r.Cause)
	}
}
