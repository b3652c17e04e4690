-- +goose Up

-- A title that has more items than one album of the service can hold goes on in further albums, its volumes.
ALTER TABLE albums ADD COLUMN continues INTEGER REFERENCES albums; -- the title's first volume; NULL: it is that itself
ALTER TABLE albums ADD COLUMN volume INTEGER NOT NULL DEFAULT 1;   -- its number among the title's
ALTER TABLE albums ADD COLUMN filled INTEGER;                      -- when the service said that it is full although less is known to be in it; NULL: never
CREATE INDEX albums_continues ON albums (continues);

-- +goose Down
SELECT 1;
