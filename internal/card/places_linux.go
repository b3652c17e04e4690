package card

import (
	"os"
	"path/filepath"
)

// mountPlaces are where desktops mount what is plugged in: by user, or for all.
func mountPlaces() []string {
	places := []string{"/media", "/run/media", "/mnt"}
	for _, parent := range []string{"/media", "/run/media"} {
		users, _ := os.ReadDir(parent) // nobody's, if there is none
		for _, u := range users {
			if u.IsDir() {
				places = append(places, filepath.Join(parent, u.Name()))
			}
		}
	}
	return places
}
