package exif

import "strings"

// isFiller reports whether a description is empty or was put there by a camera
// or an editor. Almost half of the descriptions in photos straight from a camera
// are; nobody wants "OLYMPUS DIGITAL CAMERA" under every picture.
func isFiller(s, maker, model string) bool {
	low := strings.ToLower(strings.Join(strings.Fields(s), " "))
	switch low {
	case "", strings.ToLower(maker), strings.ToLower(model), strings.ToLower(maker + " " + model):
		return true
	case "digital camera", "digital still camera", "digital stillcamera", "digital image", "minolta dsc", "sony dsc",
		"dcf 1.0", "exif jpeg", "exif_jpeg_picture", "exif_jpeg_t422", "jpeg", "applemark", "screenshot",
		"untitled", "default", "default description", "user comments", "no comment", "picasa":
		return true
	}
	return strings.Trim(low, "-_.?*#0 ") == "" ||
		isCameraName(low, strings.ToLower(maker)) || isPhoneMode(low, strings.ToLower(maker)) || isProgramText(low)
}

// isPhoneMode tells what phones write about the mode of their camera: "oplus_32"
// of Oppo's, OnePlus' and Realme's, and the short words of Huawei's and Honor's.
func isPhoneMode(low, maker string) bool {
	if number, ok := strings.CutPrefix(low, "oplus_"); ok && strings.Trim(number, "0123456789") == "" {
		return true
	}
	if maker != "huawei" && maker != "honor" {
		return false
	}
	mode, _, _ := strings.Cut(low, "_") // a style may follow: "cof_vivid"
	switch mode {
	case "btf", "btr", "cof", "dav", "edf", "fbt", "fznor", "hbs", "hdr", "hdrpl", "jrdav", "mde", "nor", "ozedf", "oznor", "ptr", "rhdr", "rpt", "sdr":
		return true
	}
	return false
}

// isCameraName tells "MAKER DIGITAL CAMERA" and Samsung's
// "<KENOX S730 / Samsung S730>"; low and maker are in lower case.
func isCameraName(low, maker string) bool {
	if strings.HasPrefix(low, "<") && strings.HasSuffix(low, ">") && strings.Contains(low, "samsung") {
		return true
	}
	name, ok := strings.CutSuffix(low, " digital camera")
	if !ok {
		name, ok = strings.CutSuffix(low, " digital still camera")
	}
	if !ok {
		return false
	}
	if first, _, _ := strings.Cut(maker, " "); first != "" && strings.HasPrefix(name, first) {
		return true
	}
	switch name {
	case "aiptek", "benq", "canon", "casio", "fujifilm", "ge", "hp", "jenoptik", "kodak", "konica", "konica minolta",
		"kyocera", "leica", "medion", "minolta", "nikon", "olympus", "panasonic", "pentax", "polaroid", "praktica",
		"ricoh", "rollei", "samsung", "sanyo", "sigma", "sony", "toshiba", "vivitar":
		return true
	}
	return false
}

// isProgramText tells what programs write about themselves, and their data.
func isProgramText(low string) bool {
	for _, prefix := range []string{
		"adobe photoshop", "file written by adobe photoshop", "created with gimp", "created with the gimp",
		"lead technologies", "creator: gd-jpeg", "processed with", "edited with", "ascii\x00", "charset=", "this is usercomment. tag",
		"filter: 0; fileterintensity:", // of vivo's and Oppo's phones, with their spelling
		"{\"", "<?xml", "<x:xmpmeta",
	} {
		if strings.HasPrefix(low, prefix) {
			return true
		}
	}
	// GoPro writes the path on its card.
	return strings.HasPrefix(low, `dcim\`) || strings.HasPrefix(low, "dcim/")
}
