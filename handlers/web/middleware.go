package web

import (
	"crypto/rand"
	"encoding/base32"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// requestID is the key under which a request keeps the name it has in the log.
const requestID = "request"

// Named gives the request the name that it has in the log.
func Named(c *gin.Context) {
	id := newID()
	c.Writer.Header()["X-Request-Id"] = []string{id}
	c.Set(requestID, id)
}

// newID returns ten letters and digits that nobody can guess.
func newID() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])
}

// SameOrigin refuses what another site makes a browser send: a form of ours
// carries no token, because browsers say themselves where a request comes from.
func SameOrigin(a *Adapter) gin.HandlerFunc {
	check := http.NewCrossOriginProtection()
	return func(c *gin.Context) {
		if err := check.Check(c.Request); err != nil {
			a.Fail(a.Request(c), errCrossSite(err))
			c.Abort()
		}
	}
}

// pathOf is the path of a request as the log may hold it: without the secret that the
// link of a letter carries.
func pathOf(c *gin.Context) string {
	if c.Param("secret") != "" {
		return c.FullPath()
	}
	return c.Request.URL.Path
}

// Requests counts every request and logs it with how long it took; slow ones as
// warnings.
func Requests(m *Meter, log *slog.Logger, slow time.Duration) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := time.Now()
		c.Next()
		took := time.Since(start)
		m.add(c.FullPath(), c.Writer.Status(), took)
		level := slog.LevelDebug
		if took >= slow {
			level = slog.LevelWarn
		}
		if !log.Enabled(c.Request.Context(), level) {
			return
		}
		log.LogAttrs(c.Request.Context(), level, "request", slog.String("method", c.Request.Method),
			slog.String("path", pathOf(c)), slog.Int("status", c.Writer.Status()),
			slog.Duration("took", took), slog.String("request", c.GetString(requestID)))
	}
}
