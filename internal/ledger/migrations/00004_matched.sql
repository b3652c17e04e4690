-- +goose Up

-- 1: the media item was found by name, time and dimensions when a lost ledger was rebuilt. The service was never sent these bytes by this ledger, so
-- nothing proves that they are the item's.
ALTER TABLE contents ADD COLUMN matched INTEGER NOT NULL DEFAULT 0;

-- +goose Down
SELECT 1;
