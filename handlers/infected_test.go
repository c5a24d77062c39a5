package handlers

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"

	"pilveturg/handlers/intake"
	"pilveturg/models"
)

// findsVirus is a virus scanner that finds something in every file, as clamd says it.
func findsVirus(t *testing.T) intake.Scanner {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r := bufio.NewReader(c)
			_, _ = r.ReadString(0)
			for n := uint32(1); n > 0; {
				if binary.Read(r, binary.BigEndian, &n) != nil {
					break
				}
				_, _ = io.CopyN(io.Discard, r, int64(n))
			}
			_, _ = io.WriteString(c, "stream: Sample.Test FOUND\x00")
			c.Close()
		}
	}()
	s, err := intake.ParseScanner(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A file with a virus is refused, nothing of it is kept, and the staff are warned.
func TestAFileWithAVirusWarnsTheStaff(t *testing.T) {
	w, editor := vendorSite(t)
	w.Files.Scanner = findsVirus(t)
	count := func(q string, args ...any) (n int) {
		t.Helper()
		if err := w.DB.Get(t.Context(), &n, q, args...); err != nil {
			t.Fatal(err)
		}
		return n
	}
	kept := count(`SELECT COUNT(*) FROM documents`)
	w.sends(editor, "/en"+documentsPath, w.upload(editor, ""), 422, "virus")
	if n := count(`SELECT COUNT(*) FROM documents`); n != kept {
		t.Errorf("%d documents are kept, of %d before", n, kept)
	}
	for _, role := range []models.Role{models.Moderator, models.Administrator} {
		var c *caller
		for _, one := range w.callers {
			if one.role == role {
				c = one
			}
		}
		if c == nil {
			t.Fatalf("there is no %s", role)
		}
		if n := count(`SELECT COUNT(*) FROM notices WHERE kind = 'file_infected' AND account_id = ?`, c.account); n != 1 {
			t.Errorf("a %s has %d warnings", role, n)
		}
	}
	var said string
	if err := w.DB.Get(t.Context(), &said, `SELECT args FROM notices WHERE kind = 'file_infected' LIMIT 1`); err != nil || !strings.Contains(said, "Sample.Test") {
		t.Errorf("it says %q, %v", said, err)
	}
	if n := count(`SELECT COUNT(*) FROM audit_events WHERE action = 'document.infected'`); n != 1 {
		t.Errorf("%d rows of the log", n)
	}
}
