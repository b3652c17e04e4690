-- +goose Up

-- Which event a file is counted to, where albums are named by events: an event that was named once keeps its name and its files.
CREATE TABLE events (
  scope       TEXT NOT NULL,            -- what files must have in common to have events in common: the pause that ends one, and the job
  file        INTEGER NOT NULL REFERENCES files,
  captured    INTEGER NOT NULL,         -- as the file's was when this was written, and its zone_offset
  zone_offset INTEGER,
  root        BLOB NOT NULL,            -- the imported folder that the file was found in
  began       INTEGER,                  -- wall clock of the event's first file, when it was named; NULL: the file waits for the others of its run
  run         INTEGER NOT NULL REFERENCES runs, -- the run that asked
  PRIMARY KEY (scope, file)
) WITHOUT ROWID;
CREATE INDEX events_time ON events (scope, captured);

-- +goose Down
SELECT 1;
