package main

import (
	"encoding/json"
	"fmt"
)

// The numbers of the host's errors.
var hostErrors = []string{
	"success", "destination-not-allowed", "invalid-cfg", "invalid-url", "request-error", "runtime-error",
}

// get is the body of what the server has at a path, or why there is none.
func (c *cluster) get(path string) ([]byte, error) {
	config := ""
	if len(c.authority) > 0 {
		id, code := register(c)
		if code != 0 {
			return nil, hostError("the certificates", code)
		}
		config = id
	}
	headers := []string{"Accept", "application/json"}
	if c.token != "" {
		headers = append(headers, "Authorization", "Bearer "+c.token)
	}
	status, body, code := request(c.server+path, headers, config)
	if code != 0 {
		return nil, hostError(c.server+path, code)
	}
	if status >= 200 && status < 300 {
		return body, nil
	}
	var told struct{ Reason, Message string }
	if err := json.Unmarshal(body, &told); err != nil || told.Message == "" {
		return nil, fmt.Errorf("%s: the server answers with status %d", path, status)
	}
	return nil, fmt.Errorf("the server says %s: %s", told.Reason, told.Message)
}

func hostError(what string, code uint32) error {
	if int(code) < len(hostErrors) {
		return fmt.Errorf("%s: %s", what, hostErrors[code])
	}
	return fmt.Errorf("%s: an error of no known number", what)
}
