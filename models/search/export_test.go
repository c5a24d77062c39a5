package search

import "time"

// CPUTime returns the processor time that the thread has used; 0 where that is not
// known.
func CPUTime() time.Duration { return cpuTime() }
