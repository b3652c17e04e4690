package mpeg

import (
	"encoding/binary"

	"github.com/albumwright/albumwright/exif/internal/file"
)

// Transport streams, ISO/IEC 13818-1 sections 2.4.3 and 2.4.4.
const (
	packetSize  = 188
	arrivalSize = 4 // the time of arrival that camcorders put before each packet
	packetHead  = 4
	syncByte    = 0x47

	pidMask     = 0x1fff
	pidPrograms = 0
	pidUnknown  = -1

	flagError   = 0x80 // of the second byte
	flagStart   = 0x40
	flagAdapted = 0x20 // of the fourth
	flagPayload = 0x10
	scrambled   = 0xc0

	tablePrograms = 0
	tableStreams  = 2
	sectionHead   = 8
	checksumSize  = 4

	// Types of streams, table 2-34.
	streamMPEG1 = 0x01
	streamMPEG2 = 0x02
	streamH264  = 0x1b

	// firstPackets are read at once. The tables and the first picture's headers
	// are in them: a camcorder needs seven or eight.
	firstPackets = 10

	// aheadPackets are read at once behind them.
	aheadPackets = 32

	// maxLost bounds the bytes that belong to no packet.
	maxLost = 64 << 10
)

// readTransport takes packets until the video has what it wants.
func readTransport(src *file.Source, before int64, v *video, bad *file.Complaints) {
	size := before + packetSize
	if src.Begin(int(firstPackets*size)) != nil {
		return // the source keeps its error
	}
	src.Ahead(int(aheadPackets * size))
	d := demuxer{video: v, mapPID: pidUnknown, videoPID: pidUnknown}
	lost := int64(0)
	for pos := before; pos < maxStream; pos += size {
		p, err := src.At(pos, packetSize)
		if err != nil {
			return // the end of the file or of what may be read
		}
		if p[0] != syncByte {
			bad.Add("no packet at byte %d", pos)
			next := resync(src, pos, size)
			if lost += next - pos; next < 0 || lost > maxLost {
				return
			}
			pos = next - size
			continue
		}
		if !d.take(p) {
			return
		}
	}
}

// resync finds the next place at which two packets follow each other, within
// the length of some packets; -1 if there is none. Bytes get lost where recordings
// are joined or a tape has a fault.
func resync(src *file.Source, pos, size int64) int64 {
	const reach = 8
	for at := pos + 1; at < pos+reach*size; at++ {
		b, err := src.At(at, int(size)+1)
		if err != nil {
			return -1
		}
		if b[0] == syncByte && b[size] == syncByte {
			return at
		}
	}
	return -1
}

// demuxer picks the packets of the first video stream of the first program.
type demuxer struct {
	video            *video
	mapPID, videoPID int
	started          bool // a packet of the stream was met that begins one
}

// take looks at one packet. It returns false if no more are wanted.
func (d *demuxer) take(p []byte) bool {
	pid := int(binary.BigEndian.Uint16(p[1:]) & pidMask)
	start := p[1]&flagStart != 0
	payload, ok := payloadOf(p)
	switch {
	case !ok:
	case pid == pidPrograms && d.mapPID == pidUnknown && start:
		d.mapPID = mapOf(section(payload, tablePrograms))
	case pid == d.mapPID && d.videoPID == pidUnknown && start:
		if streams := section(payload, tableStreams); streams != nil {
			d.videoPID, d.video.coding = videoOf(streams)
			return d.videoPID != pidUnknown
		}
	case pid == d.videoPID:
		if start {
			d.started = true
			payload = elementary(payload)
		}
		return !d.started || d.video.feed(payload)
	}
	return true
}

// payloadOf cuts off a packet's header and adaptation field.
func payloadOf(p []byte) ([]byte, bool) {
	if p[1]&flagError != 0 || p[3]&scrambled != 0 || p[3]&flagPayload == 0 {
		return nil, false
	}
	from := packetHead
	if p[3]&flagAdapted != 0 {
		from += 1 + int(p[packetHead])
	}
	if from >= len(p) {
		return nil, false
	}
	return p[from:], true
}

// section returns a table, from its first byte, without the checksum; nil if it is
// another table. One that goes on in the next packet is cut short: what is wanted
// comes first.
func section(payload []byte, table byte) []byte {
	from := 1 + int(payload[0]) // pointer_field
	if from+sectionHead > len(payload) || payload[from] != table {
		return nil
	}
	b := payload[from:]
	size := 3 + int(binary.BigEndian.Uint16(b[1:])&0xfff) - checksumSize
	return b[:max(min(size, len(b)), sectionHead)]
}

// mapOf returns the PID of the list of the first program's streams.
func mapOf(programs []byte) int {
	for b := tail(programs, sectionHead); len(b) >= 4; b = b[4:] {
		if program := binary.BigEndian.Uint16(b); program != 0 { // 0 is the network
			return int(binary.BigEndian.Uint16(b[2:]) & pidMask)
		}
	}
	return pidUnknown
}

// videoOf returns the PID of the first video stream whose coding is known.
func videoOf(streams []byte) (int, coding) {
	const head, perStream = 12, 5
	if len(streams) < head {
		return pidUnknown, unknownCoding
	}
	descriptors := int(binary.BigEndian.Uint16(streams[head-2:]) & 0xfff)
	for b := tail(streams, head+descriptors); len(b) >= perStream; {
		pid := int(binary.BigEndian.Uint16(b[1:]) & pidMask)
		switch b[0] {
		case streamMPEG1, streamMPEG2:
			return pid, mpegVideo
		case streamH264:
			return pid, h264
		}
		b = tail(b, perStream+int(binary.BigEndian.Uint16(b[3:])&0xfff))
	}
	return pidUnknown, unknownCoding
}

// elementary cuts off the header of a packet of an elementary stream, 2.4.3.6.
func elementary(b []byte) []byte {
	const fixed = 9
	if len(b) < fixed || b[0] != 0 || b[1] != 0 || b[2] != 1 {
		return nil
	}
	return tail(b, fixed+int(b[fixed-1]))
}

// tail is b without its first n bytes.
func tail(b []byte, n int) []byte { return b[min(n, len(b)):] }
