package exif

import "github.com/albumwright/albumwright/internal/media"

// fill adds the facts of the sidecars to those of the file, apart from the time.
func fill(f *Facts, xmps []Sidecar, takeout Sidecar) {
	for _, s := range xmps {
		fillText(&f.Make, &f.From.Make, s.Facts.Make, s.Facts.From.Make)
		fillText(&f.Model, &f.From.Model, s.Facts.Model, s.Facts.From.Model)
		fillText(&f.Serial, &f.From.Serial, s.Facts.Serial, s.Facts.From.Serial)
		// A video that bears its photo's name has no use for how that one lies.
		if f.Orientation == 0 && f.Kind != KindVideo {
			f.Orientation, f.From.Orientation = s.Facts.Orientation, s.Facts.From.Orientation
		}
	}
	for _, s := range append(xmps, takeout) {
		if f.Place.IsZero() {
			f.Place, f.From.Place = s.Facts.Place, s.Facts.From.Place
		}
	}
	for _, s := range xmps {
		if s.Facts.Rating != 0 {
			f.Rating, f.From.Rating = s.Facts.Rating, s.Facts.From.Rating
			break
		}
	}
	f.Description, f.From.Description = description(*f, append(xmps, takeout))
}

func fillText(to *string, from *Source, s string, source Source) {
	if *to == "" {
		*to, *from = s, source
	}
}

// description returns the first words that a person may have written: of the
// sidecars in their order, then of the file.
func description(f Facts, sidecars []Sidecar) (string, Source) {
	for _, s := range sidecars {
		if !isFiller(s.Facts.Description, f.Make, f.Model) {
			return s.Facts.Description, s.Facts.From.Description
		}
	}
	if isFiller(f.Description, f.Make, f.Model) {
		return "", SourceNone
	}
	return f.Description, f.From.Description
}

// kindByName refines what the content tells by what the name does. Raw formats
// of several makers have nothing in their first bytes that TIFF has not.
func kindByName(f Facts, name string) (Format, Kind) {
	if f.Format == "TIFF" {
		const tiffHead = "II*\x00\x08\x00\x00\x00"
		if t, mismatch, ok := media.Detect(name, []byte(tiffHead)); ok && mismatch == "" && t.Raw {
			return Format(t.Name), KindRaw
		}
	}
	if f.Kind == KindPhoto && f.Make == "" && isScreenshotName(name) {
		switch f.Format {
		case "PNG", "JPEG", "WebP", "HEIC":
			return f.Format, KindScreenshot
		}
	}
	return f.Format, f.Kind
}
