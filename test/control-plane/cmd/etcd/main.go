// SPDX-License-Identifier: Apache-2.0

// The store of the control plane that the end-to-end tests start: one etcd member on loopback, without fsync, because a test's data may die with it.
package main

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"go.etcd.io/etcd/server/v3/embed"
)

func main() {
	client := flag.String("client", "", "address for clients: http://127.0.0.1:PORT")
	peer := flag.String("peer", "http://127.0.0.1:0", "address for other members")
	folder := flag.String("data", "", "folder for the data")
	flag.Parse()
	if err := serve(*client, *peer, *folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(client, peer, folder string) error {
	clientAddress, err := url.Parse(client)
	if err != nil {
		return err
	}
	peerAddress, err := url.Parse(peer)
	if err != nil {
		return err
	}
	configuration := embed.NewConfig()
	configuration.Dir = folder
	configuration.LogLevel = "warn"
	configuration.UnsafeNoFsync = true
	configuration.ListenClientUrls = []url.URL{*clientAddress}
	configuration.AdvertiseClientUrls = []url.URL{*clientAddress}
	configuration.ListenPeerUrls = []url.URL{*peerAddress}
	configuration.AdvertisePeerUrls = []url.URL{*peerAddress}
	configuration.InitialCluster = configuration.InitialClusterFromName(configuration.Name)
	member, err := embed.StartEtcd(configuration)
	if err != nil {
		return err
	}
	defer member.Close()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	select {
	case <-stop:
		return nil
	case err := <-member.Err():
		return err
	}
}
