module drydock.example/simple-get

go 1.24
