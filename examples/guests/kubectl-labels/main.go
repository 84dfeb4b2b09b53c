// A kubectl plugin that counts the labels of pods: `kubectl labels [-n NAMESPACE | -A] [-color] [KEY]`. It is a WASI program
// in Go, of the standard library alone, and reads pods through the host's `wasi-outbound-http`.
//
// Build it with: GOOS=wasip1 GOARCH=wasm go build -o kubectl-labels.wasm
package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(arguments []string, out io.Writer) error {
	options := flag.NewFlagSet("kubectl labels", flag.ContinueOnError)
	options.SetOutput(io.Discard)
	namespace := options.String("n", "", "the namespace")
	all := options.Bool("A", false, "all namespaces")
	color := options.Bool("color", false, "colours")
	if err := options.Parse(arguments); err != nil {
		return err
	}
	if options.NArg() > 1 {
		return fmt.Errorf("expected one key at most, got %q", options.Args())
	}
	text, err := os.ReadFile(filepath.Join(os.Getenv("HOME"), ".kube", "config"))
	if err != nil {
		return err
	}
	cluster, err := readKubeconfig(string(text))
	if err != nil {
		return fmt.Errorf("the kubeconfig: %w", err)
	}
	path := "/api/v1/namespaces/" + url.PathEscape(cmp.Or(*namespace, cluster.namespace)) + "/pods"
	if *all {
		path = "/api/v1/pods"
	}
	body, err := cluster.get(path)
	if err != nil {
		return err
	}
	return report(body, options.Arg(0), *color, out)
}

// label is a key with a value.
type label struct{ key, value string }

// report prints how many pods have each label, or each value of one key.
func report(body []byte, key string, color bool, out io.Writer) error {
	var pods struct {
		Items []struct {
			Metadata struct {
				Labels map[string]string `json:"labels"`
			} `json:"metadata"`
		} `json:"items"`
	}
	if err := json.Unmarshal(body, &pods); err != nil {
		return fmt.Errorf("the pods cannot be read: %w", err)
	}
	counts := map[label]int{}
	for _, pod := range pods.Items {
		for name, value := range pod.Metadata.Labels {
			if key == "" || key == name {
				counts[label{name, value}]++
			}
		}
	}
	if len(counts) == 0 {
		_, err := fmt.Fprintf(out, "None of %d pods has such a label.\n", len(pods.Items))
		return err
	}
	return table(counts, color, out)
}

// table prints the labels that are used most first.
func table(counts map[label]int, color bool, out io.Writer) error {
	labels := make([]label, 0, len(counts))
	for label := range counts {
		labels = append(labels, label)
	}
	slices.SortFunc(labels, func(a, b label) int {
		return cmp.Or(counts[b]-counts[a], cmp.Compare(a.key, b.key), cmp.Compare(a.value, b.value))
	})
	// The colour is the first column's in every row, so that all rows are widened alike.
	on, off := "", ""
	if color {
		on, off = "\x1b[36m", "\x1b[0m"
	}
	columns := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintf(columns, "%sKEY%s\tVALUE\tPODS\n", on, off)
	for _, label := range labels {
		fmt.Fprintf(columns, "%s%s%s\t%s\t%d\n", on, label.key, off, label.value, counts[label])
	}
	return columns.Flush()
}
