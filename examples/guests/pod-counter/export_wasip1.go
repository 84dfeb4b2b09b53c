package main

import "unsafe"

// What was allocated and not taken, by address: the dashboard writes the body of a request there, and the answers of its
// host functions. Those come as an address alone: the length is the one that was allocated.
var allocated = map[uint32][]byte{}

// The last answer: it must stay until the dashboard has read it.
var last []byte

//go:wasmimport env host_k8s_api_call
func hostCall(path unsafe.Pointer, length uint32) uint32

//go:wasmexport allocate
func allocate(size uint32) uint32 {
	bytes := make([]byte, max(size, 1))
	address := addressOf(bytes)
	allocated[address] = bytes[:size]
	return address
}

// For hosts that clean up. KubeStellar's own never calls it.
//
//go:wasmexport deallocate
func deallocate(address, _ uint32) { delete(allocated, address) }

//go:wasmexport handle_status
func handleStatus(address, _ uint64) uint64 { return serve(status, address) }

//go:wasmexport handle_pods
func handlePods(address, _ uint64) uint64 { return serve(pods, address) }

func serve(handler func([]byte, asks) (any, error), address uint64) uint64 {
	last = answer(handler, taken(uint32(address)), func(path string) []byte {
		return taken(hostCall(unsafe.Pointer(unsafe.StringData(path)), uint32(len(path))))
	})
	return uint64(addressOf(last))<<32 | uint64(len(last))
}

// taken is what lies at an address that was allocated; nothing for an address of 0.
func taken(address uint32) []byte {
	bytes := allocated[address]
	delete(allocated, address)
	return bytes
}

func addressOf(bytes []byte) uint32 { return uint32(uintptr(unsafe.Pointer(unsafe.SliceData(bytes)))) }
