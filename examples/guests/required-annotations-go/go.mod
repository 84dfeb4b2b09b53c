module drydock.example/required-annotations-go

go 1.24
