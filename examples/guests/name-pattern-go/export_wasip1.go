package main

//go:wasmexport validate
func validate() {
	answerHost()
}
