package photos_test

import (
	"testing"
	"time"

	"github.com/albumwright/albumwright/photos"
)

func TestABaseURLSaysWhatIsWanted(t *testing.T) {
	const u = photos.BaseURL("https://lh3.example/p/AF")
	give := func(address string, err error) string {
		if err != nil {
			return "refused"
		}
		return address
	}
	for _, tc := range []struct{ name, got, want string }{
		{"to fit", give(u.Fit(2048, 1024)), "https://lh3.example/p/AF=w2048-h1024"},
		{"the smallest", give(u.Fit(1, 1)), "https://lh3.example/p/AF=w1-h1"},
		{"the largest", give(u.Fit(16383, 16383)), "https://lh3.example/p/AF=w16383-h16383"},
		{"no width", give(u.Fit(0, 1)), "refused"},
		{"no height", give(u.Fit(1, 0)), "refused"},
		{"a negative width", give(u.Crop(-1, 1)), "refused"},
		{"too wide", give(u.Fit(16384, 1)), "refused"},
		{"too high", give(u.Crop(1, 16384)), "refused"},
		{"cut", give(u.Crop(256, 256)), "https://lh3.example/p/AF=w256-h256-c"},
		{"without a button", give(u.Still(1280, 720)), "https://lh3.example/p/AF=w1280-h720-no"},
		{"too high for a still", give(u.Still(1, 16384)), "refused"},
		{"whole", give(u.Download()), "https://lh3.example/p/AF=d"},
		{"the video", give(u.Video()), "https://lh3.example/p/AF=dv"},
		{"none, to fit", give(photos.BaseURL("").Fit(1, 1)), "refused"},
		{"none, whole", give(photos.BaseURL("").Download()), "refused"},
		{"none, the video", give(photos.BaseURL("").Video()), "refused"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, tc.got, tc.want)
		}
	}
}

func TestAnExposureIsADuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0.016666667s": 16666667 * time.Nanosecond, "30s": 30 * time.Second, "0.000125s": 125 * time.Microsecond,
		"": 0, "1/60": 0, "-1s": 0, "30": 0,
	} {
		if got := (photos.Photo{ExposureTime: text}).Exposure(); got != want {
			t.Errorf("exposure of %q is %v, want %v", text, got, want)
		}
	}
}
