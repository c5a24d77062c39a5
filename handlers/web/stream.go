package web

import (
	"bufio"
	"io"
	"log/slog"
	"net/http"
	"time"
)

const (
	streamPiece    = 64 << 10         // bytes that are sent together
	streamPatience = 30 * time.Second // in which a reader has to take them
)

// Stream answers with what write writes, as it comes: an answer of any size takes no
// more memory than a small one. Where write fails before anything was sent, the reader
// gets the page for its error. Where it fails later, the connection is broken, so that
// nobody takes a part for the whole. write must not outlive its call.
func Stream(kind string, write func(io.Writer) error) Reply {
	return Reply{status: http.StatusOK, kind: kind, stream: write}
}

// stream sends what a reply writes.
func (a *Adapter) stream(r *Request, reply Reply) error {
	to := &flow{r: r, reply: reply, within: http.NewResponseController(r.c.Writer)}
	if r.c.Request.Method == http.MethodHead {
		to.begin()
		return nil
	}
	out := bufio.NewWriterSize(to, streamPiece)
	err := reply.stream(out)
	if err == nil {
		if err = out.Flush(); err == nil {
			to.begin() // of nothing, where nothing was written
		}
	}
	if err == nil || !to.begun {
		return err
	}
	level := slog.LevelError
	if to.gone || r.Context().Err() != nil {
		level = slog.LevelInfo
	}
	a.Log.LogAttrs(r.Context(), level, "broken off", slog.String("request", r.c.GetString(requestID)), slog.String("path", pathOf(r.c)), slog.Any("err", err))
	panic(http.ErrAbortHandler) // which breaks the connection, and is how net/http is told to
}

// flow sends the pieces of a stream. The head goes with the first of them.
type flow struct {
	r      *Request
	reply  Reply
	within *http.ResponseController
	begun  bool
	gone   bool // nobody takes what is sent
}

func (f *flow) begin() {
	if f.begun {
		return
	}
	f.begun = true
	h := f.r.c.Writer.Header()
	h.Set("Content-Type", f.reply.kind)
	h.Set("Cache-Control", cacheOf(f.r, f.reply))
	if h["Vary"] == nil {
		h["Vary"] = vary
	}
	f.r.c.Writer.WriteHeader(f.reply.status)
}

// Write sends a piece. The whole answer may take as long as it needs, each piece not.
func (f *flow) Write(p []byte) (int, error) {
	f.begin()
	_ = f.within.SetWriteDeadline(time.Now().Add(streamPatience)) // not all writers know deadlines: those of tests do not
	n, err := f.r.c.Writer.Write(p)
	f.gone = f.gone || err != nil
	return n, err
}
