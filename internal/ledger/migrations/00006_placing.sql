-- +goose Up

-- 1: the user has taken the item out of the album. The row stays: what was taken out on purpose is not brought back.
ALTER TABLE placements ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;

-- 1: the service has lost the album with what was in it, and this is to be put into the new one; 2: that was begun, and nobody knows what came of it.
ALTER TABLE placements ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;
CREATE INDEX placements_lost ON placements (album, sort) WHERE lost;

-- 1: the album was deleted in the service, and is not made anew yet.
ALTER TABLE albums ADD COLUMN missing INTEGER NOT NULL DEFAULT 0;

-- The run that made media_item what it is; NULL: a run before this column.
ALTER TABLE contents ADD COLUMN made INTEGER;

-- +goose Down
SELECT 1;
