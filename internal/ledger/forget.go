package ledger

import "context"

// Forget records that the service no longer has the media items of some contents. Their files are to be looked at anew, and their bytes to be sent again: a token
// might only give what was deleted. They stand in no album any more, not even as taken out of it: who deletes a photo takes it out of its albums, too.
func (l *SQLite) Forget(ctx context.Context, contents []ContentID) error {
	return l.writer.do(ctx, func(t *tx) error {
		for _, c := range contents {
			for _, statement := range []string{
				`UPDATE contents SET media_item = NULL, made = NULL, matched = 0, given = NULL, token = NULL, issued = NULL WHERE id = ?`,
				`DELETE FROM placements WHERE content = ?`,
				`UPDATE items SET state = 'gone', reason = '', permanent = 0
					WHERE file IN (SELECT id FROM files WHERE content = ?) AND state IN ('created', 'confirmed', 'already', 'duplicate')`,
			} {
				if _, err := t.exec(statement, c); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
