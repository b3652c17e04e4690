package budget_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/albumwright/albumwright/internal/budget"
)

// The child is another process of the same project: it does what it is told on its standard input, line by line, and answers each line.

const (
	childVar   = "ALBUMWRIGHT_TEST_CHILD" // the budget's path
	childLimit = 100
)

func child() int {
	j, err := budget.Begin(context.Background(), budget.Config{Path: os.Getenv(childVar), Limit: childLimit})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("begun")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var n int
		what, number, _ := strings.Cut(lines.Text(), " ")
		_, _ = fmt.Sscan(number, &n)
		fmt.Println(obey(j, what, n))
	}
	if err := j.Close(); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// obey answers with a number, or with what went wrong.
func obey(j *budget.Job, what string, n int) string {
	ctx, done := context.Background(), 0
	var err error
	switch what {
	case "reserve":
		err = j.Reserve(ctx, n)
	case "files": // each an upload and a create, until the day is spent
		for err == nil {
			if err = j.Reserve(ctx, 2); err == nil {
				done += 2
				err = errors.Join(j.Take(ctx, budget.Upload), j.Take(ctx, budget.BatchCreate))
			}
		}
	}
	if spent := (budget.ErrSpent{}); errors.As(err, &spent) {
		return fmt.Sprintf("%d spent", done)
	}
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d", done)
}
