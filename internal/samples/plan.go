package samples

import (
	"image"
	"time"

	"github.com/albumwright/albumwright/internal/fixture"
)

// shot is one photo to be made.
type shot struct {
	name  string
	scene func() image.Image
	facts fixture.Spec

	named    time.Time // the date in the name of a photo without EXIF
	modified time.Time // the modification time, if it is all there is

	copyAs   string // a second file with the same bytes
	brokenAs string // a second file that is cut short
}

// folderPlan is a folder with its shots in the order in which they were taken.
type folderPlan struct {
	path  string
	shots []shot
}

// plan lists the folders by path.
func plan() []folderPlan {
	return []folderPlan{
		{"2024-05-18 Harbour walk", harbourWalk()},
		{"2024-07-06 Mountain hut", mountainHut()},
		{"Family/Birthday", birthday()},
		{"Garden", garden()},
	}
}

// clock is a wall clock of 2024.
func clock(month time.Month, day, hour, minute, second int) time.Time {
	return time.Date(2024, month, day, hour, minute, second, 0, time.UTC)
}

// camera is what the larger of the two cameras writes: fractions of a second,
// but neither a zone nor a place.
func camera(at time.Time, subSec, description string) fixture.Spec {
	return fixture.Spec{
		Captured: at, SubSec: subSec, Digitized: at, Modified: at,
		Make: "Aldermere", Model: "Aldermere Field 40", Serial: "A40-000123", Orientation: 1,
		Description: description, BigEndian: true,
	}
}

// phone writes the zone, summer time of central Europe, and the place.
func phone(at time.Time, lat, lon float64, description string) fixture.Spec {
	return fixture.Spec{
		Captured: at, SubSec: "120", Offset: "+02:00", Modified: at, ModifiedOffset: "+02:00",
		GPSTime: at.Add(-2 * time.Hour), Lat: fixture.Degrees(lat), Lon: fixture.Degrees(lon),
		Make: "Tindra", Model: "Tindra Phone 6", Orientation: 1, Description: description,
	}
}

// harbourWalk: the camera's counter rolls over from 9999 to 0001 on the way.
func harbourWalk() []shot {
	const may = time.May
	return []shot{
		{name: "DSC_9996.jpg", scene: harbourDawn,
			facts: camera(clock(may, 18, 5, 12, 40), "31", "First light. Nobody else was up.")},
		{name: "IMG_20240518_090311.jpg", scene: lighthouse,
			facts: phone(clock(may, 18, 9, 3, 11), 60.401873, 5.304127, "The lighthouse at the end of the mole")},
		{name: "DSC_9998.jpg", scene: regatta, brokenAs: "DSC_9997.jpg",
			facts: camera(clock(may, 18, 10, 41, 5), "77", "")},
		{name: "IMG_20240518_122059.jpg", scene: wharfHouses,
			facts: phone(clock(may, 18, 12, 20, 59), 60.397541, 5.322863, "Lunch in the yellow one: fish soup, Käsekuchen.")},
		{name: "DSC_9999.jpg", scene: gullsOverThePier,
			facts: camera(clock(may, 18, 16, 5, 30), "04", "")},
		{name: "DSC_0001.jpg", scene: harbourSunset,
			facts: camera(clock(may, 18, 21, 38, 12), "50", sunsetStory)},
		{name: "DSC_0002.jpg", scene: blueHour,
			facts: camera(clock(may, 18, 22, 20, 47), "93", "The blue hour, leaning on a bollard")},
	}
}

