package sheet

import (
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf16"
)

// oleMagic begins a compound file ([MS-CFB] 2.2), which holds streams as a disk holds
// files. Workbooks were kept in them before 2007, and locked ones still are.
const oleMagic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// Sectors from here on are no sectors ([MS-CFB] 2.1).
const lastSector = 0xFFFFFFFA

// ole is a compound file that is in memory. Nothing in it is believed: chains of sectors
// are no longer than the file.
type ole struct {
	content []byte
	shift   uint // the sectors have 1<<shift bytes
	fat     []uint32
	mini    []uint32 // of the small sectors, 64 bytes each, within the small stream
	small   []byte
	cutoff  uint32 // streams of fewer bytes are in the small stream
	streams map[string]oleStream
}

type oleStream struct{ start, size uint32 }

var errOLE = errors.New("the compound file is broken")

func openOLE(content []byte) (*ole, error) {
	if len(content) < 512 || string(content[:8]) != oleMagic {
		return nil, errOLE
	}
	o := &ole{content: content, shift: uint(binary.LittleEndian.Uint16(content[30:])), cutoff: word(content, 56), streams: map[string]oleStream{}}
	if o.shift != 9 && o.shift != 12 {
		return nil, errOLE
	}
	if err := o.readFAT(); err != nil {
		return nil, err
	}
	dir, err := o.chain(word(content, 48), -1)
	if err != nil {
		return nil, err
	}
	root, err := o.readDirectory(dir)
	if err != nil {
		return nil, err
	}
	if root.size > 0 {
		if o.small, err = o.chain(root.start, int(root.size)); err != nil {
			return nil, err
		}
	}
	if first := word(content, 60); first < lastSector {
		table, err := o.chain(first, -1)
		if err != nil {
			return nil, err
		}
		o.mini = words(table)
	}
	return o, nil
}

func word(b []byte, at int) uint32 { return binary.LittleEndian.Uint32(b[at:]) }

func words(b []byte) []uint32 {
	all := make([]uint32, len(b)/4)
	for i := range all {
		all[i] = word(b, 4*i)
	}
	return all
}

// sector is the bytes of a sector; the last one may be cut.
func (o *ole) sector(n uint32) ([]byte, error) {
	from := (uint64(n) + 1) << o.shift
	if n >= lastSector || from >= uint64(len(o.content)) {
		return nil, errOLE
	}
	return o.content[from:min(from+1<<o.shift, uint64(len(o.content)))], nil
}

// readFAT reads which sector comes behind which. Where its own sectors are stands in the
// header and, of large files, in a chain of sectors.
func (o *ole) readFAT() error {
	places := words(o.content[76:512])
	most := len(o.content)>>o.shift + 1
	for next, n := word(o.content, 68), 0; next < lastSector; n++ {
		s, err := o.sector(next)
		if err != nil || len(s) < 1<<o.shift || n > most {
			return errOLE
		}
		list := words(s)
		places = append(places, list[:len(list)-1]...)
		next = list[len(list)-1]
	}
	for _, at := range places {
		if at >= lastSector {
			continue
		}
		s, err := o.sector(at)
		if err != nil || len(o.fat) > most+1<<o.shift {
			return errOLE
		}
		o.fat = append(o.fat, words(s)...)
	}
	return nil
}

// chain is what stands in a chain of sectors, up to some bytes; -1: all of it.
func (o *ole) chain(start uint32, size int) ([]byte, error) {
	var all []byte
	for n, next := 0, start; next < lastSector && (size < 0 || len(all) < size); n++ {
		s, err := o.sector(next)
		if err != nil || int64(next) >= int64(len(o.fat)) || n > len(o.fat) {
			return nil, errOLE
		}
		all, next = append(all, s...), o.fat[next]
	}
	switch {
	case size < 0:
		return all, nil
	case len(all) < size:
		return nil, errOLE
	}
	return all[:size], nil
}

// readDirectory finds the streams by their names, and the small stream.
func (o *ole) readDirectory(dir []byte) (root oleStream, err error) {
	for ; len(dir) >= 128; dir = dir[128:] {
		kind, length := dir[66], int(binary.LittleEndian.Uint16(dir[64:]))
		s := oleStream{word(dir, 116), word(dir, 120)}
		if kind == 5 {
			root = s
		}
		if kind != 2 || length < 2 || length > 64 || uint64(s.size) > uint64(len(o.content)) {
			continue
		}
		var name []uint16
		for i := 0; i < length-2; i += 2 {
			name = append(name, binary.LittleEndian.Uint16(dir[i:]))
		}
		if key := strings.ToLower(string(utf16.Decode(name))); o.streams[key].size == 0 {
			o.streams[key] = s
		}
	}
	if uint64(root.size) > uint64(len(o.content)) {
		return root, errOLE
	}
	return root, nil
}

// stream is what stands in a stream; ok is false where there is none of that name.
func (o *ole) stream(name string) (content []byte, ok bool, err error) {
	s, ok := o.streams[name]
	if !ok {
		return nil, false, nil
	}
	if s.size >= o.cutoff {
		content, err = o.chain(s.start, int(s.size))
		return content, true, err
	}
	for n, next := 0, s.start; next < lastSector && len(content) < int(s.size); n++ {
		from := int64(next) * 64
		if from+64 > int64(len(o.small)) || int64(next) >= int64(len(o.mini)) || n > len(o.mini) {
			return nil, true, errOLE
		}
		content, next = append(content, o.small[from:from+64]...), o.mini[next]
	}
	if len(content) < int(s.size) {
		return nil, true, errOLE
	}
	return content[:s.size], true, nil
}
