package main

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/albumwright/albumwright/photos"
)

// takenOn finds what was taken on a day ("05-18") of any year, the oldest first: one search, however large the library is.
func takenOn(ctx context.Context, client *photos.Client, day string) (items []photos.MediaItem, err error) {
	at, err := time.Parse("2006-01-02", "2000-"+day) // a leap year
	if err != nil {
		return nil, fmt.Errorf("-day %q: want a day such as 05-18", day)
	}
	search := photos.SearchRequest{
		Filters: &photos.Filters{DateFilter: &photos.DateFilter{Dates: []photos.Date{{Month: int(at.Month()), Day: at.Day()}}}},
		OrderBy: photos.OldestFirst,
	}
	only := client.MediaItems.Only("id", "filename", "description", "baseUrl", "mimeType", "productUrl", "mediaMetadata")
	for item, err := range only.Search(ctx, search) {
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// picture is one photo or video of the page.
type picture struct {
	photos.MediaItem
	File string // the thumbnail's name
}

// year is the pictures of one year.
type year struct {
	Year     int
	Pictures []picture
}

// writePage makes index.html and its thumbnails. Addresses of the service end within the hour, so the page has pictures of its own.
func writePage(ctx context.Context, fetcher *photos.Fetcher, items []photos.MediaItem, day, to string, out io.Writer) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	var years []year
	for i, item := range items {
		p := picture{item, fmt.Sprintf("%03d.jpg", i+1)} // never a name from elsewhere
		if err := writeThumbnail(ctx, fetcher, item, filepath.Join(to, p.File)); err != nil {
			return fmt.Errorf("%s: %w", item.Filename, err)
		}
		y := item.MediaMetadata.CreationTime.Year()
		if len(years) == 0 || years[len(years)-1].Year != y {
			years = append(years, year{Year: y})
		}
		last := &years[len(years)-1]
		last.Pictures = append(last.Pictures, p)
	}
	f, err := os.Create(filepath.Join(to, "index.html"))
	if err != nil {
		return err
	}
	err = errors.Join(page.Execute(f, struct {
		Day   string
		Years []year
	}{day, years}), f.Close())
	fmt.Fprintf(out, "%d from %d years on %s: %s\n", len(items), len(years), day, f.Name())
	return err
}

func writeThumbnail(ctx context.Context, fetcher *photos.Fetcher, item photos.MediaItem, path string) error {
	load, err := fetcher.Open(ctx, item, func(u photos.BaseURL) (string, error) { return u.Fit(480, 480) }, 0)
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return errors.Join(err, load.Close())
	}
	_, err = io.Copy(f, load)
	return errors.Join(err, load.Close(), f.Close())
}

var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>On this day, {{.Day}}</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.4 system-ui, sans-serif }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
section { display: flex; flex-wrap: wrap; gap: .75rem }
figure { margin: 0; max-width: 15rem }
img { width: 100%; border-radius: .5rem; display: block }
figcaption { font-size: .85rem; opacity: .8; overflow-wrap: anywhere }
</style>
<h1>On this day, {{.Day}}</h1>
{{range .Years}}<h2>{{.Year}}</h2>
<section>{{range .Pictures}}
<figure><a href="{{.ProductURL}}"><img src="{{.File}}" alt="{{or .Description .Filename}}"></a>
<figcaption>{{.MediaMetadata.CreationTime.Format "15:04"}} {{or .Description .Filename}}</figcaption></figure>{{end}}
</section>{{else}}<p>Nothing was taken on this day.</p>{{end}}
</html>
`))
