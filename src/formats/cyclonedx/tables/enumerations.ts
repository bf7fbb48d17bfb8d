// SPDX-License-Identifier: Apache-2.0
// The closed lists of words. After the name of a list stands the prefix of its words in protobuf, after a word the versions that know it,
// and after `=` its name in protobuf where that is not the word in capitals. Notation: ../notation.ts.

export const enumerationsTable = `
enum bomFormat
  CycloneDX

enum classification CLASSIFICATION
  application framework library container:1.2+ platform:1.5+ operating-system device device-driver:1.5+ firmware:1.2+ file:1.1+
  machine-learning-model:1.5+ data:1.5+ cryptographic-asset:1.6+

enum scope SCOPE
  required optional excluded:1.1+

enum hashAlgorithm HASH_ALG
  MD5=MD_5 SHA-1 SHA-256 SHA-384 SHA-512 SHA3-256=SHA_3_256 SHA3-384:1.2+=SHA_3_384 SHA3-512=SHA_3_512 BLAKE2b-256:1.2+=BLAKE_2_B_256
  BLAKE2b-384:1.2+=BLAKE_2_B_384 BLAKE2b-512:1.2+=BLAKE_2_B_512 BLAKE3:1.2+=BLAKE_3 Streebog-256:1.7 Streebog-512:1.7

enum encoding
  base64

enum tlpClassification TLP_CLASSIFICATION
  CLEAR GREEN AMBER AMBER_AND_STRICT RED

enum lifecyclePhase LIFECYCLE_PHASE
  design pre-build build post-build operations discovery decommission

enum licenseAcknowledgement LICENSE_ACKNOWLEDGEMENT_ENUMERATION
  declared concluded

enum licenseType LICENSING_TYPE
  academic appliance client-access concurrent-user core-points custom-metric device evaluation named-user node-locked oem perpetual
  processor-points subscription user other

enum patchClassification PATCH_CLASSIFICATION
  unofficial monkey backport cherry-pick

enum issueClassification ISSUE_CLASSIFICATION
  defect enhancement security

enum referenceType EXTERNAL_REFERENCE_TYPE
  vcs issue-tracker website advisories bom mailing-list social chat documentation support distribution license build-meta build-system
  other release-notes:1.4+ distribution-intake:1.5+ security-contact:1.5+ model-card:1.5+ log:1.5+ configuration:1.5+ evidence:1.5+
  formulation:1.5+ attestation:1.5+ threat-model:1.5+ adversary-model:1.5+ risk-assessment:1.5+ vulnerability-assertion:1.5+
  exploitability-statement:1.5+ pentest-report:1.5+ static-analysis-report:1.5+ dynamic-analysis-report:1.5+
  runtime-analysis-report:1.5+ component-analysis-report:1.5+ maturity-report:1.5+ certification-report:1.5+
  codified-infrastructure:1.5+ quality-metrics:1.5+ poam:1.5+ source-distribution:1.6+ electronic-signature:1.6+
  digital-signature:1.6+ rfc-9116:1.6+ patent:1.7 patent-family:1.7 patent-assertion:1.7 citation:1.7

enum aggregate AGGREGATE
  complete incomplete incomplete_first_party_only incomplete_first_party_proprietary_only:1.5+ incomplete_first_party_opensource_only:1.5+
  incomplete_third_party_only incomplete_third_party_proprietary_only:1.5+ incomplete_third_party_opensource_only:1.5+ unknown
  not_specified

enum identityField EVIDENCE_FIELD
  group name version purl cpe omniborId:1.6+ swhid:1.6+ swid hash

enum identityTechnique EVIDENCE_TECHNIQUE
  source-code-analysis binary-analysis manifest-analysis ast-fingerprint hash-comparison instrumentation dynamic-analysis filename
  attestation other

enum flowDirection DATA_FLOW
  inbound outbound bi-directional unknown

enum severity SEVERITY
  critical high medium low info none unknown

enum scoreMethod SCORE_METHOD
  CVSSv2 CVSSv3 CVSSv31 CVSSv4:1.5+ OWASP SSVC:1.5+ other

enum analysisState IMPACT_ANALYSIS_STATE
  resolved resolved_with_pedigree exploitable in_triage false_positive not_affected

enum analysisJustification IMPACT_ANALYSIS_JUSTIFICATION
  code_not_present code_not_reachable requires_configuration requires_dependency requires_environment protected_by_compiler
  protected_at_runtime protected_at_perimeter protected_by_mitigating_control

enum analysisResponse VULNERABILITY_RESPONSE
  can_not_fix will_not_fix update rollback workaround_available

enum affectedStatus VULNERABILITY_AFFECTED_STATUS
  affected unaffected=NOT_AFFECTED unknown

enum learningApproach MODEL_PARAMETER_APPROACH_TYPE
  supervised unsupervised reinforcement-learning=REINFORCED_LEARNING semi-supervised self-supervised

enum energyActivity ACTIVITY_TYPE
  design data-collection data-preparation training fine-tuning validation deployment inference other

enum energyUnit ENERGY_MEASURE_UNIT_TYPE
  kWh=KILOWATT_HOURS

enum carbonUnit CO2_MEASURE_UNIT_TYPE
  tCO2eq=TONNES_CO2_EQUIVALENT

enum energySource ENERGY_SOURCE_TYPE
  coal oil natural-gas nuclear wind solar geothermal hydropower biofuel unknown other

enum dataType COMPONENT_DATA_TYPE
  source-code configuration dataset definition other

enum taskType TASK_TYPE
  copy clone lint scan merge build test deliver deploy release clean other

enum accessMode ACCESS_MODE
  read-only read-write read-write-once write-once write-only

enum volumeMode VOLUME_MODE
  filesystem block

enum triggerType TRIGGER_TYPE
  manual api webhook scheduled

enum outputType OUTPUT_TYPE
  artifact attestation log evidence metrics other

enum cryptoAssetType CRYPTO_ASSET_TYPE
  algorithm certificate protocol related-crypto-material

enum cryptoPrimitive CRYPTO_PRIMITIVE
  drbg mac block-cipher stream-cipher signature hash pke xof kdf key-agree kem ae combiner key-wrap:1.7 other unknown

enum cryptoEnvironment CRYPTO_EXECUTION_ENVIRONMENT
  software-plain-ram software-encrypted-ram software-tee hardware other unknown

enum cryptoPlatform CRYPTO_IMPLEMENTATION_PLATFORM
  generic x86_32 x86_64 armv7-a=ARMV7A armv7-m=ARMV7M armv8-a=ARMV8A armv8-m=ARMV8M armv9-a=ARMV9A armv9-m=ARMV9M s390x=X390X ppc64
  ppc64le other unknown

enum certificationLevel
  none fips140-1-l1 fips140-1-l2 fips140-1-l3 fips140-1-l4 fips140-2-l1 fips140-2-l2 fips140-2-l3 fips140-2-l4 fips140-3-l1
  fips140-3-l2 fips140-3-l3 fips140-3-l4 cc-eal1 cc-eal1+ cc-eal2 cc-eal2+ cc-eal3 cc-eal3+ cc-eal4 cc-eal4+ cc-eal5 cc-eal5+ cc-eal6
  cc-eal6+ cc-eal7 cc-eal7+ other unknown

enum cryptoMode CRYPTO_ALGORITHM_MODE
  cbc ecb ccm gcm cfb ofb ctr other unknown

enum cryptoPadding CRYPTO_ALGORITHM_PADDING
  pkcs5 pkcs7 pkcs1v15 oaep raw other unknown

enum cryptoFunction CRYPTO_ALGORITHM_FUNCTION
  generate keygen encrypt decrypt digest tag keyderive sign verify encapsulate decapsulate other unknown

enum certificateStateName PREDEFINED_STATE
  pre-activation active suspended deactivated revoked destroyed

enum commonExtension COMMON_EXTENSION_NAME
  basicConstraints keyUsage extendedKeyUsage subjectAlternativeName authorityKeyIdentifier subjectKeyIdentifier
  authorityInformationAccess certificatePolicies crlDistributionPoints signedCertificateTimestamp

enum cryptoMaterialType CRYPTO_RELATED_TYPE
  private-key public-key secret-key key ciphertext signature digest initialization-vector nonce seed salt shared-secret tag
  additional-data password credential token other unknown

enum cryptoMaterialState CRYPTO_RELATED_STATE
  pre-activation active suspended deactivated compromised destroyed

enum protocolType CRYPTO_PROTOCOL_TYPE
  tls ssh ipsec ike sstp wpa dtls:1.7 quic:1.7 eap-aka:1.7 eap-aka-prime:1.7 prins:1.7 5g-aka:1.7 other unknown

enum patentStatus PATENT_LEGAL_STATUS
  pending granted revoked expired lapsed withdrawn abandoned suspended reinstated opposed terminated invalidated in-force

enum patentAssertionType PATENT_ASSERTION_TYPE
  ownership license third-party-claim standards-inclusion prior-art exclusive-rights non-assertion research-or-evaluation

enum keyTypeEc
  EC

enum keyTypeOkp
  OKP

enum keyTypeRsa
  RSA

enum keyCurveEc
  P-256 P-384 P-521

enum keyCurveOkp
  Ed25519 Ed448
`;
