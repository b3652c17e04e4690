package emulator

import "net/http"

// errBaseURL is contract 12 #33. The page does not repeat the address.
func errBaseURL() *apiError {
	return errFrontEnd(http.StatusForbidden, "Your client does not have permission to get this URL from this server.")
}

// errBaseURLMissing is for what an item has not: a video that is not ready, of a
// photo that does not move (contract 8).
func errBaseURLMissing() *apiError {
	return errFrontEnd(http.StatusNotFound, "The requested URL was not found on this server.")
}

func errBaseURLParameters() *apiError {
	return errFrontEnd(http.StatusBadRequest, "Your client has issued a malformed or illegal request.")
}

func errBaseURLMethod() *apiError {
	e := errFrontEnd(http.StatusMethodNotAllowed, "The request method is inappropriate for the URL.")
	e.header = map[string]string{"Allow": "GET, HEAD"}
	return e
}
