package intake

import (
	"errors"
	"syscall"
)

// confine limits what this process may use.
func confine() error {
	limit := func(what int, most uint64) error {
		return syscall.Setrlimit(what, &syscall.Rlimit{Cur: most, Max: most})
	}
	return errors.Join(
		limit(syscall.RLIMIT_CPU, uint64(killAfter.Seconds())),
		limit(syscall.RLIMIT_DATA, readMemory),
		limit(syscall.RLIMIT_CORE, 0),
	)
}
