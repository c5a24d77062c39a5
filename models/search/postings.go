package search

import (
	"encoding/binary"
	"math/bits"
)

// A list says in which documents of a segment a word stands, with its impact in
// each. It is written as its length in bytes and the number of documents; then
// blocks of 128 of them, each with its last document (2 bytes), the bits of one
// distance, the packed distances and the impacts; then the rest, distances as
// varints and the impacts. A distance is counted from the document before, less
// one. A list of one document, as most are, has 0 for both numbers at its start.
const (
	blockSize   = 128
	listPadding = 8 // bytes to be read behind the last list
)

// appendList writes a list of one document or more; they rise.
func appendList(b []byte, docs []uint16, impacts []uint8) []byte {
	if len(docs) == 1 {
		return append(binary.AppendUvarint(append(b, 0), uint64(docs[0])), impacts[0])
	}
	var room [2 * binary.MaxVarintLen32]byte
	start := len(b)
	b = append(b, room[:]...)
	b = appendDocs(b, docs, impacts)
	number := binary.AppendUvarint(room[:0], uint64(len(docs)))
	body := len(b) - start - len(room)
	head := binary.AppendUvarint(nil, uint64(len(number)+body))
	head = append(head, number...)
	copy(b[start:], head)
	copy(b[start+len(head):], b[start+len(room):])
	return b[:start+len(head)+body]
}

func appendDocs(b []byte, docs []uint16, impacts []uint8) []byte {
	before := -1
	for len(docs) >= blockSize {
		b = appendBlock(b, docs[:blockSize], before)
		b = append(b, impacts[:blockSize]...)
		before = int(docs[blockSize-1])
		docs, impacts = docs[blockSize:], impacts[blockSize:]
	}
	for _, d := range docs {
		b = binary.AppendUvarint(b, uint64(int(d)-before-1))
		before = int(d)
	}
	return append(b, impacts...)
}

// appendBlock writes the last document, the width and the packed distances.
func appendBlock(b []byte, docs []uint16, before int) []byte {
	var all uint
	prev := before
	for _, d := range docs {
		all |= uint(int(d) - prev - 1)
		prev = int(d)
	}
	width := bits.Len(all)
	b = binary.LittleEndian.AppendUint16(b, docs[blockSize-1])
	b = append(b, uint8(width))
	var packed uint64
	filled := 0
	prev = before
	for _, d := range docs {
		packed |= uint64(int(d)-prev-1) << filled
		prev = int(d)
		for filled += width; filled >= 8; filled -= 8 {
			b = append(b, uint8(packed))
			packed >>= 8
		}
	}
	return b // 128 of any width are whole bytes
}

// listReader decodes a list block by block.
type listReader struct {
	data    []byte // what is not decoded yet, with everything behind the list
	left    int    // documents in data
	before  int    // the last document before data
	n       int    // documents decoded
	docs    [blockSize]uint16
	impacts []byte
}

// open starts reading the list at the beginning of data and returns its length.
func (r *listReader) open(data []byte) int {
	length, size := binary.Uvarint(data)
	data = data[size:]
	n := uint64(1)
	if length > 0 {
		n, size = binary.Uvarint(data)
		data = data[size:]
	}
	r.data, r.left, r.before, r.n = data, int(n), -1, 0
	return r.left
}

// listLength returns how many documents are in a list.
func listLength(data []byte) int {
	length, size := binary.Uvarint(data)
	if length == 0 {
		return 1
	}
	n, _ := binary.Uvarint(data[size:])
	return int(n)
}

// listBytes returns how many bytes a list has.
func listBytes(data []byte) int {
	length, size := binary.Uvarint(data)
	if length > 0 {
		return size + int(length)
	}
	_, doc := binary.Uvarint(data[size:])
	return size + doc + 1
}

// next decodes the next documents; false at the end.
func (r *listReader) next() bool {
	switch {
	case r.left == 0:
		r.n = 0
		return false
	case r.left >= blockSize:
		r.block()
	default:
		r.rest()
	}
	return true
}

const blockHead = 3 // bytes

func (r *listReader) block() {
	width := uint(r.data[2])
	packed := r.data[blockHead:]
	mask := uint64(1)<<width - 1
	doc, bit := r.before, uint(0)
	for i := range r.docs {
		doc += int(binary.LittleEndian.Uint64(packed[bit>>3:])>>(bit&7)&mask) + 1
		bit += width
		r.docs[i] = uint16(doc)
	}
	end := blockHead + int(width)*blockSize/8
	r.impacts = r.data[end : end+blockSize]
	r.data = r.data[end+blockSize:]
	r.before, r.n = doc, blockSize
	r.left -= blockSize
}

func (r *listReader) rest() {
	doc, at := r.before, 0
	data := r.data
	for i := range r.left {
		distance := int(data[at])
		at++
		if distance >= 0x80 {
			more, size := binary.Uvarint(data[at-1:])
			distance, at = int(more), at-1+size
		}
		doc += distance + 1
		r.docs[i] = uint16(doc)
	}
	r.impacts = data[at : at+r.left]
	r.before, r.n, r.left = doc, r.left, 0
}

// seek decodes the first documents that do not all lie before doc; false when
// there are none.
func (r *listReader) seek(doc uint16) bool {
	if r.n > 0 && r.docs[r.n-1] >= doc {
		return true
	}
	for r.left >= blockSize {
		last := binary.LittleEndian.Uint16(r.data)
		if last >= doc {
			r.block()
			return true
		}
		r.data = r.data[blockHead+int(r.data[2])*blockSize/8+blockSize:]
		r.before = int(last)
		r.left -= blockSize
	}
	if r.left == 0 {
		r.n = 0
		return false
	}
	r.rest()
	return r.docs[r.n-1] >= doc
}
