package main

import (
	"strings"
	"testing"
)

func TestServe(t *testing.T) {
	for _, test := range []struct{ name, in, out string }{
		{
			name: "a name that fits",
			in:   `{"request":{"request":{"uid":"U","name":"shop-web","object":null}},"settings":{"pattern":"shop-.*"}}`,
			out:  `{"response":{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"U","allowed":true}}}`,
		},
		{
			name: "a name that does not",
			in:   `{"request":{"request":{"uid":"U","name":"my-shop-web"}},"settings":{"pattern":"shop-.*"}}`,
			out:  `"allowed":false,"status":{"message":"the name \"my-shop-web\" does not fit ^(?:shop-.*)$","code":403}`,
		},
		{
			name: "a name that is yet to come",
			in:   `{"request":{"request":{"uid":"U","object":{"metadata":{"generateName":"shop-"}}}},"settings":{"pattern":"shop-.*"}}`,
			out:  `"allowed":true`,
		},
		{name: "no settings", in: `{"request":{"request":{}},"settings":null}`, out: `"error":"the settings have no`},
		{name: "odd settings", in: `{"request":{},"settings":{"patern":"a"}}`, out: `unknown field \"patern\"`},
		{name: "a bad pattern", in: `{"request":{},"settings":{"pattern":"["}}`, out: `missing closing ]`},
		{name: "no envelope", in: ``, out: `"error":"the envelope cannot be read: EOF"`},
	} {
		var out strings.Builder
		if err := serve(strings.NewReader(test.in), &out); err != nil || !strings.Contains(out.String(), test.out) {
			t.Errorf("%s: %s (%v), want %s", test.name, out.String(), err, test.out)
		}
	}
}
