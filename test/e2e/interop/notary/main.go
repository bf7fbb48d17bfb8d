// SPDX-License-Identifier: Apache-2.0

// Command notary signs and verifies images with notation-go, the library under the notation program, so that Landwaiter can be tried against it.
// It does what notation 1.3 does not offer yet: signatures of files. For tests only: plain HTTP, no plugins, no revocation network.
//
//	notary certificates KIND FOLDER          makes root.pem, chain.pem (leaf first) and key.pem (PKCS #8)
//	notary sign MEDIA-TYPE FOLDER REFERENCE  signs with key.pem and chain.pem of the folder
//	notary verify FOLDER REFERENCE           verifies by the notation configuration in the folder
//	notary sign-blob MEDIA-TYPE FOLDER FILE SIGNATURE    signs a file
//	notary verify-blob MEDIA-TYPE FOLDER FILE SIGNATURE  verifies a file by root.pem of the folder
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
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	_ "github.com/notaryproject/notation-core-go/signature/cose"
	_ "github.com/notaryproject/notation-core-go/signature/jws"
	corex509 "github.com/notaryproject/notation-core-go/x509"
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
	case len(words) == 5 && words[0] == "sign-blob":
		return signBlob(words[1], words[2], words[3], words[4])
	case len(words) == 5 && words[0] == "verify-blob":
		return verifyBlob(words[1], words[2], words[3], words[4])
	}
	return errors.New("usage: certificates KIND FOLDER | sign MEDIA-TYPE FOLDER REFERENCE | verify FOLDER REFERENCE | sign-blob|verify-blob MEDIA-TYPE FOLDER FILE SIGNATURE")
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

// targetOf is the payload of a signature of a file: notation-go has no such signatures before 1.4, so the words of the specification are used.
func targetOf(content []byte, algorithm signature.Algorithm) map[string]any {
	sum := algorithm.Hash().New()
	sum.Write(content)
	name := map[crypto.Hash]string{crypto.SHA256: "sha256", crypto.SHA384: "sha384", crypto.SHA512: "sha512"}[algorithm.Hash()]
	return map[string]any{
		"mediaType": "application/octet-stream",
		"digest":    fmt.Sprintf("%s:%x", name, sum.Sum(nil)),
		"size":      len(content),
	}
}

func signBlob(mediaType, folder, file, place string) error {
	chain, err := corex509.ReadCertificateFile(filepath.Join(folder, "chain.pem"))
	if err != nil {
		return err
	}
	key, err := corex509.ReadPrivateKeyFile(filepath.Join(folder, "key.pem"))
	if err != nil {
		return err
	}
	keeper, err := signature.NewLocalSigner(chain, key)
	if err != nil {
		return err
	}
	spec, err := keeper.KeySpec()
	if err != nil {
		return err
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	target := targetOf(content, spec.SignatureAlgorithm())
	target["annotations"] = map[string]string{"team": "blue"}
	payload, err := json.Marshal(map[string]any{"targetArtifact": target})
	if err != nil {
		return err
	}
	envelope, err := signature.NewEnvelope(mediaType)
	if err != nil {
		return err
	}
	bytes, err := envelope.Sign(&signature.SignRequest{
		Payload:       signature.Payload{ContentType: "application/vnd.cncf.notary.payload.v1+json", Content: payload},
		Signer:        keeper,
		SigningTime:   time.Now(),
		SigningScheme: signature.SigningSchemeX509,
		SigningAgent:  "landwaiter-interop",
	})
	if err != nil {
		return err
	}
	return os.WriteFile(place, bytes, 0o600)
}

func verifyBlob(mediaType, folder, file, place string) error {
	bytes, err := os.ReadFile(place)
	if err != nil {
		return err
	}
	envelope, err := signature.ParseEnvelope(mediaType, bytes)
	if err != nil {
		return err
	}
	found, err := envelope.Verify()
	if err != nil {
		return err
	}
	roots, err := corex509.ReadCertificateFile(filepath.Join(folder, "root.pem"))
	if err != nil {
		return err
	}
	if _, err := signature.VerifyAuthenticity(&found.SignerInfo, roots); err != nil {
		return err
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var payload struct {
		TargetArtifact struct {
			MediaType string `json:"mediaType"`
			Digest    string `json:"digest"`
			Size      int    `json:"size"`
		} `json:"targetArtifact"`
	}
	if err := json.Unmarshal(found.Payload.Content, &payload); err != nil {
		return err
	}
	wanted := targetOf(content, found.SignerInfo.SignatureAlgorithm)
	target := payload.TargetArtifact
	if target.Digest != wanted["digest"] || target.Size != wanted["size"] || target.MediaType != wanted["mediaType"] {
		return fmt.Errorf("signed was %v, the file is %v", target, wanted)
	}
	fmt.Println("verified", target.Digest)
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
