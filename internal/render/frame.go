package render

import "image"

// Frame is what a picture has to fit into, in pixels. A side of 0 is no bound. No
// picture is enlarged.
type Frame struct {
	W, H int

	// Crop cuts the middle out of a picture that is scaled down no further than
	// until it fills the frame; W and H are set. One that is smaller than the frame
	// keeps its size, and one that is narrower or lower keeps that side.
	Crop bool
}

// Fit is the size of what is seen of a picture of w by h pixels in the frame.
func (f Frame) Fit(w, h int) (int, int) {
	_, _, cw, ch := f.plan(w, h)
	return cw, ch
}

// plan is the size to which a picture is scaled, and of what is kept of it.
func (f Frame) plan(w, h int) (sw, sh, cw, ch int) {
	fw, fh := f.W, f.H
	if fw == 0 {
		fw = w
	}
	if fh == 0 {
		fh = h
	}
	wider := w*fh > h*fw // than the frame
	sw, sh = w, h
	switch {
	case w <= fw && h <= fh:
	case wider != f.Crop && w > fw: // the width is what has to fit, or what has to fill
		sw, sh = fw, max(1, h*fw/w)
	case wider == f.Crop && h > fh:
		sw, sh = max(1, w*fh/h), fh
	}
	return sw, sh, min(sw, fw), min(sh, fh)
}

// part is the rectangle of a picture that is kept of it.
func (f Frame) part(of image.Rectangle) image.Rectangle {
	w, h := of.Dx(), of.Dy()
	sw, sh, cw, ch := f.plan(w, h)
	pw, ph := max(1, w*cw/sw), max(1, h*ch/sh)
	at := of.Min.Add(image.Pt((w-pw)/2, (h-ph)/2))
	return image.Rectangle{at, at.Add(image.Pt(pw, ph))}
}
