// Sets the namespace of every resource, in Go, reading JSON and nothing else: one of the first two languages of
// KRM functions in WebAssembly (kpt's proof of concept of 2022), written anew without TinyGo.
//
// It sets metadata.namespace on every item, of whatever kind, to functionConfig.data.namespace, and prints the
// list as compact JSON with its keys in the order they came, and numbers as they were written. It knows no
// scopes and reports no results.
//
// Build it with: GOOS=wasip1 GOARCH=wasm go build -o set-namespace-json.wasm
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "failed to evaluate function:", err)
		os.Exit(1)
	}
}

// run reads a ResourceList, sets the namespace, and writes the list and a newline.
func run(in io.Reader, out io.Writer) error {
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	list, err := parse(text)
	if err != nil {
		return fmt.Errorf("the input is not JSON: %w; set the step's wire to json", err)
	}
	// A missing configuration sets the empty namespace, as the first one did.
	namespace := list.get("functionConfig").get("data").get("namespace").text()
	for _, item := range list.get("items").elements() {
		item.child("metadata").set("namespace", quote(namespace))
	}
	_, err = out.Write(append(list.write(nil), '\n'))
	return err
}
