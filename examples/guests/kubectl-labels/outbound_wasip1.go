package main

import (
	"runtime"
	"unsafe"
)

// What the host has allocated for its answers, by address. It is called while main waits for an import, the only time at
// which an export of a Go program may be.
var allocated = map[uint32][]uint64{}

// area is where the host writes an answer: one number of it in each, in the low half.
type area [8]uint64

// Where lists of headers and certificates point.
type slice struct{ address, length uint32 }

type certificate struct {
	encoding uint32
	data     slice
}

// pem is the tag of a certificate in PEM.
const pem = 1

//go:wasmimport wasi-outbound-http request
func hostRequest(method uint32, url unsafe.Pointer, urlLen uint32, headers unsafe.Pointer, headerCount uint32,
	params unsafe.Pointer, paramCount, hasBody uint32, body unsafe.Pointer, bodyLen, hasConfig uint32,
	config unsafe.Pointer, configLen uint32, area unsafe.Pointer)

//go:wasmimport wasi-outbound-http register-request-config
func hostRegister(anyHostname, anyCertificate uint32, certificates unsafe.Pointer, certificateCount, hasIdentity uint32,
	key unsafe.Pointer, keyLen uint32, cert unsafe.Pointer, certLen uint32, authority unsafe.Pointer, authorityLen,
	hasID uint32, id unsafe.Pointer, idLen uint32, area unsafe.Pointer)

//go:wasmexport canonical_abi_realloc
func canonicalABIRealloc(old, oldSize, align, size uint32) uint32 {
	if size == 0 {
		// Nothing is ever read there, but an address of 0 is none.
		return align
	}
	// In words, which are aligned to eight: more than any list of the interface asks for.
	words := make([]uint64, (size+7)/8)
	if oldSize > 0 {
		copy(words, allocated[old])
		delete(allocated, old)
	}
	address := uint32(uintptr(unsafe.Pointer(&words[0])))
	allocated[address] = words
	return address
}

// request sends a GET with headers, names and values in turns. A code other than 0 is the host's error.
func request(url string, headers []string, config string) (status int, body []byte, code uint32) {
	list := headerList(headers)
	hasConfig := uint32(0)
	if config != "" {
		hasConfig = 1
	}
	answer := new(area)
	hostRequest(0, text(url), uint32(len(url)), unsafe.Pointer(unsafe.SliceData(list)), uint32(len(list)/2),
		nil, 0, 0, nil, 0, hasConfig, text(config), uint32(len(config)), unsafe.Pointer(answer))
	// The list holds addresses as numbers, by which nothing is kept.
	runtime.KeepAlive(headers)
	if answer[0] != 0 {
		return 0, nil, uint32(answer[1])
	}
	if answer[5] == 1 {
		body = taken(answer[6], answer[7])
	}
	// The headers that came with it are nobody's.
	clear(allocated)
	return int(uint32(answer[1])), body, 0
}

// register tells the host whom to believe and who asks, and is the id that requests name.
func register(c *cluster) (id string, code uint32) {
	authority := []certificate{{pem, sliceOf(c.authority)}}
	hasIdentity := uint32(0)
	if len(c.certificate) > 0 && len(c.key) > 0 {
		hasIdentity = 1
	}
	answer := new(area)
	hostRegister(0, 0, unsafe.Pointer(&authority[0]), 1, hasIdentity,
		data(c.key), uint32(len(c.key)), data(c.certificate), uint32(len(c.certificate)),
		data(c.authority), uint32(len(c.authority)), 0, nil, 0, unsafe.Pointer(answer))
	runtime.KeepAlive(c)
	if answer[0] != 0 {
		return "", uint32(answer[1])
	}
	return string(taken(answer[1], answer[2])), 0
}

// taken is what the host has allocated and written.
func taken(address, length uint64) []byte {
	words := allocated[uint32(address)]
	delete(allocated, uint32(address))
	if len(words) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), len(words)*8)[:uint32(length)]
}

func headerList(texts []string) []slice {
	list := make([]slice, 0, len(texts))
	for _, each := range texts {
		list = append(list, slice{uint32(uintptr(text(each))), uint32(len(each))})
	}
	return list
}

func sliceOf(bytes []byte) slice { return slice{uint32(uintptr(data(bytes))), uint32(len(bytes))} }

func text(text string) unsafe.Pointer { return unsafe.Pointer(unsafe.StringData(text)) }

func data(bytes []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(bytes)) }
