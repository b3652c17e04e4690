package ingest

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// mhlHistory is what stands in the ASC MHL history of a folder.
type mhlHistory struct {
	chain mhlChainFile
	last  int             // the highest number of a generation
	paths map[string]bool // that have a hash in one
}

var generation = regexp.MustCompile(`^(\d{4,})_.*\.mhl$`)

// readHistory reads all generations; where there is none, there is no error. A list whose program died before it was in the chain keeps its number.
func readHistory(folder string) (mhlHistory, error) {
	h := mhlHistory{paths: map[string]bool{}}
	there, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	}
	if err == nil {
		h.chain, err = readChain(filepath.Join(folder, mhlChain))
	}
	if err != nil {
		return h, err
	}
	for _, l := range h.chain.Lists {
		h.last = max(h.last, l.Number)
	}
	for _, e := range there {
		if m := generation.FindStringSubmatch(e.Name()); m != nil {
			n, _ := strconv.Atoi(m[1])
			h.last = max(h.last, n)
			if err := h.read(filepath.Join(folder, e.Name())); err != nil {
				return h, err
			}
		}
	}
	return h, nil
}

// read takes in one generation.
func (h *mhlHistory) read(path string) error {
	body, err := os.ReadFile(path)
	var list mhlList
	if err == nil {
		err = xml.Unmarshal(body, &list)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, hash := range list.Hashes {
		h.paths[hash.Path.Path] = true
	}
	return nil
}

// readChain reads a chain file; one that is not there has no links. One that cannot be read is not overwritten.
func readChain(path string) (chain mhlChainFile, err error) {
	body, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return chain, nil
	}
	if err == nil {
		err = xml.Unmarshal(body, &chain)
	}
	if err != nil {
		return chain, fmt.Errorf("%s: %w", path, err)
	}
	chain.XMLName = xml.Name{Local: "ascmhldirectory"}
	return chain, nil
}
