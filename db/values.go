package db

import "strings"

// Flag is how a yes or no is kept: both engines take 1 and 0, and only those.
func Flag(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// Null keeps an empty text as NULL: "not known" rather than "known to be empty".
func Null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// NullID keeps the id of nothing, 0, as NULL.
func NullID(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// In makes the right side of "IN" for the ids, and the arguments that go with it.
// No ids make a list that nothing is in.
func In[T any](ids []T) (marks string, args []any) {
	if len(ids) == 0 {
		return "(NULL)", nil
	}
	args = make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return "(" + strings.Repeat("?, ", len(ids)-1) + "?)", args
}