// sunsetStory is longer than the 1,000 characters that the service takes.
const sunsetStory = "We had almost given up on the sunset. All afternoon a bank of cloud had been standing in the west like a wall, " +
	"and by eight o'clock the wind was cold enough that the others went back to the guest house for soup. I stayed, mostly " +
	"because I had carried the tripod the whole way and did not want to have carried it for nothing. At half past nine the " +
	"cloud lifted by about the width of a finger. That was all it took: the light came in under it, flat over the water, and " +
	"within a minute the whole harbour was the colour of apricots. The boat came out of nowhere. I found out later that it " +
	"belongs to the man who runs the chandlery, that it is older than he is, and that he takes it out on every evening on " +
	"which there is any wind at all. He saw the camera, and I swear that he put the helm over on purpose, so that he crossed " +
	"the path of the sun exactly once. I have eleven pictures of it and ten of them are blurred. This is the other one. When I " +
	"got back the soup was gone, but there was bread, and nobody believed me about the light until they saw this on the small " +
	"screen. Next year we come in June, and nobody leaves before ten."

// mountainHut: two shots within one second, whose names sort the other way
// round, and one that is stored on its side.
func mountainHut() []shot {
	const july = time.July
	meadow := camera(clock(july, 6, 14, 2, 33), "60", "")
	meadow.Orientation = onItsSide
	return []shot{
		{name: "IMG_20240706_063100.jpg", scene: morningHaze,
			facts: phone(clock(july, 6, 6, 31, 0), 46.577318, 7.985204, "Seven ridges. We counted.")},
		{name: "DSC_0120.jpg", scene: hutWithSmoke,
			facts: camera(clock(july, 6, 9, 15, 22), "08", "Coffee on the bench in front of the hut")},
		{name: "IMG_20240706_114809.jpg", scene: mountainLake,
			facts: phone(clock(july, 6, 11, 48, 9), 46.569902, 7.998741, "")},
		{name: "DSC_0124.jpg", scene: flowerMeadow, facts: meadow},
		{name: "alpenglow start.jpg", scene: alpenglowFirst,
			facts: camera(clock(july, 6, 21, 7, 44), "10", "")},
		{name: "alpenglow end.jpg", scene: alpenglowSecond,
			facts: camera(clock(july, 6, 21, 7, 44), "60", "Half a second later")},
		{name: "DSC_0140.jpg", scene: starsOverTheHut,
			facts: camera(clock(july, 6, 23, 52, 10), "00", "Half a minute of exposure: that band is the Milky Way.")},
	}
}

// birthday: the first photo came by a messenger, which took its EXIF out; only
// the name still has a date, so it stands at midnight.
func birthday() []shot {
	const august = time.August
	return []shot{
		{name: "IMG-20240824-WA0007.jpg", scene: balloons, named: clock(august, 24, 0, 0, 0)},
		{name: "DSC_0409.jpg", scene: bunting,
			facts: camera(clock(august, 24, 14, 30, 12), "22", "")},
		{name: "IMG_20240824_160245.jpg", scene: cake,
			facts: phone(clock(august, 24, 16, 2, 45), 47.377210, 8.541693, "Seven candles, one breath")},
		{name: "DSC_0401.jpg", scene: lanterns,
			facts: camera(clock(august, 24, 21, 15, 8), "40", "")},
		{name: "DSC_0402.jpg", scene: fireworks,
			facts: camera(clock(august, 24, 22, 30, 0), "91", "The neighbours had some left over.")},
	}
}

// garden: a season, with a scan that has no date but that of its file, and a
// copy of the best shot.
func garden() []shot {
	return []shot{
		{name: "DSC_0044.jpg", scene: tulips,
			facts: camera(clock(time.April, 21, 10, 15, 3), "15", "")},
		{name: "IMG_20240530_182041.jpg", scene: daisies,
			facts: phone(clock(time.May, 30, 18, 20, 41), 47.376902, 8.541225, "")},
		{name: "DSC_0101.jpg", scene: poppies,
			facts: camera(clock(time.June, 15, 11, 2, 19), "70", "The field behind the fence")},
		{name: "beds.jpg", scene: theBeds, modified: clock(time.July, 20, 12, 0, 0)},
		{name: "DSC_0305.jpg", scene: sunflower, copyAs: "DSC_0305_copy.jpg",
			facts: camera(clock(time.August, 3, 17, 44, 51), "36", "Taller than me")},
	}
}
