package auth

import "slices"

// The scopes of the API that still exist, and that are asked for. The wider ones ended on 31 March 2025.
const (
	ScopeAppendOnly = "https://www.googleapis.com/auth/photoslibrary.appendonly"
	ScopeRead       = "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata"
	ScopeEdit       = "https://www.googleapis.com/auth/photoslibrary.edit.appcreateddata"
)

// Scopes are all that are asked for.
func Scopes() []string { return []string{ScopeAppendOnly, ScopeRead, ScopeEdit} }

// Lack is a scope that was not granted, and what does not work without it.
type Lack struct {
	Scope string
	Fails string
}

// Lacks lists the scopes that are missing among those granted.
func Lacks(granted []string) (missing []Lack) {
	for _, l := range []Lack{
		{ScopeAppendOnly, "nothing can be uploaded: import and retry do not work"},
		{ScopeRead, "what was uploaded cannot be read: albums cannot be found again, and import into albums, --confirm, --after, verify --remote and ledger rebuild end with exit code 4"},
		{ScopeEdit, "titles, descriptions and covers of albums and items cannot be changed, and nothing can be taken out of an album; import and verify work"},
	} {
		if !slices.Contains(granted, l.Scope) {
			missing = append(missing, l)
		}
	}
	return missing
}
