module drydock.example/name-pattern-go

go 1.24
