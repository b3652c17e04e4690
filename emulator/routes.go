package emulator

import (
	"net/http"
	"strings"
	"time"
)

// operation is one method of the API, contract 1.1.
type operation struct {
	name     string   // the API's name for it, and its key in Calls
	write    bool     // a JSON write: one at a time for each user
	bare     bool     // of /v1/uploads: errors without the "error" key
	keeps    bool     // bytes that came are kept, also when the rest does not come
	scopes   scopeSet // one of these is needed
	formerly scopeSet // or one of these, in Era2024
	query    []string // query fields that bind, beside the standard ones
	run      func(*Server, *call) (reply, *apiError)
}

// call is one request on its way through an operation.
type call struct {
	r       *http.Request
	id      string      // the path's id, where the operation has one
	granted grant       // what its access token may do in this era
	form    form        // the query fields that bind
	struck  disturbance // what a fault does to it
	overDay bool        // the day's quota was used up before it came
	line    line        // of the log

	spooled *blob    // the body of an upload that had to be known first
	turnOf  *session // the session that it has to itself; nil = none
}

// reply is what an operation returns; one place writes it. Operations never
// touch the ResponseWriter, so that a write is over before its client hears
// of it and sends the next.
type reply struct {
	status int    // 0 = 200
	body   any    // JSON; nil = {}
	kind   string // if text is sent instead of body, its media type
	text   string
	header map[string]string // more headers; nil = none
}

// plainText is the media type of an upload token.
const plainText = "text/plain; charset=utf-8"

// batchCreate is the operation that has rules, and faults, of its own.
const batchCreate = "mediaItems.batchCreate"

// unknownCalls is the key in Calls of requests to no method of the API.
const unknownCalls = "unknown"

// operations is the method table: verb and path template to operation, with
// the scopes that the pages of its method list (contract 1.1). An id in the
// path is a *. Read only.
var operations = map[string]operation{
	"POST uploads": uploading("uploads", (*Server).upload), // raw; see uploadCommands
	"POST albums":  {name: "albums.create", write: true, scopes: mayAppend, formerly: mayAll | mayShare, run: (*Server).createAlbum},
	"GET albums": {
		name: "albums.list", scopes: mayReadOwn, formerly: mayAll | mayRead,
		query: []string{"pageSize", "pageToken", "excludeNonAppCreatedData"}, run: (*Server).listAlbums,
	},
	"GET albums/*": {name: "albums.get", scopes: mayReadOwn, formerly: mayAll | mayRead, run: (*Server).getAlbum},
	"PATCH albums/*": {
		name: "albums.patch", write: true, scopes: mayEditOwn, query: []string{"updateMask"}, run: (*Server).patchAlbum,
	},
	"POST albums/*:addEnrichment": {
		name: "albums.addEnrichment", write: true, scopes: mayAppend | mayEditOwn, formerly: mayAll | mayShare, run: (*Server).addEnrichment,
	},
	"POST albums/*:batchAddMediaItems": {
		name: "albums.batchAddMediaItems", write: true, scopes: mayAppend | mayEditOwn, formerly: mayAll | mayShare, run: (*Server).addMediaItems,
	},
	"POST albums/*:batchRemoveMediaItems": {
		name: "albums.batchRemoveMediaItems", write: true, scopes: mayEditOwn, formerly: mayAll, run: (*Server).removeMediaItems,
	},
	"POST albums/*:share":   {name: "albums.share", write: true, formerly: mayShare, run: (*Server).shareAlbum},
	"POST albums/*:unshare": {name: "albums.unshare", write: true, formerly: mayShare, run: (*Server).unshareAlbum},
	"GET sharedAlbums": {
		name: "sharedAlbums.list", formerly: mayAll | mayRead | mayReadOwn,
		query: []string{"pageSize", "pageToken", "excludeNonAppCreatedData"}, run: (*Server).listSharedAlbums,
	},
	"GET sharedAlbums/*":      {name: "sharedAlbums.get", formerly: mayShare, run: (*Server).getSharedAlbum},
	"POST sharedAlbums:join":  {name: "sharedAlbums.join", write: true, formerly: mayShare, run: (*Server).joinSharedAlbum},
	"POST sharedAlbums:leave": {name: "sharedAlbums.leave", write: true, formerly: mayShare, run: (*Server).leaveSharedAlbum},
	"GET mediaItems": {
		name: "mediaItems.list", scopes: mayReadOwn, formerly: mayAll | mayRead,
		query: []string{"pageSize", "pageToken"}, run: (*Server).listMediaItems,
	},
	"GET mediaItems/*": {name: "mediaItems.get", scopes: mayReadOwn, formerly: mayAll | mayRead, run: (*Server).getMediaItem},
	"PATCH mediaItems/*": {
		name: "mediaItems.patch", write: true, scopes: mayEditOwn, query: []string{"updateMask"}, run: (*Server).patchMediaItem,
	},
	"GET mediaItems:batchGet": {
		name: "mediaItems.batchGet", scopes: mayReadOwn, formerly: mayAll | mayRead,
		query: []string{"mediaItemIds"}, run: (*Server).batchGetMediaItems,
	},
	"POST mediaItems:search":      {name: "mediaItems.search", scopes: mayReadOwn, formerly: mayAll | mayRead, run: (*Server).searchMediaItems},
	"POST mediaItems:batchCreate": {name: batchCreate, write: true, scopes: mayAppend, formerly: mayAll | mayShare, run: (*Server).batchCreateMediaItems},
}

