-- +goose Up

-- A run of the program: one import, one watch, one ingest.
CREATE TABLE runs (
  id       INTEGER PRIMARY KEY,
  started  INTEGER NOT NULL,            -- all times are Unix nanoseconds, UTC
  ended    INTEGER,                     -- NULL: under way, or died
  command  TEXT NOT NULL,               -- what was asked, without secrets
  outcome  TEXT                         -- the report's counts as JSON
);

CREATE TABLE dirs (
  id   INTEGER PRIMARY KEY,
  path BLOB NOT NULL UNIQUE             -- absolute, raw bytes: a path need not be UTF-8
);

-- A path and what was last seen there.
CREATE TABLE files (
  id             INTEGER PRIMARY KEY,
  dir            INTEGER NOT NULL REFERENCES dirs,
  name           BLOB NOT NULL,         -- raw bytes
  size           INTEGER NOT NULL,
  mtime          INTEGER NOT NULL,
  device         INTEGER NOT NULL,
  inode          INTEGER NOT NULL,
  content        INTEGER REFERENCES contents,  -- NULL until the bytes were read
  captured       INTEGER NOT NULL,      -- wall clock of the capture, as if it were UTC
  zone_offset    INTEGER,               -- seconds east of UTC; NULL: not known
  capture_source TEXT NOT NULL,
  make           TEXT NOT NULL,
  model          TEXT NOT NULL,
  serial         TEXT NOT NULL,
  orientation    INTEGER NOT NULL,
  latitude       REAL,
  longitude      REAL,
  width          INTEGER NOT NULL,
  height         INTEGER NOT NULL,
  media_type     TEXT NOT NULL,
  description    TEXT NOT NULL,         -- the user's own words, as long as they are
  UNIQUE (dir, name)
);
CREATE INDEX files_content ON files (content);

-- A content (the same bytes wherever they lie) and what the service has of it.
CREATE TABLE contents (
  id         INTEGER PRIMARY KEY,
  sha256     BLOB NOT NULL UNIQUE,
  size       INTEGER NOT NULL,
  token      TEXT,                      -- upload token
  issued     INTEGER,                   -- when the token was issued
  media_item TEXT,                      -- the service's id, once created
  refused    TEXT                       -- why the service will not have these bytes
);
CREATE INDEX contents_size ON contents (size);

-- A resumable upload that has begun. The address is a secret.
CREATE TABLE sessions (
  file        INTEGER PRIMARY KEY REFERENCES files,
  url         TEXT NOT NULL,
  granularity INTEGER NOT NULL,
  acked       INTEGER NOT NULL,         -- bytes the service has confirmed
  started     INTEGER NOT NULL
);

-- An album that files are wanted in. Album 0 is no album: the library only.
CREATE TABLE albums (
  id       INTEGER PRIMARY KEY,
  title    TEXT NOT NULL UNIQUE,
  remote   TEXT,                        -- the service's id
  intended INTEGER                      -- set before albums.create, cleared when its answer is recorded
);
INSERT INTO albums (id, title) VALUES (0, '');

-- The service's own albums, as they were last listed.
CREATE TABLE remote_albums (
  remote    TEXT PRIMARY KEY,
  title     TEXT NOT NULL,
  writeable INTEGER NOT NULL
);
CREATE INDEX remote_albums_title ON remote_albums (title);

-- What an album holds, as far as this ledger knows.
CREATE TABLE placements (
  album      INTEGER NOT NULL REFERENCES albums,
  content    INTEGER NOT NULL REFERENCES contents,
  sort       BLOB NOT NULL,
  media_item TEXT NOT NULL,
  run        INTEGER NOT NULL REFERENCES runs,
  PRIMARY KEY (album, content)
) WITHOUT ROWID;
CREATE INDEX placements_order ON placements (album, sort);

-- A file's wish to be in an album, and how far it got.
CREATE TABLE items (
  id       INTEGER PRIMARY KEY,
  file     INTEGER NOT NULL REFERENCES files,
  album    INTEGER NOT NULL REFERENCES albums,
  sort     BLOB NOT NULL,               -- place in the album: sorts as bytes
  state    TEXT NOT NULL,
  reason   TEXT NOT NULL DEFAULT '',    -- for skipped, failed and duplicate
  permanent INTEGER NOT NULL DEFAULT 0, -- failed: would come again
  attempts INTEGER NOT NULL DEFAULT 0,
  batch    INTEGER REFERENCES batches,
  run      INTEGER NOT NULL REFERENCES runs,   -- the last run that worked on it
  UNIQUE (file, album)
);
CREATE INDEX items_pending ON items (run, album, sort, id)
  WHERE state IN ('described', 'sending', 'sent', 'creating');

-- A batchCreate that was intended, written before the call is made.
CREATE TABLE batches (
  id       INTEGER PRIMARY KEY,
  run      INTEGER NOT NULL REFERENCES runs,
  album    INTEGER NOT NULL REFERENCES albums,
  position TEXT NOT NULL,
  relative TEXT NOT NULL,
  intended INTEGER NOT NULL,
  answered INTEGER                      -- NULL: nobody knows what came of it
);

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- +goose Down
SELECT 1;
