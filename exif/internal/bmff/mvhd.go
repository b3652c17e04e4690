package bmff

import (
	"time"

	"github.com/albumwright/albumwright/exif/internal/file"
)

// MovieHeader is what the mvhd box tells of a whole movie. A zero field is one
// that the box leaves open.
type MovieHeader struct {
	Created  time.Time // in UTC, as the standard has it; many cameras write their local time
	Scale    uint32    // so many units are a second, here and in the boxes of tracks
	Duration time.Duration
}

// ReadMovieHeader reads the body of an mvhd box, ISO/IEC 14496-12 section
// 8.2.2. Its error is that of a body cut short.
func ReadMovieHeader(body file.Block) (MovieHeader, error) {
	f := Fields{Body: body}
	version, _ := f.Full()
	width := 4 // bytes of the times and of the duration
	if version == 1 {
		width = 8
	}
	created := f.Uint(width)
	f.Uint(width) // the time of the last change
	scale, duration := uint32(f.Uint(4)), f.Uint(width)
	if f.Err != nil {
		return MovieHeader{}, f.Err
	}
	h := MovieHeader{Scale: scale}
	unknown := uint64(1)<<(8*width) - 1
	if created != unknown {
		h.Created = Time(created)
	}
	if duration != unknown {
		h.Duration = Duration(duration, scale)
	}
	return h, nil
}

// Time makes a moment of seconds since the beginning of 1904 in UTC, which is
// how all these boxes count. Careless writers count from 1970: their numbers,
// which would be from before 1970, are taken for what they are if that gives a
// time since these formats exist. It is the zero Time for what no clock can have
// said: nothing at all, the day from which a clock that was never set counts,
// and what is behind the year 9999.
func Time(seconds uint64) time.Time {
	const (
		unixEpoch = 2_082_844_800 // of 1904: 66 years, 17 of them leap years
		firstDay  = 24 * 60 * 60
		born      = 631_152_000     // of 1970: 1990, QuickTime is of 1991
		year10000 = 253_402_300_800 // of 1970
	)
	switch {
	case seconds >= born && seconds < unixEpoch:
		return time.Unix(int64(seconds), 0).UTC()
	case seconds < unixEpoch+firstDay || seconds >= unixEpoch+year10000:
		return time.Time{}
	}
	return time.Unix(int64(seconds-unixEpoch), 0).UTC()
}

// Duration is a number of units, of which scale make a second; zero if the two
// make no sense together, or no video is that long.
func Duration(units uint64, scale uint32) time.Duration {
	const century = 100 * 365 * 24 * 60 * 60 // seconds; a time.Duration holds 292 years
	if scale == 0 || units/uint64(scale) > century {
		return 0
	}
	whole, rest := units/uint64(scale), units%uint64(scale)
	return time.Duration(whole)*time.Second + time.Duration(rest)*time.Second/time.Duration(scale)
}
