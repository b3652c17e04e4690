package tiff

import (
	"fmt"
	"strings"

	"github.com/albumwright/albumwright/exif/internal/claim"
)

// apple claims what a photo has in common with others: the video of a Live
// Photo, the photos of a burst.
func (n note) apple(to *claim.Set) {
	const tagBurstUUID, tagContentIdentifier = 0x000b, 0x0011
	entries := n.read(tagBurstUUID, tagContentIdentifier)
	claim.AddText(&to.Bursts, claim.MakerNote, text(entries, tagBurstUUID))
	claim.AddText(&to.ContentIDs, claim.MakerNote, text(entries, tagContentIdentifier))
}

// nikon claims the zone and the serial number. The zone is that of winter, with
// a flag for summer time beside it.
func (n note) nikon(to *claim.Set) {
	const (
		tagSerialNumber    = 0x001d
		tagOldSerialNumber = 0x00a0 // of cameras before 2006
		tagWorldTime       = 0x0024 // minutes in two bytes, the flag, a form of dates
		summer             = 60
	)
	if !n.zone && !n.serial {
		return
	}
	entries := n.read(tagSerialNumber, tagOldSerialNumber, tagWorldTime)
	if n.serial {
		claim.AddText(&to.Serials, claim.MakerNote, text(entries, tagSerialNumber))
		claim.AddText(&to.Serials, claim.MakerNote, text(entries, tagOldSerialNumber))
	}
	if e, _ := find(entries, tagWorldTime); n.zone && len(e.value) >= 3 && e.value[2] <= 1 {
		addZone(to, int(int16(n.order.Uint16(e.value)))+int(e.value[2])*summer)
	}
}

// canon claims the zone and the serial number. The zone has summer time in it:
// of a photo from New York in June it says -4 hours. Without a city it is only
// believed if it is set to something.
func (n note) canon(to *claim.Set) {
	const (
		tagSerialNumber = 0x000c
		tagTimeInfo     = 0x0035 // its size in bytes, minutes, city, summer time
		timeInfoSize    = 16
		noCity          = 0
		cityNotSet      = 32766
	)
	if !n.zone && !n.serial {
		return
	}
	entries := n.read(tagSerialNumber, tagTimeInfo)
	if serial := n.directories.first(entries, tagSerialNumber); n.serial && serial != 0 {
		claim.AddText(&to.Serials, claim.MakerNote, canonSerial(serial, n.model))
	}
	e, _ := find(entries, tagTimeInfo)
	if !n.zone || len(e.value) < timeInfoSize || n.order.Uint32(e.value) != timeInfoSize {
		return
	}
	minutes, city := int(int32(n.order.Uint32(e.value[4:]))), n.order.Uint32(e.value[8:])
	if minutes != 0 || city != noCity && city != cityNotSet {
		addZone(to, minutes)
	}
}

// canonSerial writes a serial number as it stands on the camera.
func canonSerial(serial int64, model string) string {
	switch {
	case strings.Contains(model, "EOS D30"):
		return fmt.Sprintf("%04x%05d", serial>>16, serial&0xffff)
	case strings.Contains(model, "EOS-1D"):
		return fmt.Sprintf("%06d", serial)
	}
	return fmt.Sprintf("%010d", serial)
}

// olympus claims the serial number, which stands in the directory of the
// equipment, or, in the first models, in the note itself.
func (n note) olympus(to *claim.Set) {
	const (
		tagEquipment       = 0x2010
		tagSerialNumber    = 0x0101 // of the equipment
		tagOldSerialNumber = 0x101a
		typeUndefined      = 7 // the equipment itself, whose first byte is its directory's
	)
	if !n.serial {
		return
	}
	entries := n.directories.read(n.first, func(tag uint16) int {
		switch tag {
		case tagEquipment:
			return placeOnly
		case tagOldSerialNumber:
			return maxSmall
		}
		return 0
	})
	claim.AddText(&to.Serials, claim.MakerNote, text(entries, tagOldSerialNumber))
	e, ok := find(entries, tagEquipment)
	if !ok {
		return
	}
	if n.first = e.place.Off; e.kind != typeUndefined {
		b, err := n.block.At(e.place.Off, 4)
		if err != nil {
			return
		}
		n.first = int64(n.order.Uint32(b))
	}
	claim.AddText(&to.Serials, claim.MakerNote, text(n.read(tagSerialNumber), tagSerialNumber))
}

// pentax claims the serial number.
func (n note) pentax(to *claim.Set) {
	const tagSerialNumber = 0x0229
	if n.serial {
		claim.AddText(&to.Serials, claim.MakerNote, text(n.read(tagSerialNumber), tagSerialNumber))
	}
}
