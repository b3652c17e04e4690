-- +goose Up

-- What tells which files belong together.
ALTER TABLE files ADD COLUMN content_id TEXT NOT NULL DEFAULT '';      -- shared by a Live Photo's still and video
ALTER TABLE files ADD COLUMN duration INTEGER NOT NULL DEFAULT 0;      -- of a video, in nanoseconds; 0: not known

-- 1: the item was skipped because another file of its set is taken in its stead. Another choice takes it.
ALTER TABLE items ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;

-- +goose Down
SELECT 1;
