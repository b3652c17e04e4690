package emulator

import (
	"net/http"
	"strings"
)

// refusedToken is the one refusal that can name an entry.
const refusedToken = "400-token"

// refusals are the service's own refusals that a fault can bring about, by
// name, with the verbatim texts of contract 2.2, 2.3 and 6 where they are
// known. Read only.
var refusals = map[string]func(operation) *apiError{
	"400-upload-quota":     func(operation) *apiError { return errUploadQuota() },
	refusedToken:           func(operation) *apiError { return errInvalid(textNoToken) },
	"400-album-permission": func(operation) *apiError { return errInvalid("No permission to add media items to this album.") },
	"400-album-id":         func(operation) *apiError { return errInvalid("Invalid album ID.") },
	"400-storage":          func(operation) *apiError { return errStorageFull() },
	"401":                  func(operation) *apiError { return errBadCredential() },
	"401-upload":           func(operation) *apiError { return errNoUploadSession() },
	"403-scope":            errNoScope,
	"403-disabled":         func(operation) *apiError { return errForbidden("Google Photos is disabled for the user") },
	"403-permission":       func(operation) *apiError { return errForbidden("The caller does not have permission") },
	"404-album":            func(operation) *apiError { return errNoSuchAlbum() },
	"408": func(operation) *apiError { // no text is known
		return &apiError{http: http.StatusRequestTimeout, rpc: 4, status: "DEADLINE_EXCEEDED", message: "Request Timeout"}
	},
	"409": func(operation) *apiError {
		return &apiError{http: http.StatusConflict, rpc: 10, status: "ABORTED", message: "The operation was aborted."}
	},
	"413":            func(operation) *apiError { return errTooLargeToUpload() },
	"429-minute":     func(operation) *apiError { return errQuota(writesPerMinute) },
	"429-minute-old": func(operation) *apiError { return errQuotaOld(writesPerMinute) },
	"429-concurrent": func(operation) *apiError { return errConcurrentWrite() },
	"429-day":        func(operation) *apiError { return errQuota(callsPerDay) },
	"429-day-old":    func(operation) *apiError { return errQuotaOld(callsPerDay) },
	"500": func(operation) *apiError {
		e := &apiError{http: http.StatusInternalServerError, rpc: 13, status: "INTERNAL", message: "Internal error encountered."}
		return e.because("backendError")
	},
	"502-html": func(operation) *apiError { return errBadGateway() },
	"503":      func(operation) *apiError { return errClosed() },
}

// quota is one of the limits of contract 6, in the words of both ages.
type quota struct {
	metric, limit       string // as people read them
	metricID, limitName string
	value               string
}

var (
	writesPerMinute = quota{
		metric: "Write requests", limit: "Write requests per minute per user",
		metricID: "photoslibrary.googleapis.com/write_requests", limitName: "WritesPerMinutePerUser", value: "30",
	}
	callsPerDay = quota{
		metric: "All requests", limit: "All requests per day",
		metricID: "photoslibrary.googleapis.com/all_requests", limitName: "ApiCallsPerProjectPerDay", value: "10000",
	}
)

// consumer is the Cloud project in the texts, as it was seen (contract 6).
const consumer = "844831818923"

func (q quota) exceeded(metric, limit string) *apiError {
	return &apiError{
		http: http.StatusTooManyRequests, rpc: 8, status: "RESOURCE_EXHAUSTED",
		message: "Quota exceeded for quota metric '" + metric + "' and limit '" + limit +
			"' of service 'photoslibrary.googleapis.com' for consumer 'project_number:" + consumer + "'.",
	}
}

// errQuotaOld is the wording of 2019: raw names and no details (contract 6).
func errQuotaOld(q quota) *apiError { return q.exceeded(q.metricID, q.limitName) }

