//go:build !linux

package intake

// confine limits nothing here: the process is ended when it takes too long.
func confine() error { return nil }
