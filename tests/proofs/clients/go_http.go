// Package main: the pasted text stands beside this file, as pasted.go, or a stand-in for it.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"
)

var started = time.Now()

func say(words map[string]any) {
	line, _ := json.Marshal(words)
	fmt.Println(string(line))
}

func waiting() {
	say(map[string]any{"event": "idle"})
	started = time.Now()
}

func get(client *http.Client, url string) error {
	answer, err := client.Get(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && string(body) != "ok\n" {
		err = fmt.Errorf("heard %q", body)
	}
	return err
}

func trial(mode, url string, silence float64) error {
	client := &http.Client{Transport: Transport}
	if mode == "held" {
		go func() { time.Sleep(500 * time.Millisecond); waiting() }()
		return get(client, fmt.Sprintf("%s/slow?%g", url, silence))
	}
	if err := get(client, url+"/fast"); err != nil {
		return err
	}
	waiting()
	time.Sleep(time.Duration(silence * float64(time.Second)))
	started = time.Now()
	return get(client, url+"/fast")
}

func main() {
	silence, _ := strconv.ParseFloat(os.Args[5], 64)
	err := trial(os.Args[2], "http://"+os.Args[3]+":"+os.Args[4], silence)
	done := map[string]any{"event": "done", "ok": err == nil, "took": time.Since(started).Seconds()}
	if err != nil {
		done["error"] = err.Error()
	}
	say(done)
}