// errQuota is today's wording; the quota's name is in the details (contract 6).
func errQuota(q quota) *apiError {
	e := q.exceeded(q.metric, q.limit).because("rateLimitExceeded")
	e.details = []any{
		errorInfo{
			Type: "type.googleapis.com/google.rpc.ErrorInfo", Reason: "RATE_LIMIT_EXCEEDED", Domain: "googleapis.com",
			Metadata: map[string]string{
				"service": "photoslibrary.googleapis.com", "consumer": "projects/" + consumer,
				"quota_limit": q.limitName, "quota_limit_value": q.value, "quota_location": "global", "quota_metric": q.metricID,
			},
		},
		map[string]any{
			"@type": "type.googleapis.com/google.rpc.Help",
			"links": []map[string]string{{
				"description": "Request a higher quota limit.",
				"url":         "https://cloud.google.com/docs/quota#requesting_higher_quota",
			}},
		},
	}
	return e
}

// errorInfo is the detail google.rpc.ErrorInfo.
type errorInfo struct {
	Type     string            `json:"@type"`
	Reason   string            `json:"reason"`
	Domain   string            `json:"domain"`
	Metadata map[string]string `json:"metadata"`
}

// errUploadQuota is a rate limit that came as a 400 (contract 0 #12, 2.2).
func errUploadQuota() *apiError {
	return errInvalid("Insufficient tokens for quota 'photoslibrary.googleapis.com/upload_requests' and limit 'UploadsPerMinute' " +
		"of service 'photoslibrary.googleapis.com' for consumer 'project_number:" + consumer + "'.")
}

func errForbidden(message string) *apiError {
	return &apiError{http: http.StatusForbidden, rpc: 7, status: "PERMISSION_DENIED", message: message}
}

// errNoScope is contract 2.3; the method in it is the rpc's name.
func errNoScope(op operation) *apiError {
	e := errForbidden("Request had insufficient authentication scopes.")
	e.details = []any{errorInfo{
		Type: "type.googleapis.com/google.rpc.ErrorInfo", Reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT", Domain: "googleapis.com",
		Metadata: map[string]string{
			"service": "photoslibrary.googleapis.com",
			"method":  "google.photos.library.v1.PhotosLibrary." + rpcName(op.name),
		},
	}}
	return e
}

// rpcNames are the rpcs whose names do not follow from their method's. Read
// only.
var rpcNames = map[string]string{
	"albums.patch":                 "UpdateAlbum",
	"albums.addEnrichment":         "AddEnrichmentToAlbum",
	"albums.batchAddMediaItems":    "BatchAddMediaItemsToAlbum",
	"albums.batchRemoveMediaItems": "BatchRemoveMediaItemsFromAlbum",
	"albums.share":                 "ShareAlbum",
	"albums.unshare":               "UnshareAlbum",
	"sharedAlbums.join":            "JoinSharedAlbum",
	"sharedAlbums.leave":           "LeaveSharedAlbum",
	"mediaItems.patch":             "UpdateMediaItem",
}

// rpcName is the proto's name of a method: albums.list is ListAlbums,
// mediaItems.batchCreate is BatchCreateMediaItems.
func rpcName(operation string) string {
	if name, found := rpcNames[operation]; found {
		return name
	}
	collection, verb, _ := strings.Cut(operation, ".")
	if verb == "get" || verb == "create" { // of one thing
		collection = strings.TrimSuffix(collection, "s")
	}
	return capital(verb) + capital(collection)
}

func capital(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// errBadGateway is a front end that lost the service behind it.
func errBadGateway() *apiError {
	return &apiError{
		http: http.StatusBadGateway, rpc: 14, status: "UNAVAILABLE", message: "Bad Gateway",
		page: "<!DOCTYPE html>\n<html lang=en>\n<title>Error 502 (Server Error)!!1</title>\n" +
			"<p><b>502.</b> <ins>That’s an error.</ins>\n" +
			"<p>The server encountered a temporary error and could not complete your request.\n" +
			"<p>Please try again in 30 seconds. <ins>That’s all we know.</ins>\n",
	}
}
