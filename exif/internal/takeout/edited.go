package takeout

import "strings"

// edits are what Google puts behind the name of a copy that was edited, in the
// language of the account, and behind those that it made by itself. They are in
// lower case.
func edits() []string {
	return []string{
		"-edited", "-effects", "-smile", "-mix",
		"-bearbeitet", "-modifié", "-modifiée", "-ha editado", "-editado", "-editada", "-editat", "-modificato",
		"-bewerkt", "-edytowane", "-redigerad", "-redigeret", "-redigert", "-muokattu", "-upraveno", "-upravené",
		"-szerkesztett", "-düzenlendi", "-отредактировано", "-изменено", "-відредаговано",
		"-編集済み", "-수정됨", "-편집됨", "-已修改", "-已编辑", "-已編輯", "-编辑",
	}
}

// WithoutEdit cuts the mark of an edited copy off a stem.
func WithoutEdit(stem string) (string, bool) {
	if strings.IndexByte(stem, '-') < 0 { // as in nearly all names that cameras give
		return stem, false
	}
	for _, mark := range edits() {
		if at := len(stem) - len(mark); at > 0 && strings.EqualFold(stem[at:], mark) {
			return stem[:at], true
		}
	}
	return stem, false
}

// withoutHalfEdit cuts the beginning of such a mark off a stem, at least its
// hyphen.
func withoutHalfEdit(stem string) (string, bool) {
	at := strings.LastIndexByte(stem, '-')
	if at <= 0 {
		return stem, false
	}
	half := strings.ToLower(stem[at:])
	for _, mark := range edits() {
		if strings.HasPrefix(mark, half) {
			return stem[:at], true
		}
	}
	return stem, false
}
