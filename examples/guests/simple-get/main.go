// A service of go-plugin that reads a ConfigMap through wasm-k8s-host-proxy, as its example does: getter.proto describes
// it. It uses the standard library alone, so the few messages are written by hand.
//
// Build it with: GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o simple-get.wasm
package main

import (
	"bytes"
	"encoding/json"
)

// A reactor has no use for main, and Go wants one.
func main() {}

// key is what is read of the ConfigMap.
const key = "my-data"

// host is what the plugin asks: both take a message and answer with one.
type host struct {
	log func(message []byte)
	get func(message []byte) []byte
}

// getConfigMap answers Getter.GetConfigMap.
func (host host) getConfigMap(name, namespace string) (string, error) {
	text := "Getting ConfigMap object '" + name + "/" + namespace + "' from the Kubernetes cluster..."
	host.log(appendText(nil, 1, text))

	kind := appendText(appendText(nil, 2, "v1"), 3, "configmaps")
	place := appendText(appendText(nil, 1, name), 2, namespace)
	request := appendBytes(appendBytes(nil, 1, kind), 2, place)

	var payload []byte
	err := eachField(host.get(request), func(number uint64, value []byte) {
		if number == 1 {
			payload = value
		}
	})
	if err != nil {
		return "", err
	}
	var object struct {
		Data map[string]string `json:"data"`
	}
	if err := json.NewDecoder(bytes.NewReader(payload)).Decode(&object); err != nil {
		return "", err
	}
	return object.Data[key], nil
}

// call answers a GetRequest with a GetReply. What cannot be read is answered with nothing, as go-plugin does it.
func (host host) call(request []byte) ([]byte, error) {
	var name, namespace string
	err := eachField(request, func(number uint64, value []byte) {
		switch number {
		case 1:
			name = string(value)
		case 2:
			namespace = string(value)
		}
	})
	if err != nil {
		return nil, nil
	}
	data, err := host.getConfigMap(name, namespace)
	if err != nil {
		return nil, err
	}
	return appendText(nil, 1, data), nil
}
