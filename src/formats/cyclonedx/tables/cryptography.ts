// SPDX-License-Identifier: Apache-2.0
// Cryptographic assets: algorithms, certificates, keys and protocols. Notation: ../notation.ts.

export const cryptographyTable = `
shape cryptoProperties
  assetType!          cryptoAssetType
  algorithmProperties  algorithmProperties
  certificateProperties  certificateProperties
  relatedCryptoMaterialProperties  cryptoMaterial
  protocolProperties  protocolProperties
  oid                 string

shape algorithmProperties
  primitive           cryptoPrimitive
  algorithmFamily     algorithmFamily       1.7
  parameterSetIdentifier  string
  curve               string
  ellipticCurve       ellipticCurve         1.7
  executionEnvironment  cryptoEnvironment
  implementationPlatform  cryptoPlatform
  certificationLevel  certificationLevel[]
  mode                cryptoMode
  padding             cryptoPadding
  cryptoFunctions     cryptoFunction[]      <cryptoFunctions/cryptoFunction>
  classicalSecurityLevel  natural
  nistQuantumSecurityLevel  quantumLevel

shape certificateProperties
  serialNumber        string                1.7
  subjectName         string
  issuerName          string
  notValidBefore      dateTime
  notValidAfter       dateTime
  signatureAlgorithmRef  ref
  subjectPublicKeyRef  ref
  certificateFormat   string
  certificateExtension  string
  certificateFileExtension  string          1.7
  fingerprint         hash                  1.7
  certificateState    certificateState[]    1.7
  creationDate        dateTime              1.7
  activationDate      dateTime              1.7
  deactivationDate    dateTime              1.7
  revocationDate      dateTime              1.7
  destructionDate     dateTime              1.7
  certificateExtensions  certificateExtension[]  <certificateExtensions/certificateExtension> 1.7 pb=certificateExtensions.extensions
  relatedCryptographicAssets  relatedAsset[]  <relatedCryptographicAssets/relatedCryptographicAsset> 1.7 pb=relatedCryptographicAssets.assets

shape certificateState
  state               certificateStateName  pb=predefined_state
  name                string
  description         string
  reason              string
  ? one state name
  ? most state description json xml

shape certificateExtension
  commonExtensionName  commonExtension      pb=commonExtension.name
  commonExtensionValue  string              pb=commonExtension.value
  customExtensionName  string               pb=customExtension.name
  customExtensionValue  string              pb=customExtension.value
  ? one commonExtensionName customExtensionName
  ? both commonExtensionName commonExtensionValue
  ? most commonExtensionName customExtensionValue
  ? most customExtensionName commonExtensionValue

shape relatedAsset
  type                string
  ref                 ref

shape cryptoMaterial
  type                cryptoMaterialType
  id                  string
  state               cryptoMaterialState
  algorithmRef        ref
  creationDate        dateTime
  activationDate      dateTime
  updateDate          dateTime
  expirationDate      dateTime
  value               string
  size                integer
  format              string
  securedBy           securedBy
  fingerprint         hash                  1.7
  relatedCryptographicAssets  relatedAsset[]  <relatedCryptographicAssets/relatedCryptographicAsset> 1.7 pb=relatedCryptographicAssets.assets

shape securedBy
  mechanism           string
  algorithmRef        ref

shape protocolProperties
  type                protocolType
  version             string
  cipherSuites        cipherSuite[]         <cipherSuites/cipherSuite>
  ikev2TransformTypes  ikeTransforms
  ikev2TransformTypes  ikeTransforms        textproto:1.7 pb=ikev2TransformTypesDetailed
  cryptoRefArray      ref[]                 <cryptoRef> pb=cryptoRef
  relatedCryptographicAssets  relatedAsset[]  json:1.7 textproto:1.7 pb=relatedCryptographicAssets.assets

shape cipherSuite
  name                string
  algorithms          ref[]                 <algorithms/algorithm>
  identifiers         string[]              <identifiers/identifier>
  tlsGroups           string[]              <tlsGroups/group> 1.7
  tlsSignatureSchemes  string[]             <tlsSignatureSchemes/signatureScheme> 1.7

// Lists of references until 1.6; 1.7 also takes objects.
shape ikeTransforms
  encr                ref[]
  encr                ikeEncryption[]       1.7
  prf                 ref[]
  prf                 ikeFunction[]         1.7
  integ               ref[]
  integ               ikeFunction[]         1.7
  ke                  ref[]
  ke                  ikeExchange[]         1.7
  esn                 boolean
  auth                ref[]
  auth                ikeFunction[]         1.7

shape ikeEncryption mixed
  name                string
  keyLength           integer
  algorithm           ref

shape ikeFunction mixed
  name                string
  algorithm           ref

shape ikeExchange mixed
  group               integer
  algorithm           ref
`;
