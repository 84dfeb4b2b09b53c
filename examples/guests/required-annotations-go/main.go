// Refuses objects without the annotations that they must have: a Kubewarden policy in Go, which is a WASI program and
// uses the standard library alone.
//
// Build it with: GOOS=wasip1 GOARCH=wasm go build -o required-annotations-go.wasm
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// settings are the policy's.
type settings struct {
	// Annotations that must be there, with any value.
	Annotations []string `json:"annotations"`
}

// question is what validate reads.
type question struct {
	Request struct {
		Object struct {
			Metadata struct {
				Annotations map[string]string `json:"annotations"`
			} `json:"metadata"`
		} `json:"object"`
	} `json:"request"`
	Settings json.RawMessage `json:"settings"`
}

// verdict is what validate prints.
type verdict struct {
	Accepted bool   `json:"accepted"`
	Message  string `json:"message,omitempty"`
	Code     int    `json:"code,omitempty"`
}

// settingsVerdict is what validate-settings prints.
type settingsVerdict struct {
	Valid   bool   `json:"valid"`
	Message string `json:"message,omitempty"`
}

// run does what the first argument says: it is the name of the operation.
func run(arguments []string, in io.Reader, out io.Writer) error {
	if len(arguments) != 1 {
		return fmt.Errorf("expected one argument, got %d", len(arguments))
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	switch arguments[0] {
	case "validate":
		answer, err := validate(text)
		if err != nil {
			return err
		}
		return json.NewEncoder(out).Encode(answer)
	case "validate-settings":
		answer := settingsVerdict{Valid: true}
		if _, err := readSettings(text); err != nil {
			answer = settingsVerdict{Message: err.Error()}
		}
		return json.NewEncoder(out).Encode(answer)
	}
	return fmt.Errorf("unknown operation %q", arguments[0])
}

func validate(text []byte) (*verdict, error) {
	var asked question
	if err := json.Unmarshal(text, &asked); err != nil {
		return nil, fmt.Errorf("the request cannot be read: %w", err)
	}
	wanted, err := readSettings(asked.Settings)
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, name := range wanted.Annotations {
		if _, found := asked.Request.Object.Metadata.Annotations[name]; !found {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return &verdict{Message: "annotations are missing: " + strings.Join(missing, ", "), Code: 422}, nil
	}
	return &verdict{Accepted: true}, nil
}

func readSettings(text []byte) (*settings, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var given settings
	if err := decoder.Decode(&given); err != nil {
		return nil, fmt.Errorf("the settings cannot be read: %w", err)
	}
	if len(given.Annotations) == 0 {
		return nil, errors.New("the settings name no annotations")
	}
	return &given, nil
}
