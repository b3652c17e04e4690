package confirm_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/confirm"
	"github.com/albumwright/albumwright/internal/retry"
	"github.com/albumwright/albumwright/photos"
)

// service answers by what an id begins with. One call with a bad id fails as a whole, as the service has been seen to do.
type service struct{ asked [][]string }

func (s *service) BatchGet(_ context.Context, ids []string) (out []photos.MediaItemResult, err error) {
	s.asked = append(s.asked, ids)
	for _, id := range ids {
		item := &photos.MediaItem{ID: id}
		switch id[0] {
		case 'b':
			return nil, &photos.Error{Op: "mediaItems.batchGet", Status: http.StatusInternalServerError, Code: photos.CodeInternal}
		case 'd':
			return nil, &photos.Error{Op: "mediaItems.batchGet", Status: http.StatusServiceUnavailable, Code: photos.CodeUnavailable}
		case 'g':
			out = append(out, photos.MediaItemResult{Status: photos.Status{Code: photos.CodeInvalidArgument, Message: "Invalid media item ID."}})
			continue
		case 'p':
			item.MediaMetadata.Video = &photos.Video{Status: photos.VideoProcessing}
		case 'f':
			item.MediaMetadata.Video = &photos.Video{Status: photos.VideoFailed}
		case 'v':
			item.MediaMetadata.Video = &photos.Video{Status: photos.VideoReady}
		case 'u':
			item.MediaMetadata.Video = &photos.Video{} // UNSPECIFIED, which is left out
		case 'o':
			item.ID = "another"
		}
		out = append(out, photos.MediaItemResult{MediaItem: item})
	}
	return out, nil
}

func TestEachItemHasItsAnswer(t *testing.T) {
	s := &service{}
	got, err := confirm.Items(t.Context(), s, []string{"photo", "v", "p", "f", "gone", "other", "a", "v", "a", "u"})
	want := map[string]confirm.Answer{
		"a": confirm.Confirmed, "v": confirm.Confirmed, "photo": confirm.Processing, "p": confirm.Processing, "f": confirm.Broken, "gone": confirm.Gone,
		"other": confirm.Unanswered, "u": confirm.Processing,
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("answers (-want +got), %v:\n%s", err, diff)
	}
	if len(s.asked) != 1 {
		t.Errorf("%d requests for 8 different ids", len(s.asked))
	}
}

func TestFiftyFitIntoARequest(t *testing.T) {
	var ids []string
	for i := range 101 {
		ids = append(ids, fmt.Sprint("a", i))
	}
	s := &service{}
	got, err := confirm.Items(t.Context(), s, ids)
	if err != nil || len(got) != 101 || len(s.asked) != 3 || len(s.asked[0]) != 50 || len(s.asked[2]) != 1 {
		t.Errorf("%d answers in %d requests, %v", len(got), len(s.asked), err)
	}
}

func TestOneBadIDDoesNotHideTheOthers(t *testing.T) {
	ids := []string{"bad"}
	for i := range 49 {
		ids = append(ids, fmt.Sprintf("a%02d", i))
	}
	s := &service{}
	got, err := confirm.Items(t.Context(), s, ids)
	if err != nil || got["bad"] != confirm.Unanswered {
		t.Errorf("bad: %s, %v", got["bad"], err)
	}
	delete(got, "bad")
	for id, answer := range got {
		if answer != confirm.Confirmed {
			t.Errorf("%s: %s", id, answer)
		}
	}
	if len(got) != 49 || len(s.asked) > 13 {
		t.Errorf("%d answers in %d requests, want 49 in at most two for each halving", len(got), len(s.asked))
	}
}

// Five bad ids are none of the service's, or it is not the ids.
func TestAServiceThatFailsWhateverItIsAskedEndsTheAsking(t *testing.T) {
	var ids []string
	for i := range 50 {
		ids = append(ids, fmt.Sprintf("b%02d", i))
	}
	s := &service{}
	if _, err := confirm.Items(t.Context(), s, ids); !confirm.AboutOneID(err) || len(s.asked) > 13 {
		t.Errorf("%v after %d requests, want the service's error after at most 13", err, len(s.asked))
	}
}

func TestAServiceThatIsDownEndsTheAsking(t *testing.T) {
	s := &service{}
	if _, err := confirm.Items(t.Context(), s, []string{"down", "a"}); photos.Classify(err) != photos.ClassTransient || len(s.asked) != 1 {
		t.Errorf("%v after %d requests, want the error of the first", err, len(s.asked))
	}
	if got, err := confirm.Items(t.Context(), s, nil); len(got) != 0 || err != nil {
		t.Errorf("nothing asked: %v, %v", got, err)
	}
}

func TestACallThatFailsBecauseOfOneIDIsMadeOnlyOnceMore(t *testing.T) {
	judge := confirm.Judge()
	sunk, down := &photos.Error{Status: 500}, &photos.Error{Status: 503}
	for i, c := range []struct {
		err  error
		want retry.Kind
	}{{down, retry.Transient}, {sunk, retry.Transient}, {sunk, retry.Final}} {
		if got := judge(c.err).Kind; got != c.want {
			t.Errorf("failure %d, %v: kind %v, want %v", i+1, c.err, got, c.want)
		}
	}
}
