// Refuses objects whose name does not fit a pattern: a k8s-wasm admission module in Go, of the standard library alone.
//
// Build it with: GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o name-pattern-go.wasm
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
)

// A reactor has no use for main, and Go wants one.
func main() {}

// envelope is what the host sends.
type envelope struct {
	Request struct {
		Request struct {
			UID    string `json:"uid"`
			Name   string `json:"name"`
			Object struct {
				Metadata struct {
					GenerateName string `json:"generateName"`
				} `json:"metadata"`
			} `json:"object"`
		} `json:"request"`
	} `json:"request"`
	Settings json.RawMessage `json:"settings"`
}

// settings are the policy's.
type settings struct {
	// Pattern is a regular expression for the whole name.
	Pattern string `json:"pattern"`
}

// answer is what the host reads: a review, or why there is none.
type answer struct {
	Response *review `json:"response"`
	Error    string  `json:"error,omitempty"`
}

type review struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Response   response `json:"response"`
}

type response struct {
	UID     string  `json:"uid"`
	Allowed bool    `json:"allowed"`
	Status  *status `json:"status,omitempty"`
}

type status struct {
	Message string `json:"message"`
	Code    int    `json:"code"`
}

// serve answers one request.
func serve(in io.Reader, out io.Writer) error {
	var reply answer
	if judged, err := judge(in); err != nil {
		reply.Error = err.Error()
	} else {
		reply.Response = &review{"admission.k8s.io/v1", "AdmissionReview", *judged}
	}
	return json.NewEncoder(out).Encode(reply)
}

func judge(in io.Reader) (*response, error) {
	var asked envelope
	if err := json.NewDecoder(in).Decode(&asked); err != nil {
		return nil, fmt.Errorf("the envelope cannot be read: %w", err)
	}
	pattern, err := readPattern(asked.Settings)
	if err != nil {
		return nil, err
	}
	request := asked.Request.Request
	name := request.Name
	if name == "" {
		// The API server has not chosen the name yet: what it will begin with is all there is.
		name = request.Object.Metadata.GenerateName
	}
	if pattern.MatchString(name) {
		return &response{UID: request.UID, Allowed: true}, nil
	}
	message := fmt.Sprintf("the name %q does not fit %s", name, pattern)
	return &response{UID: request.UID, Status: &status{Message: message, Code: 403}}, nil
}

func readPattern(text []byte) (*regexp.Regexp, error) {
	var given settings
	if len(text) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&given); err != nil {
			return nil, fmt.Errorf("the settings cannot be read: %w", err)
		}
	}
	if given.Pattern == "" {
		return nil, errors.New("the settings have no `pattern`")
	}
	return regexp.Compile("^(?:" + given.Pattern + ")$")
}

// answerHost is what the export calls.
func answerHost() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
