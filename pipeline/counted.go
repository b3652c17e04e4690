package pipeline

import (
	"context"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
)

// The report's count of requests is made where the calls are made.

type countedUploads struct {
	upload.API
	tally *report.Tally
}

func (c countedUploads) count() { c.tally.Requests(func(r *report.Requests) { r.Uploads++ }) }

func (c countedUploads) Raw(ctx context.Context, up photos.RawUpload) (string, error) {
	c.count()
	return c.API.Raw(ctx, up)
}

func (c countedUploads) Start(ctx context.Context, up photos.StartUpload) (photos.UploadSession, error) {
	c.count()
	return c.API.Start(ctx, up)
}

func (c countedUploads) Send(ctx context.Context, session photos.UploadSession, chunk photos.UploadChunk) (photos.UploadStatus, error) {
	c.count()
	return c.API.Send(ctx, session, chunk)
}

func (c countedUploads) Query(ctx context.Context, session photos.UploadSession) (photos.UploadStatus, error) {
	c.count()
	return c.API.Query(ctx, session)
}

type countedMediaItems struct {
	batch.API
	tally *report.Tally
}

func (c countedMediaItems) BatchCreate(ctx context.Context, in photos.BatchCreateRequest) (photos.BatchCreateResponse, error) {
	c.tally.Requests(func(r *report.Requests) { r.BatchCreates++ })
	return c.API.BatchCreate(ctx, in)
}

type countedAlbums struct {
	album.API
	tally *report.Tally
}

func (c countedAlbums) Create(ctx context.Context, title string) (photos.Album, error) {
	c.tally.Requests(func(r *report.Requests) { r.AlbumCreates++ })
	return c.API.Create(ctx, title)
}

func (c countedAlbums) ListPage(ctx context.Context, token string) ([]photos.Album, string, error) {
	c.tally.Requests(func(r *report.Requests) { r.AlbumLists++ })
	return c.API.ListPage(ctx, token)
}
