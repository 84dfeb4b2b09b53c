package main

import (
	"fmt"
	"strconv"
	"strings"
)

// node is a text, a mapping or a list.
type node struct {
	scalar  string
	fields  map[string]node
	entries []node
}

// text is the text of a field; empty when there is none.
func (n node) text(key string) string { return n.fields[key].scalar }

// line is a line without its indent.
type line struct {
	number, indent int
	text           string
}

// parseYAML reads the YAML that kubectl writes: mappings and lists by indent, and texts on one line. It refuses the rest.
func parseYAML(text string) (node, error) {
	var lines []line
	for index, raw := range strings.Split(text, "\n") {
		content := strings.TrimLeft(raw, " ")
		if trimmed := strings.TrimSpace(content); trimmed == "" || trimmed == "---" || trimmed[0] == '#' {
			continue
		}
		lines = append(lines, line{index + 1, len(raw) - len(content), strings.TrimRight(content, " \r")})
	}
	root, rest, err := parseBlock(lines)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("line %d: the indent fits nothing above", rest[0].number)
	}
	return root, err
}

// parseBlock reads what begins on the first line and is indented as it is.
func parseBlock(lines []line) (node, []line, error) {
	block := node{}
	if len(lines) == 0 {
		return block, nil, nil
	}
	indent := lines[0].indent
	for len(lines) > 0 && lines[0].indent == indent {
		first := lines[0]
		var value node
		var err error
		if text, isEntry := strings.CutPrefix(first.text, "- "); isEntry {
			// What stands behind the dash is a block of its own, two to the right.
			lines[0] = line{first.number, indent + 2, text}
			value, lines, err = parseBlock(lines)
			block.entries = append(block.entries, value)
		} else {
			key, text, isField := strings.Cut(first.text, ":")
			if !isField || text != "" && text[0] != ' ' {
				return block, nil, fmt.Errorf("line %d: neither `key: value` nor `- entry`", first.number)
			}
			value, lines, err = parseValue(first, strings.TrimSpace(text), lines[1:])
			if block.fields == nil {
				block.fields = map[string]node{}
			}
			block.fields[key] = value
		}
		if err != nil {
			return block, nil, err
		}
	}
	return block, lines, nil
}

// parseValue reads what a key has: a text behind it, or a block below it. A list may be indented as its key is.
func parseValue(at line, text string, below []line) (node, []line, error) {
	if text == "" {
		isBelow := len(below) > 0 && (below[0].indent > at.indent ||
			below[0].indent == at.indent && strings.HasPrefix(below[0].text, "- "))
		if !isBelow {
			return node{}, below, nil
		}
		if below[0].indent > at.indent {
			return parseBlock(below)
		}
		return parseList(below)
	}
	switch text[0] {
	case '"':
		scalar, err := strconv.Unquote(text)
		if err != nil {
			return node{}, nil, fmt.Errorf("line %d: %w", at.number, err)
		}
		return node{scalar: scalar}, below, nil
	case '\'':
		inner := strings.TrimSuffix(text[1:], "'")
		return node{scalar: strings.ReplaceAll(inner, "''", "'")}, below, nil
	case '{', '[', '|', '>', '&', '*', '!':
		if text == "{}" || text == "[]" {
			return node{}, below, nil
		}
		return node{}, nil, fmt.Errorf("line %d: this YAML is more than this plugin reads: %s", at.number, text)
	}
	scalar, _, _ := strings.Cut(text, " #")
	return node{scalar: scalar}, below, nil
}

// parseList reads the entries that are indented as the key above them: they end where another key begins.
func parseList(lines []line) (node, []line, error) {
	end := 0
	for end < len(lines) && (lines[end].indent > lines[0].indent ||
		lines[end].indent == lines[0].indent && strings.HasPrefix(lines[end].text, "- ")) {
		end++
	}
	list, rest, err := parseBlock(lines[:end])
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("line %d: the indent fits nothing above", rest[0].number)
	}
	return list, lines[end:], err
}
