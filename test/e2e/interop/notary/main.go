// SPDX-License-Identifier: Apache-2.0

// Command notary signs and verifies images with notation-go, the library under the notation program, so that Landwaiter can be tried against it.
// It stands in for that program, whose own module is not served by the Go module proxy. For tests only: plain HTTP, no plugins, no revocation network.
//
//	notary certificates KIND FOLDER          makes root.pem, chain.pem (leaf first) and key.pem (PKCS #8)
//	notary sign MEDIA-TYPE FOLDER REFERENCE  signs with key.pem and chain.pem of the folder
//	notary verify FOLDER REFERENCE           verifies by the notation configuration in the folder
package main

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"time"

	_ "github.com/notaryproject/notation-core-go/signature/cose"
	_ "github.com/notaryproject/notation-core-go/signature/jws"
	"github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/dir"
	"github.com/notaryproject/notation-go/registry"
	"github.com/notaryproject/notation-go/signer"
	"github.com/notaryproject/notation-go/verifier"
	"oras.land/oras-go/v2/registry/remote"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "notary:", err)
		os.Exit(1)
	}
}

func run(words []string) error {
	switch {
	case len(words) == 3 && words[0] == "certificates":
		return makeCertificates(words[1], words[2])
	case len(words) == 4 && words[0] == "sign":
		return sign(words[1], words[2], words[3])
	case len(words) == 3 && words[0] == "verify":
		return verify(words[1], words[2])
	}
	return errors.New("usage: certificates KIND FOLDER | sign MEDIA-TYPE FOLDER REFERENCE | verify FOLDER REFERENCE")
}

func repositoryOf(reference string) (registry.Repository, error) {
	repository, err := remote.NewRepository(reference)
	if err != nil {
		return nil, err
	}
	repository.PlainHTTP = true
	return registry.NewRepository(repository), nil
}

func sign(mediaType, folder, reference string) error {
	repository, err := repositoryOf(reference)
	if err != nil {
		return err
	}
	keeper, err := signer.NewGenericSignerFromFiles(filepath.Join(folder, "key.pem"), filepath.Join(folder, "chain.pem"))
	if err != nil {
		return err
	}
	options := notation.SignOptions{
		SignerSignOptions: notation.SignerSignOptions{
			SignatureMediaType: mediaType,
			ExpiryDuration:     24 * time.Hour,
			SigningAgent:       "landwaiter-interop",
		},
		ArtifactReference: reference,
		UserMetadata:      map[string]string{"team": "blue"},
	}
	target, err := notation.Sign(context.Background(), keeper, repository, options)
	if err != nil {
		return err
	}
	fmt.Println("signed", target.Digest)
	return nil
}

func verify(folder, reference string) error {
	dir.UserConfigDir = folder
	repository, err := repositoryOf(reference)
	if err != nil {
		return err
	}
	judge, err := verifier.NewFromConfig()
	if err != nil {
		return err
	}
	options := notation.VerifyOptions{ArtifactReference: reference, MaxSignatureAttempts: 10}
	target, outcomes, err := notation.Verify(context.Background(), judge, repository, options)
	if err != nil {
		return err
	}
	fmt.Println("verified", target.Digest, "signatures", len(outcomes))
	return nil
}

// keyOf makes a key of a kind that the Notary Project allows.
func keyOf(kind string) (crypto.Signer, error) {
	switch kind {
	case "rsa-2048":
		return rsa.GenerateKey(rand.Reader, 2048)
	case "rsa-3072":
		return rsa.GenerateKey(rand.Reader, 3072)
	case "ecdsa-p256":
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "ecdsa-p384":
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "ecdsa-p521":
		return ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	}
	return nil, fmt.Errorf("no such kind of key: %s", kind)
}

func makeCertificates(kind, folder string) error {
	rootKey, err := keyOf(kind)
	if err != nil {
		return err
	}
	leafKey, err := keyOf(kind)
	if err != nil {
		return err
	}
	start := time.Now().Add(-time.Hour)
	named := func(name string, serial int64) x509.Certificate {
		return x509.Certificate{
			SerialNumber:          big.NewInt(serial),
			Subject:               pkix.Name{Country: []string{"NO"}, Province: []string{"Oslo"}, Organization: []string{"Interop"}, CommonName: name},
			NotBefore:             start,
			NotAfter:              start.Add(48 * time.Hour),
			BasicConstraintsValid: true,
		}
	}
	root := named("Interop Root", 1)
	root.IsCA = true
	root.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	leaf := named("Interop Signer", 2)
	leaf.KeyUsage = x509.KeyUsageDigitalSignature
	leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}
	rootBytes, err := x509.CreateCertificate(rand.Reader, &root, &root, rootKey.Public(), rootKey)
	if err != nil {
		return err
	}
	leafBytes, err := x509.CreateCertificate(rand.Reader, &leaf, &root, leafKey.Public(), rootKey)
	if err != nil {
		return err
	}
	keyBytes, err := x509.MarshalPKCS8PrivateKey(leafKey)
	if err != nil {
		return err
	}
	block := func(kind string, bytes []byte) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes})
	}
	rootText := block("CERTIFICATE", rootBytes)
	files := map[string][]byte{
		"root.pem":  rootText,
		"chain.pem": append(block("CERTIFICATE", leafBytes), rootText...),
		"key.pem":   block("PRIVATE KEY", keyBytes),
	}
	for name, bytes := range files {
		if err := os.WriteFile(filepath.Join(folder, name), bytes, 0o600); err != nil {
			return err
		}
	}
	return nil
}
