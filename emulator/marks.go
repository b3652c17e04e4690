package emulator

// Marks are what the user, or the service's own eyes, say about a media item.
// No API method sets them: see [Server.Mark].
type Marks struct {
	Favorite   bool     `json:"favorite,omitempty"`
	Archived   bool     `json:"archived,omitempty"`
	Trashed    bool     `json:"trashed,omitempty"`    // by the user; not listed, and no item of an album
	Foreign    bool     `json:"foreign,omitempty"`    // not created by this app: today it does not exist for it
	Undated    bool     `json:"undated,omitempty"`    // without a capture date: no date filter matches it
	Failed     bool     `json:"failed,omitempty"`     // a video whose processing fails
	Categories []string `json:"categories,omitempty"` // ContentCategory names, such as "PETS"
}
