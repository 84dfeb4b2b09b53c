//go:build !wasip1

package main

// Outside a host every request fails.
const requestError = 4

func request(string, []string, string) (int, []byte, uint32) { return 0, nil, requestError }

func register(*cluster) (string, uint32) { return "", requestError }
