package xmp

import "strconv"

// Video is what a packet says of a video that is part of its still.
type Video struct {
	// Said tells whether the packet calls its still a motion photo.
	Said bool

	// FromEnd has the places where the video may begin, in bytes before the end
	// of the file. It is empty if the packet does not say.
	FromEnd []int64
}

// appended is one thing in a file, by the directory of the Motion Photo format:
// the still, and what comes after it, in the order of the file.
type appended struct {
	semantic        string
	length, padding int64 // in bytes; the padding comes behind the thing
}

func (a *appended) set(p property, text string) {
	switch p {
	case itemSemantic:
		a.semantic = text
	case itemLength:
		a.length = size(text)
	case itemPadding:
		a.padding = size(text)
	}
}

func isItems(p property) bool { return p >= itemSemantic }

// size reads a number of bytes; nonsense is none, and so is more than any file.
func size(text string) int64 {
	const most = 1 << 48
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > most {
		return 0
	}
	return n
}

// video finds what is said in the two formats that there are: MicroVideo, which
// counts from the file's end, and Motion Photo 1.0, which has a directory. The
// file may say both, or zero: then it was one once.
func (w *walker) video() Video {
	if w.text(motionPhoto) == "0" {
		return Video{}
	}
	v := Video{Said: w.text(motionPhoto) == "1" || w.text(microVideo) == "1"}
	if at := size(w.text(microVideoOffset)); at > 0 {
		v.FromEnd = append(v.FromEnd, at)
	}
	at := int64(0)
	for i := len(w.items) - 1; i >= 0; i-- {
		at += w.items[i].length + w.items[i].padding
		if w.items[i].semantic == "MotionPhoto" && at > 0 {
			v.Said = true
			v.FromEnd = append(v.FromEnd, at)
			break
		}
	}
	return v
}
