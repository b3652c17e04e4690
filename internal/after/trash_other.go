//go:build !unix || darwin

package after

import "errors"

var errNoTrash = errors.New("the trash of this system is not known to the program; move:DIR can stand in")

func trashable() error { return errNoTrash }

func trash(path, _ string) (string, error) { return path, errNoTrash }
