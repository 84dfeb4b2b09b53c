package main

import (
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	for _, test := range []struct{ name, in, out, err string }{
		{
			name: "every item, in the order of its keys",
			in: `{"apiVersion":"config.kubernetes.io/v1alpha1", "kind":"ResourceList",
				"items":[{"metadata":{"namespace":"old","name":"a"},"kind":"B","n":1e3,"big":123456789012345678901,"s":"<&>"},{"kind":"C"}],
				"functionConfig":{"data":{"namespace":"prod"}}}`,
			out: `{"apiVersion":"config.kubernetes.io/v1alpha1","kind":"ResourceList","items":[{"metadata":{"namespace":"prod","name":"a"},"kind":"B","n":1e3,"big":123456789012345678901,"s":"<&>"},{"kind":"C","metadata":{"namespace":"prod"}}],"functionConfig":{"data":{"namespace":"prod"}}}`,
		},
		{name: "no configuration", in: `{"items":[{"metadata":{"namespace":"old"}}]}`, out: `{"items":[{"metadata":{"namespace":""}}]}`},
		{name: "no items", in: `{"kind":"ResourceList"}`, out: `{"kind":"ResourceList"}`},
		{name: "items that are no objects", in: `{"items":[1,null,"a"]}`, out: `{"items":[1,null,"a"]}`},
		{name: "yaml", in: "apiVersion: v1\n", err: "the input is not JSON"},
		{name: "two values", in: `{} {}`, err: "text after the value"},
		{name: "deep", in: strings.Repeat("[", 100_000), err: "nest deeper"},
		{name: "cut off", in: `{"items":[`, err: "the input is not JSON"},
	} {
		var out strings.Builder
		err := run(strings.NewReader(test.in), &out)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: error %v, want %q", test.name, err, test.err)
			}
			continue
		}
		if err != nil || strings.TrimSuffix(out.String(), "\n") != test.out {
			t.Errorf("%s:\n%s (%v), want\n%s", test.name, out.String(), err, test.out)
		}
	}
}
