package web

import (
	"sync"

	"pilveturg/views"
)

// Packed keeps the compressed forms of one page whose main part and shell never
// change, but for what all pages say, because compressing it costs more than all the rest. It is for many
// requests at once; the zero Packed is empty.
type Packed struct {
	mu    sync.RWMutex // guards pages
	pages map[packing][]byte
}

// packing is all that makes the same page differ between two requests.
type packing struct {
	encoding, theme, origin string
	signs                   views.Signs
}

// mostPackings bounds what strangers can make us keep by asking for hosts of their
// own invention.
const mostPackings = 6

func (p *Packed) get(k packing) []byte {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.pages[k]
}

func (p *Packed) put(k packing, b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pages == nil || len(p.pages) >= mostPackings {
		p.pages = map[packing][]byte{}
	}
	p.pages[k] = b
}
