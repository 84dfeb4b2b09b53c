package main

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// cluster is what the current context comes to.
type cluster struct {
	server, namespace, token string
	// PEM; empty when the kubeconfig has none.
	authority, certificate, key []byte
}

// readKubeconfig reads a kubeconfig as kubectl writes it. Certificates in files are not read.
func readKubeconfig(text string) (*cluster, error) {
	root, err := parseYAML(text)
	if err != nil {
		return nil, err
	}
	context, err := named(root, "contexts", "context", root.text("current-context"))
	if err != nil {
		return nil, err
	}
	server, err := named(root, "clusters", "cluster", context.text("cluster"))
	if err != nil {
		return nil, err
	}
	user, err := named(root, "users", "user", context.text("user"))
	if err != nil {
		return nil, err
	}
	found := &cluster{
		server:    strings.TrimSuffix(server.text("server"), "/"),
		namespace: context.text("namespace"),
		token:     user.text("token"),
	}
	if found.server == "" {
		return nil, fmt.Errorf("the cluster has no `server`")
	}
	if found.namespace == "" {
		found.namespace = "default"
	}
	for _, data := range []struct {
		of   node
		key  string
		into *[]byte
	}{
		{server, "certificate-authority-data", &found.authority},
		{user, "client-certificate-data", &found.certificate},
		{user, "client-key-data", &found.key},
	} {
		if *data.into, err = base64.StdEncoding.DecodeString(data.of.text(data.key)); err != nil {
			return nil, fmt.Errorf("`%s`: %w", data.key, err)
		}
	}
	return found, nil
}

// named is a part of the entry of a list that has a name.
func named(root node, list, part, name string) (node, error) {
	for _, entry := range root.fields[list].entries {
		if entry.text("name") == name {
			return entry.fields[part], nil
		}
	}
	return node{}, fmt.Errorf("`%s` has no %s %q", list, part, name)
}
