-- +goose Up

-- When the system last noted a change of the file, its name or its mode: a file that was replaced by one of the same size and mtime has another
-- one. 0: not known.
ALTER TABLE files ADD COLUMN ctime INTEGER NOT NULL DEFAULT 0;

-- A resumable upload that has begun, and what is known about the bytes sent so far. The address is a secret. The row goes when the file has a
-- token, or is another file.
DROP TABLE sessions;
CREATE TABLE sessions (
  file        INTEGER PRIMARY KEY REFERENCES files,
  url         TEXT NOT NULL,
  granularity INTEGER NOT NULL,
  started     INTEGER NOT NULL,
  hashed      INTEGER NOT NULL,         -- of the first so many bytes
  prefix      BLOB NOT NULL             -- this is the SHA-256
);

-- +goose Down
SELECT 1;