// route finds the operation of a request. The :verb of gRPC transcoding is
// part of the last path segment (contract 1), and an id is one segment.
func route(r *http.Request) (op operation, id string, found bool) {
	template := strings.TrimPrefix(r.URL.Path, "/v1/")
	if collection, rest, ok := strings.Cut(template, "/"); ok {
		var verb string
		id, verb = rest, ""
		if at := strings.LastIndexByte(rest, ':'); at >= 0 {
			id, verb = rest[:at], rest[at:]
		}
		if id == "" || strings.Contains(id, "/") {
			return op, "", false
		}
		template = collection + "/*" + verb
	}
	op, found = operations[r.Method+" "+template]
	if found && op.bare {
		op = uploadOperation(r, op)
	}
	return op, id, found
}

// serveAPI takes one API request from route to answer.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	op, id, found := route(r)
	if !found {
		op = operation{name: unknownCalls, bare: strings.HasPrefix(r.URL.Path, "/v1/uploads")}
	}
	c := &call{r: r, id: id}
	s = s.asked(r)
	c.line = line{operation: op.name, path: shownPath(r.URL.Path, id, found) + shownQuery(r.URL.RawQuery, op.query), counted: quotaRequests}
	answer, r := s.watch(w, r, &c.line)
	c.r = r
	defer s.note(answer)
	s.mu.Lock()
	s.calls[op.name]++
	c.overDay = s.spendRequest()
	s.mu.Unlock()
	defer s.release(c)
	if found {
		if err := s.disturb(op, c); err != nil {
			s.writeError(answer, r, op.bare, err)
			answer.ended = true
			return
		}
	}
	c.line.fault = c.struck.Name
	s.respond(answer, op, c)
	answer.ended = true
}

// answer admits a request, lets the latency pass and runs the operation. A
// write that is admitted is in flight all that time, and no longer when the
// answer is written.
func (s *Server) answer(op operation, c *call) (res reply, err *apiError) {
	if err = s.admit(op, c); err == nil && op.write {
		inFlight := !c.mayBeAbandoned()
		if err = s.beginWrite(op, c, inFlight); err == nil && inFlight {
			defer s.endWrite()
		}
	}
	if !s.wait(c.r) {
		panic(http.ErrAbortHandler) // the client is gone, there is nobody to answer
	}
	if err == nil {
		res, err = op.run(s, c)
	}
	if c.struck.Name == effectSlow {
		if gone := s.linger(c.r, time.Duration(c.struck.Delay)); gone {
			panic(http.ErrAbortHandler)
		}
	}
	return res, err
}

// mayBeAbandoned is a request that a fault makes slow, over a socket. There, a
// client that gives up and sends its next write can be quicker than the news
// that it gave up, and would look like one that sends two at once. So what it
// gave up is not in flight.
func (c *call) mayBeAbandoned() bool {
	_, viaSocket := reached(c.r)
	return viaSocket && c.struck.Name == effectSlow
}

// admit is what stands before any operation, in the order in which the
// service's front end asks it.
func (s *Server) admit(op operation, c *call) (err *apiError) {
	switch {
	case s.isClosed():
		return errClosed()
	case c.r.Method == http.MethodGet && hasBody(c.r):
		return errBodyOnGet()
	case op.run == nil:
		return errNotFound("Method not found.")
	}
	if err := s.permit(op, c); err != nil {
		return err
	}
	if err := s.withinQuota(op, c); err != nil {
		return err
	}
	c.form, err = bindQuery(c.r.URL.Query(), op.query)
	return err
}

// beginWrite keeps the writes of one user apart: all JSON methods that change
// something count, uploads and reads are free (contract 4, "Concurrency"; 12
// #26). A call that finds another in flight is refused. One that is not to be in
// flight itself never is, not even for a moment, and it may come here after the
// write that followed it: that is no breach of its client's.
func (s *Server) beginWrite(op operation, c *call, inFlight bool) *apiError {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writing {
		if inFlight {
			s.violate(c, RuleOneWrite, op.name+" while another write was in flight")
		}
		return errConcurrentWrite()
	}
	s.writing = inFlight
	return nil
}

func (s *Server) endWrite() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writing = false
}

// wait adds the configured latency; false when the client gave up meanwhile.
func (s *Server) wait(r *http.Request) bool {
	if s.config.Latency <= 0 {
		return true
	}
	t := time.NewTimer(s.config.Latency)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// hasBody reports whether the request brings at least one byte.
func hasBody(r *http.Request) bool {
	if r.ContentLength >= 0 || r.Body == nil {
		return r.ContentLength > 0
	}
	n, _ := r.Body.Read(make([]byte, 1))
	return n > 0
}
