package main

import (
	"encoding/hex"
	"testing"
)

// The bytes are those of the example of wasm-k8s-host-proxy.
func TestCall(t *testing.T) {
	const kind = "0a10120276311a0a636f6e6669676d617073"
	for _, test := range []struct{ name, request, payload, asked, reply, err string }{
		{
			name: "a value", request: "0a0464656d6f120764656661756c74", payload: `{"data":{"my-data":"Data"}}`,
			asked: kind + "120f0a0464656d6f120764656661756c74", reply: "0a0444617461",
		},
		{name: "no such key", payload: `{"data":{}}`, asked: kind + "1200"},
		{name: "nothing", asked: kind + "1200", err: "EOF"},
		{name: "no JSON", payload: `x`, asked: kind + "1200", err: "invalid character 'x' looking for beginning of value"},
		{name: "no message", request: "ffffff"},
	} {
		request, _ := hex.DecodeString(test.request)
		asked := ""
		host := host{
			log: func([]byte) {},
			get: func(message []byte) []byte {
				asked = hex.EncodeToString(message)
				if test.payload == "" {
					return nil
				}
				return appendText(nil, 1, test.payload)
			},
		}
		reply, err := host.call(request)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if hex.EncodeToString(reply) != test.reply || asked != test.asked || text != test.err {
			t.Errorf("%s: %x, asked %s, %q", test.name, reply, asked, text)
		}
	}
}

func TestLog(t *testing.T) {
	host := host{
		log: func(message []byte) {
			if len(message) != 72 || message[0] != 0x0a || message[1] != 70 {
				t.Errorf("%d bytes: %s", len(message), message)
			}
		},
		get: func([]byte) []byte { return nil },
	}
	host.call(appendText(appendText(nil, 1, "demo"), 2, "default"))
}

func TestEachField(t *testing.T) {
	for _, test := range []struct {
		message, fields string
		fails           bool
	}{
		{message: "0802" + "1900000000000000ff" + "25000000ff" + "220161", fields: "a"},
		{message: "0a05", fails: true},
		{message: "0affffffffffffffffff01", fails: true},
		{message: "08", fails: true},
		{message: "0b", fails: true},
		{message: "1900", fails: true},
	} {
		message, _ := hex.DecodeString(test.message)
		fields := ""
		err := eachField(message, func(_ uint64, value []byte) { fields += string(value) })
		if (err != nil) != test.fails || fields != test.fields {
			t.Errorf("%s: %q, %v", test.message, fields, err)
		}
	}
}
