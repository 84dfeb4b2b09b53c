package main

import "testing"

func TestPods(t *testing.T) {
	const list = `{"kind":"PodList","items":[
		{"metadata":{"namespace":"shop"},"status":{"phase":"Running"}},
		{"metadata":{"namespace":"shop"},"status":{"phase":"Pending"}},
		{"metadata":{"namespace":"audit"}}]}`
	for _, test := range []struct{ name, body, found, path, answer string }{
		{
			name: "all namespaces", found: list, path: "/api/v1/pods",
			answer: `{"namespaces":{"audit":{"pods":1,"running":0},"shop":{"pods":2,"running":1}},"pods":3}`,
		},
		{
			name: "one namespace", body: `{"namespace":"none"}`, found: `{"items":[]}`, path: "/api/v1/namespaces/none/pods",
			answer: `{"namespaces":{},"pods":0}`,
		},
		{
			name: "refused by the server", found: `{"kind":"Status","message":"pods is forbidden"}`, path: "/api/v1/pods",
			answer: `{"error":"/api/v1/pods: pods is forbidden"}`,
		},
		{name: "refused by the dashboard", path: "/api/v1/pods", answer: `{"error":"/api/v1/pods: the dashboard gives no answer"}`},
		{name: "no namespace", body: `{}`, answer: "{\"error\":\"\\\"\\\" is no `namespace`\"}"},
		{name: "a way out", body: `{"namespace":"a/b"}`, answer: "{\"error\":\"\\\"a/b\\\" is no `namespace`\"}"},
		{name: "no JSON", body: `?`, answer: `{"error":"the body cannot be read: invalid character '?' looking for beginning of value"}`},
	} {
		path := ""
		ask := func(asked string) []byte {
			path = asked
			return []byte(test.found)
		}
		if got := string(answer(pods, []byte(test.body), ask)); got != test.answer || path != test.path {
			t.Errorf("%s: %s, asked %q", test.name, got, path)
		}
	}
}
