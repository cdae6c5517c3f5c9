//go:build tools

// Package tools pins the Pulumi CLI, so that `go build` of its main package resolves to the versions in go.sum.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
