// A guest: files, goroutines and timers as Go programs use them.
// It prints what it saw; the host compares.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	fmt.Println(len(os.Args), os.Args[len(os.Args)-1], os.Getenv("NAME"))
	input, err := io.ReadAll(os.Stdin)
	check(err)
	fmt.Printf("%q\n", input)

	check(os.MkdirAll("/work/a/b", 0o755))
	check(os.WriteFile("/work/a/b/file", []byte("hello"), 0o644))
	file, err := os.OpenFile("/work/a/b/file", os.O_APPEND|os.O_RDWR, 0)
	check(err)
	_, err = file.WriteString(", world")
	check(err)
	_, err = file.Seek(-5, io.SeekEnd)
	check(err)
	rest, err := io.ReadAll(file)
	check(err)
	fmt.Printf("%s\n", rest)
	check(file.Truncate(4))
	check(file.Close())
	check(os.Symlink("b/file", "/work/a/link"))
	target, err := os.Readlink("/work/a/link")
	check(err)
	text, err := os.ReadFile("/work/a/link")
	check(err)
	fmt.Printf("%s %s\n", target, text)
	check(os.Link("/work/a/b/file", "/work/a/hard"))
	check(os.Rename("/work/a/hard", "/work/a/moved"))
	moment := time.Unix(1000, 0)
	check(os.Chtimes("/work/a/moved", moment, moment))
	info, err := os.Stat("/work/a/b/file")
	check(err)
	fmt.Println(info.Size(), info.ModTime().Equal(moment))
	check(filepath.WalkDir("/work", func(path string, entry fs.DirEntry, err error) error {
		fmt.Println(path, entry.Type())
		return err
	}))
	_, err = os.Open("/work/missing")
	fmt.Println(errors.Is(err, fs.ErrNotExist))
	_, err = os.OpenFile("/work/a/moved", os.O_CREATE|os.O_EXCL, 0o644)
	fmt.Println(errors.Is(err, fs.ErrExist))
	fmt.Println(os.WriteFile("/fixed/given", nil, 0o644))
	check(os.RemoveAll("/work/a"))

	start := time.Now()
	var group sync.WaitGroup
	for index := 3; index > 0; index-- {
		group.Add(1)
		go func() {
			defer group.Done()
			time.Sleep(time.Duration(index) * 100 * time.Millisecond)
			fmt.Println("awake", index)
		}()
	}
	group.Wait()
	fmt.Println(time.Since(start) >= 300*time.Millisecond, start.UTC().Year())
	os.Exit(5)
}
