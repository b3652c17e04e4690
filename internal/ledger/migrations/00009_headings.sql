-- +goose Up

-- Headings between the items of an album. The service never shows, moves or removes one, so that each is sent once and never again.
CREATE TABLE headings (
  id         INTEGER PRIMARY KEY,
  album      INTEGER NOT NULL REFERENCES albums,
  kind       TEXT NOT NULL,             -- what it stands in front of: a day, an event, a place
  sort       BLOB NOT NULL,             -- the place of the first item of its group
  text       TEXT NOT NULL DEFAULT '',
  state      TEXT NOT NULL,             -- wanted, intended, there, unknown, refused, removed
  enrichment TEXT,                      -- the service's id, once it is there
  run        INTEGER NOT NULL REFERENCES runs
);
CREATE INDEX headings_order ON headings (album, sort);

-- +goose Down
SELECT 1;
