// A plugin of KubeStellar's dashboard that counts pods by namespace: a reactor in Go, of the standard library alone. Its
// plugin.yml names `_initialize` as the entry point, without which no export of a Go reactor works.
//
// Build it with: GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o pod-counter.wasm
package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A reactor has no use for main, and Go wants one.
func main() {}

// asks gets what the API server has at a path; nothing when the dashboard refuses.
type asks func(path string) []byte

// counted is what a namespace holds.
type counted struct {
	Pods    int `json:"pods"`
	Running int `json:"running"`
}

// list is as much of a list of pods as is counted, or the Status that came in its place.
type list struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Items   []struct {
		Metadata struct {
			Namespace string `json:"namespace"`
		} `json:"metadata"`
		Status struct {
			Phase string `json:"phase"`
		} `json:"status"`
	} `json:"items"`
}

// status answers GET /status.
func status([]byte, asks) (any, error) {
	return map[string]string{"status": "healthy"}, nil
}

// pods answers GET /pods, which has no body and counts all namespaces, and POST /pods with the name of one.
func pods(body []byte, ask asks) (any, error) {
	path := "/api/v1/pods"
	if len(body) > 0 {
		var asked struct {
			Namespace string `json:"namespace"`
		}
		if err := json.Unmarshal(body, &asked); err != nil {
			return nil, fmt.Errorf("the body cannot be read: %w", err)
		}
		if strings.Trim(asked.Namespace, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || asked.Namespace == "" {
			return nil, fmt.Errorf("%q is no `namespace`", asked.Namespace)
		}
		path = "/api/v1/namespaces/" + asked.Namespace + "/pods"
	}
	found, err := read(path, ask(path))
	if err != nil {
		return nil, err
	}
	namespaces := map[string]counted{}
	for _, pod := range found.Items {
		count := namespaces[pod.Metadata.Namespace]
		count.Pods++
		if pod.Status.Phase == "Running" {
			count.Running++
		}
		namespaces[pod.Metadata.Namespace] = count
	}
	return map[string]any{"namespaces": namespaces, "pods": len(found.Items)}, nil
}

func read(path string, text []byte) (*list, error) {
	if len(text) == 0 {
		return nil, fmt.Errorf("%s: the dashboard gives no answer", path)
	}
	var found list
	if err := json.Unmarshal(text, &found); err != nil {
		return nil, fmt.Errorf("%s: the answer cannot be read: %w", path, err)
	}
	if found.Kind == "Status" {
		return nil, fmt.Errorf("%s: %s", path, found.Message)
	}
	return &found, nil
}

// answer is what a handler comes to, as JSON. The dashboard sends every answer with status 200, so a reason is told.
func answer(handler func([]byte, asks) (any, error), body []byte, ask asks) []byte {
	found, err := handler(body, ask)
	if err != nil {
		found = map[string]string{"error": err.Error()}
	}
	text, err := json.Marshal(found)
	if err != nil {
		return nil
	}
	return text
}
