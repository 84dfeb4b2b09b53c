module drydock.example/kubectl-labels

go 1.24
