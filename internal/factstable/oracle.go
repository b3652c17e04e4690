package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// answer is what exiftool says of one file: its tags by "group:name".
type answer struct {
	path string
	tags map[string]any
}

// askExiftool reads all files in one call. It exits with 1 when it does not
// know one of them, and answers for the others all the same.
func askExiftool(paths []string) ([]answer, error) {
	cmd := exec.Command("exiftool", "-j", "-n", "-G1", "-struct", "-@", "-")
	cmd.Stdin = strings.NewReader(strings.Join(paths, "\n"))
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(out))
	decoder.UseNumber()
	var rows []map[string]any
	if err := decoder.Decode(&rows); err != nil {
		return nil, fmt.Errorf("exiftool's answer: %w", err)
	}
	var answers []answer
	for _, row := range rows {
		answers = append(answers, answer{path: fmt.Sprint(row["SourceFile"]), tags: row})
	}
	return answers, nil
}

// isMedia tells photos, videos and XMP from files that are none of them.
func (a answer) isMedia() bool {
	mime := a.text("File:MIMEType")
	return strings.HasPrefix(mime, "image/") || strings.HasPrefix(mime, "video/") || a.format() == "XMP"
}

func (a answer) isVideo() bool { return strings.HasPrefix(a.text("File:MIMEType"), "video/") }

// format is exiftool's name of the format, in one word.
func (a answer) format() string {
	switch f := strings.TrimPrefix(a.text("File:FileType"), "Extended "); f {
	case "WEBP":
		return "WebP"
	case "WEBM":
		return "WebM"
	case "M2TS":
		return "MTS"
	case "HEIF", "HEICS", "HEIFS":
		return "HEIC"
	default:
		return f
	}
}

// text is the first of some tags that is there, as text.
func (a answer) text(names ...string) string {
	for _, name := range names {
		if v, ok := a.tags[name]; ok {
			return strings.TrimSpace(fmt.Sprint(v))
		}
	}
	return ""
}

// number is the first of some tags that is there and a number.
func (a answer) number(names ...string) (float64, bool) {
	for _, name := range names {
		if n, err := strconv.ParseFloat(a.text(name), 64); err == nil {
			return n, true
		}
	}
	return 0, false
}

// moment is a capture time as the oracle has it.
type moment struct {
	source string
	text   string // RFC 3339, without a zone if none is recorded
}

// capture applies the published precedence to exiftool's tags.
func (a answer) capture() moment {
	sources := photoTimes
	if a.isVideo() {
		sources = videoTimes
	}
	for _, s := range sources {
		date := a.text(s.date)
		if s.time != "" && a.text(s.time) != "" {
			date += " " + a.text(s.time)
		}
		if text, ok := normal(date, a.text(s.subSec), a.text(s.offset), s.utc); ok {
			return moment{s.date, text}
		}
	}
	return moment{}
}

// timeTags are the tags that make up one capture time.
type timeTags struct {
	date, time, subSec, offset string
	utc                        bool // without an offset it is in UTC
}

var photoTimes = []timeTags{
	{date: "ExifIFD:DateTimeOriginal", subSec: "ExifIFD:SubSecTimeOriginal", offset: "ExifIFD:OffsetTimeOriginal"},
	{date: "IFD0:DateTimeOriginal", subSec: "ExifIFD:SubSecTimeOriginal", offset: "ExifIFD:OffsetTimeOriginal"},
	{date: "ExifIFD:CreateDate", subSec: "ExifIFD:SubSecTimeDigitized", offset: "ExifIFD:OffsetTimeDigitized"},
	{date: "XMP-exif:DateTimeOriginal"},
	{date: "XMP-photoshop:DateCreated"},
	{date: "XMP-xmp:CreateDate"},
	{date: "IPTC:DateCreated", time: "IPTC:TimeCreated"},
	{date: "QuickTime:CreateDate", utc: true},
	{date: "IFD0:ModifyDate", subSec: "ExifIFD:SubSecTime", offset: "ExifIFD:OffsetTime"},
	{date: "GPS:GPSDateStamp", time: "GPS:GPSTimeStamp", utc: true},
}

var videoTimes = []timeTags{
	{date: "Keys:CreationDate"},
	{date: "ItemList:ContentCreateDate"},
	{date: "UserData:DateTimeOriginal"},
	{date: "UserData:ContentCreateDate"},
	{date: "XML:CreationDateValue"},
	{date: "ExifIFD:DateTimeOriginal", subSec: "ExifIFD:SubSecTimeOriginal", offset: "ExifIFD:OffsetTimeOriginal"},
	{date: "XMP-exif:DateTimeOriginal"},
	{date: "H264:DateTimeOriginal"},
	{date: "RIFF:DateTimeOriginal"},
	{date: "Nikon:DateTimeOriginal"},
	{date: "Matroska:DateRecorded"},
	{date: "Matroska:DateTimeOriginal", utc: true},
	{date: "ASF:CreationDate", utc: true},
	{date: "QuickTime:CreateDate", utc: true},
}

// normal makes RFC 3339 of exiftool's date; false if there is no such moment.
func normal(date, subSec, offset string, utc bool) (string, bool) {
	date = strings.TrimSuffix(strings.TrimSpace(date), " DST")
	if len(date) < len("2006:01:02 15:04") {
		return "", false
	}
	clock, rest := date[:16]+":00", date[16:]
	if len(date) >= 19 && date[16] == ':' {
		clock, rest = date[:19], date[19:]
	}
	fraction := ""
	if strings.HasPrefix(rest, ".") {
		n := 1
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		fraction, rest = rest[1:n], rest[n:]
	}
	if isDigits(subSec) {
		fraction = subSec
	}
	// A program pads a short second with a control character: "13:29:\r0".
	t, err := time.Parse("2006:01:02 15:04:05", strings.Replace(clock, ":\r", ":0", 1))
	if err != nil || t.Year() < 1826 {
		return "", false
	}
	text := t.Format("2006-01-02T15:04:05")
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		text += "." + fraction[:min(9, len(fraction))]
	}
	if offset == "" {
		offset = rest
	}
	switch offset = strings.TrimSpace(offset); {
	case offset == "Z", offset == "" && utc, offset == "+00:00":
		return text + "Z", true
	case len(offset) == len("+02:00") && strings.ContainsAny(offset[:1], "+-"):
		return text + offset, true
	}
	return text, true
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
