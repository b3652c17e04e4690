-- +goose Up

-- The description that the service was given for the media item, as far as that is known: what is in Google Photos can be another one since, if the user
-- has changed it there. NULL: not known, '': none.
ALTER TABLE contents ADD COLUMN given TEXT;

-- +goose Down
SELECT 1;
