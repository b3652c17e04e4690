package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/photos"
)

// Uploader sends bytes for an upload token, as [photos.UploadsService] does.
type Uploader interface {
	Raw(ctx context.Context, up photos.RawUpload) (token string, err error)
}

// Rate is how fast bytes went with a number of uploads at a time.
type Rate struct {
	Streams        int           `json:"streams"`
	Bytes          int64         `json:"bytes"`
	Took           time.Duration `json:"took_nanos"`
	BytesPerSecond float64       `json:"bytes_per_second"`
}

// Speed sends size bytes for each number of streams, divided among them: one request a stream. The bytes are random, and no media item is made of them,
// so the service forgets them within a day. Told is called after each number.
func Speed(ctx context.Context, uploads Uploader, size int64, streams []int, told func(Rate)) ([]Rate, error) {
	var rates []Rate
	for _, n := range streams {
		r, err := measure(ctx, uploads, size, n)
		if err != nil {
			return rates, fmt.Errorf("with %d uploads at a time: %w", n, err)
		}
		rates = append(rates, r)
		told(r)
	}
	return rates, nil
}

func measure(ctx context.Context, uploads Uploader, size int64, streams int) (Rate, error) {
	each := size / int64(streams)
	if each == 0 {
		return Rate{}, errors.New("there is less than a byte for each")
	}
	began := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for i := range streams {
		g.Go(func() error {
			body := io.LimitReader(rand.NewChaCha8([32]byte{byte(i), byte(streams)}), each)
			_, err := uploads.Raw(ctx, photos.RawUpload{Size: each, ContentType: "application/octet-stream", Body: body})
			return err
		})
	}
	err := g.Wait()
	took := max(time.Since(began), time.Microsecond)
	sent := each * int64(streams)
	return Rate{streams, sent, took, float64(sent) / took.Seconds()}, err
}

// enough is the share of the best rate that is as good as the best: more uploads at a time only bring more that are half done.
const enough = 0.95

// Fewest is the least number of streams that was about as fast as any; 0 if nothing was measured.
func Fewest(rates []Rate) int {
	best := 0.0
	for _, r := range rates {
		best = max(best, r.BytesPerSecond)
	}
	fewest := 0
	for _, r := range rates {
		if r.BytesPerSecond >= enough*best && (fewest == 0 || r.Streams < fewest) {
			fewest = r.Streams
		}
	}
	return fewest
}
