package media_test

import (
	"fmt"

	"github.com/albumwright/albumwright/internal/media"
)

func ExampleDetect() {
	head := []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")
	found, mismatch, _ := media.Detect("IMG_0001.JPG", head)
	fmt.Println(found.MIME, found.Kind, found.MaxSize)
	fmt.Println(mismatch)
	// Output:
	// image/heic photo 209715200
	// named .JPG, content is HEIC
}
