module drydock.example/pod-counter

go 1.24
