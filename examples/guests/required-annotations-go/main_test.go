package main

import (
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	const wanted = `"settings":{"annotations":["a","b"]}`
	for _, test := range []struct{ name, operation, in, out, err string }{
		{
			name: "all are there", operation: "validate",
			in:  `{"request":{"object":{"metadata":{"annotations":{"a":"","b":"1","c":"2"}}}},` + wanted + `}`,
			out: `{"accepted":true}`,
		},
		{
			name: "one is missing", operation: "validate",
			in:  `{"request":{"object":{"metadata":{"annotations":{"a":""}}}},` + wanted + `}`,
			out: `{"accepted":false,"message":"annotations are missing: b","code":422}`,
		},
		{name: "no object", operation: "validate", in: `{"request":{},` + wanted + `}`, out: `annotations are missing: a, b`},
		{name: "no request", operation: "validate", in: `[]`, err: "the request cannot be read"},
		{name: "settings", operation: "validate-settings", in: `{"annotations":["a"]}`, out: `{"valid":true}`},
		{name: "no settings", operation: "validate-settings", in: `{}`, out: `{"valid":false,"message":"the settings name no annotations"}`},
		{name: "odd settings", operation: "validate-settings", in: `{"annotation":["a"]}`, out: `unknown field`},
		{name: "another operation", operation: "mutate", in: `{}`, err: "unknown operation"},
	} {
		var out strings.Builder
		err := run([]string{test.operation}, strings.NewReader(test.in), &out)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: error %v, want %q", test.name, err, test.err)
			}
			continue
		}
		if err != nil || !strings.Contains(out.String(), test.out) {
			t.Errorf("%s: %s (%v), want %s", test.name, out.String(), err, test.out)
		}
	}
}
