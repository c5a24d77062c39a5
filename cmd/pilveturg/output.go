package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

// writeFile has f write a file that appears at path whole or not at all.
func writeFile(path string, f func(io.Writer) error) error {
	part := fmt.Sprintf("%s.%d.part", path, os.Getpid())
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer os.Remove(part)
	defer file.Close()
	b := bufio.NewWriter(file)
	if err := f(b); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(part, path)
}
