-- +goose Up

-- How far the camera's clock was put forward in captured, nanoseconds; 0: captured is what the camera recorded.
ALTER TABLE files ADD COLUMN shifted INTEGER NOT NULL DEFAULT 0;

-- +goose Down
SELECT 1;
