package intake_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"path/filepath"
	"testing"
	"time"

	"pilveturg/handlers/intake"
)

// eicar is the file by which virus scanners are tested; cut, so that none finds it here.
var eicar = []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`)

// clamd answers at an address as clamd does, or as it is told.
func clamd(t *testing.T, network, address, says string) string {
	t.Helper()
	l, err := net.Listen(network, address)
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
			go serveClamd(c, says)
		}
	}()
	return l.Addr().String()
}

func serveClamd(c net.Conn, says string) {
	defer c.Close()
	r := bufio.NewReader(c)
	if command, err := r.ReadString(0); err != nil || command != "zINSTREAM\x00" {
		_, _ = io.WriteString(c, "UNKNOWN COMMAND\x00")
		return
	}
	var all []byte
	for {
		var n uint32
		if err := binary.Read(r, binary.BigEndian, &n); err != nil {
			return
		}
		if n == 0 {
			break
		}
		chunk := make([]byte, n)
		if _, err := io.ReadFull(r, chunk); err != nil {
			return
		}
		all = append(all, chunk...)
	}
	switch {
	case says == "nothing":
	case says != "":
		_, _ = io.WriteString(c, says+"\x00")
	case bytes.Contains(all, eicar):
		_, _ = io.WriteString(c, "stream: Eicar-Test-Signature FOUND\x00")
	default:
		_, _ = io.WriteString(c, "stream: OK\x00")
	}
}

func TestAVirusScannerIsAsked(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "clamd.ctl")
	clamd(t, "unix", socket, "")
	closed := clamd(t, "tcp", "127.0.0.1:0", "nothing")
	infected := append(bytes.Repeat([]byte("innocent "), 300_000), eicar...)
	for _, c := range []struct {
		name, address string
		file          []byte
		want          intake.Reason
	}{
		{"nobody is asked", "", infected, ""},
		{"a clean file", clamd(t, "tcp", "127.0.0.1:0", ""), infected[:2_000_000], ""},
		{"the test virus, over TCP", "tcp:" + clamd(t, "tcp", "127.0.0.1:0", ""), infected, intake.Virus},
		{"the test virus, over a socket", "unix:" + socket, infected, intake.Virus},
		{"it says nothing", closed, infected, intake.Unscanned},
		{"it finds the file too large", clamd(t, "tcp", "127.0.0.1:0", "INSTREAM size limit exceeded. ERROR"), infected, intake.Unscanned},
		{"nobody is there", "unix:" + socket + ".none", infected, intake.Unscanned},
	} {
		s, err := intake.ParseScanner(c.address)
		if err != nil {
			t.Fatal(err)
		}
		err = s.Scan(t.Context(), c.file)
		if got := reason(t, c.name, err); got != c.want {
			t.Errorf("%s: %v; want %q", c.name, err, c.want)
		}
	}
	for _, wrong := range []string{"clamd", "unix:", ":", "http://x"} {
		if _, err := intake.ParseScanner(wrong); err == nil {
			t.Errorf("%q is an address", wrong)
		}
	}
}

func TestAVirusScannerThatHangs(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s, err := intake.ParseScanner(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	if got := reason(t, "it hangs", s.Scan(ctx, []byte("x"))); got != intake.Unscanned {
		t.Errorf("%q; want %q", got, intake.Unscanned)
	}
}
