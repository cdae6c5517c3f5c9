//go:build tools

// Package tools pins Pulumi's language host for YAML, so that `go build` of its main package resolves to the versions in
// go.sum. It is a module of its own, since the host is built on an older Pulumi than the CLI.
package tools

import _ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
