module drydock.example/set-namespace-json

go 1.24
