// SPDX-License-Identifier: Apache-2.0

// The published controller manager as a program for the end-to-end tests: it makes Pods of Deployments, service accounts, and ends namespaces.
package main

import (
	"os"

	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

func main() {
	os.Exit(cli.Run(app.NewControllerManagerCommand()))
}
