package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// value is a JSON value that keeps what encoding/json's maps and float64s lose: the order of keys, and the
// digits of numbers. A scalar is kept as the text it was.
type value struct {
	scalar string
	keys   []string
	fields map[string]*value
	list   []*value
	kind   byte // '{', '[', or 0 for a scalar
}

// maxDepth bounds how deep values nest, far beyond any manifest: without a bound, a row of brackets would fill
// the stack.
const maxDepth = 1000

// parse reads one JSON value, and nothing after it.
func parse(text []byte) (*value, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	parsed, err := read(decoder, 0)
	if err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is text after the value")
	}
	return parsed, nil
}

// read reads the next value, which stands in depth others.
func read(decoder *json.Decoder, depth int) (*value, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("values nest deeper than %d", maxDepth)
	}
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return readObject(decoder, depth)
		}
		return readList(decoder, depth)
	case string:
		return quote(token), nil
	case nil:
		return &value{scalar: "null"}, nil
	default:
		return &value{scalar: fmt.Sprint(token)}, nil
	}
}

func readObject(decoder *json.Decoder, depth int) (*value, error) {
	object := &value{kind: '{', fields: map[string]*value{}}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		field, err := read(decoder, depth+1)
		if err != nil {
			return nil, err
		}
		object.set(key.(string), field)
	}
	_, err := decoder.Token()
	return object, err
}

func readList(decoder *json.Decoder, depth int) (*value, error) {
	list := &value{kind: '['}
	for decoder.More() {
		element, err := read(decoder, depth+1)
		if err != nil {
			return nil, err
		}
		list.list = append(list.list, element)
	}
	_, err := decoder.Token()
	return list, err
}

// get gives a field; nil where there is none, which every method takes.
func (v *value) get(key string) *value {
	if v == nil {
		return nil
	}
	return v.fields[key]
}

// elements gives the elements of a list.
func (v *value) elements() []*value {
	if v == nil {
		return nil
	}
	return v.list
}

// text gives the text of a string; empty for anything else.
func (v *value) text() string {
	var text string
	if v == nil || json.Unmarshal([]byte(v.scalar), &text) != nil {
		return ""
	}
	return text
}

// child gives an object's field that is an object, making it where it is missing.
func (v *value) child(key string) *value {
	if field := v.get(key); field != nil && field.kind == '{' {
		return field
	}
	field := &value{kind: '{', fields: map[string]*value{}}
	v.set(key, field)
	return field
}

// set sets a field, which keeps its place, or comes last. What is no object has no fields.
func (v *value) set(key string, field *value) {
	if v.kind != '{' {
		return
	}
	if _, found := v.fields[key]; !found {
		v.keys = append(v.keys, key)
	}
	v.fields[key] = field
}

// write appends the value as compact JSON.
func (v *value) write(out []byte) []byte {
	switch v.kind {
	case '{':
		out = append(out, '{')
		for index, key := range v.keys {
			if index > 0 {
				out = append(out, ',')
			}
			out = append(append(out, quote(key).scalar...), ':')
			out = v.fields[key].write(out)
		}
		return append(out, '}')
	case '[':
		out = append(out, '[')
		for index, element := range v.list {
			if index > 0 {
				out = append(out, ',')
			}
			out = element.write(out)
		}
		return append(out, ']')
	default:
		return append(out, v.scalar...)
	}
}

// quote gives a string. Unlike json.Marshal it leaves <, > and & alone.
func quote(text string) *value {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	// A string always encodes.
	_ = encoder.Encode(text)
	return &value{scalar: string(bytes.TrimRight(buffer.Bytes(), "\n"))}
}
