package main

import (
	"encoding/binary"
	"errors"
)

// The wire types of protobuf.
const (
	varint   = 0
	eight    = 1
	prefixed = 2
	four     = 5
)

var errMessage = errors.New("the message cannot be read")

// appendText adds a field that holds text. An empty text is left out, as proto3 does it.
func appendText(message []byte, number uint64, text string) []byte {
	if text == "" {
		return message
	}
	return appendBytes(message, number, []byte(text))
}

// appendBytes adds a field that holds bytes or another message.
func appendBytes(message []byte, number uint64, value []byte) []byte {
	message = binary.AppendUvarint(message, number<<3|prefixed)
	message = binary.AppendUvarint(message, uint64(len(value)))
	return append(message, value...)
}

// eachField shows all fields that hold bytes, and passes over the others.
func eachField(message []byte, show func(number uint64, value []byte)) error {
	for len(message) > 0 {
		tag, size := binary.Uvarint(message)
		if size <= 0 {
			return errMessage
		}
		message = message[size:]
		length := uint64(0)
		switch tag & 7 {
		case varint:
			_, size := binary.Uvarint(message)
			if size <= 0 {
				return errMessage
			}
			length = uint64(size)
		case eight:
			length = 8
		case four:
			length = 4
		case prefixed:
			size := 0
			if length, size = binary.Uvarint(message); size <= 0 {
				return errMessage
			}
			message = message[size:]
		default:
			return errMessage
		}
		if length > uint64(len(message)) {
			return errMessage
		}
		if tag&7 == prefixed {
			show(tag>>3, message[:length])
		}
		message = message[length:]
	}
	return nil
}
