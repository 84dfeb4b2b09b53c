package main

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	const pods = `{"items":[
		{"metadata":{"labels":{"app":"web","tier":"front"}}},
		{"metadata":{"labels":{"app":"web"}}},
		{"metadata":{"labels":{"app":"db"}}},
		{"metadata":{}}]}`
	for _, test := range []struct{ name, body, key, out, err string }{
		{name: "all", body: pods, out: "KEY    VALUE   PODS\napp    web     2\napp    db      1\ntier   front   1\n"},
		{name: "one key", body: pods, key: "tier", out: "KEY    VALUE   PODS\ntier   front   1\n"},
		{name: "another key", body: pods, key: "x", out: "None of 4 pods has such a label.\n"},
		{name: "no JSON", body: "x", err: "the pods cannot be read"},
	} {
		var out strings.Builder
		err := report([]byte(test.body), test.key, false, &out)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: error %v", test.name, err)
			}
			continue
		}
		if err != nil || out.String() != test.out {
			t.Errorf("%s: %v\n%s", test.name, err, out.String())
		}
	}
}

// As kubectl writes it, the lists indented as their keys are.
const kubeconfig = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Q0E=
    server: https://example.com:6443/
  name: c
contexts:
- context:
    cluster: c
    user: "u"
  name: other
- context:
    cluster: c
    namespace: 'on'
    user: u
  name: shop
current-context: shop # the one
kind: Config
preferences: {}
users:
- name: u
  user:
    token: t
`

func TestKubeconfig(t *testing.T) {
	for _, test := range []struct{ from, to, server, namespace, err string }{
		{server: "https://example.com:6443", namespace: "on"},
		{from: "current-context: shop", to: "current-context: other", server: "https://example.com:6443", namespace: "default"},
		{from: "current-context: shop", to: "current-context: gone", err: "`contexts` has no context \"gone\""},
		{from: "    server:", to: "    host:", err: "the cluster has no `server`"},
		{from: "Q0E=", to: "?", err: "`certificate-authority-data`: illegal base64 data at input byte 0"},
		{from: "preferences: {}", to: "preferences: {a: 1}", err: "line 19: this YAML is more than this plugin reads: {a: 1}"},
		{from: "kind: Config", to: "kind", err: "line 18: neither `key: value` nor `- entry`"},
		{from: "    token: t", to: "    token: t\n   x: y", err: "line 24: the indent fits nothing above"},
	} {
		found, err := readKubeconfig(strings.Replace(kubeconfig, test.from, test.to, 1))
		switch {
		case test.err != "":
			if err == nil || err.Error() != test.err {
				t.Errorf("%q: error %v, want %s", test.to, err, test.err)
			}
		case err != nil:
			t.Errorf("%q: %v", test.to, err)
		case found.server != test.server || found.namespace != test.namespace || found.token != "t":
			t.Errorf("%q: %+v", test.to, found)
		}
	}
}
