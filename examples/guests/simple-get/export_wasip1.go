package main

import "unsafe"

// What the host has allocated and not freed, by address.
var allocated = map[uint32][]byte{}

// The last answer: it must stay until the host has read it.
var answer []byte

// isError is the bit of an answer's size that marks an error.
const isError = 1 << 31

//go:wasmimport env log
func hostLog(message unsafe.Pointer, size uint32) uint64

//go:wasmimport kubernetes get
func kubernetesGet(message unsafe.Pointer, size uint32) uint64

//go:wasmexport getter_api_version
func apiVersion() uint64 { return 1 }

//go:wasmexport getter_get_config_map
func getConfigMap(address, size uint32) uint64 {
	host := host{
		log: func(message []byte) { hostLog(unsafe.Pointer(unsafe.SliceData(message)), uint32(len(message))) },
		get: func(message []byte) []byte {
			return taken(kubernetesGet(unsafe.Pointer(unsafe.SliceData(message)), uint32(len(message))))
		},
	}
	reply, err := host.call(allocated[address])
	if err != nil {
		return given([]byte(err.Error())) | isError
	}
	return given(reply)
}

//go:wasmexport malloc
func malloc(size uint32) uint32 {
	bytes := make([]byte, max(size, 1))
	address := addressOf(bytes)
	allocated[address] = bytes[:size]
	return address
}

//go:wasmexport free
func free(address uint32) { delete(allocated, address) }

// taken is the message that the host has allocated here for an answer.
func taken(packed uint64) []byte {
	address := uint32(packed >> 32)
	message := allocated[address]
	free(address)
	return message[:min(uint64(len(message)), packed&0xffff_ffff)]
}

// given keeps bytes and tells the host where they are: the address in the high half, the size in the low one.
func given(bytes []byte) uint64 {
	answer = bytes
	if len(bytes) == 0 {
		return 0
	}
	return uint64(addressOf(bytes))<<32 | uint64(len(bytes))
}

func addressOf(bytes []byte) uint32 { return uint32(uintptr(unsafe.Pointer(unsafe.SliceData(bytes)))) }
