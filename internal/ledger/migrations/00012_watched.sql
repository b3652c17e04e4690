-- +goose Up

-- Folders that were watched: since when, and whether all that was there at first has been looked at.
CREATE TABLE watched (
  root   BLOB PRIMARY KEY,              -- raw bytes
  since  INTEGER NOT NULL,
  looked INTEGER                        -- when the first look was over; NULL: it is not
) WITHOUT ROWID;

-- Files that were there before their folder was watched, and that a watch leaves out as long as they stay as they are. An import does not ask.
CREATE TABLE left_out (
  dir   INTEGER NOT NULL REFERENCES dirs,
  name  BLOB NOT NULL,                  -- raw bytes
  size  INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  PRIMARY KEY (dir, name)
) WITHOUT ROWID;

-- +goose Down
SELECT 1;
