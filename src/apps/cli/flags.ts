// SPDX-License-Identifier: Apache-2.0
// Every flag of every command, once. Parser, help, shell completion, configuration file, environment variables and docs/cli.md come from it.

export type FlagGroup = 'output' | 'filter' | 'input' | 'signature' | 'database' | 'general';

export interface Flag {
  readonly type: 'boolean' | 'string' | 'list' | 'number';
  readonly short?: string;
  /** Placeholder of the value in help: FILE, DAYS. */
  readonly value?: string;
  /** Closed set of values; anything else is a usage error. */
  readonly choices?: readonly string[];
  /** Of a number; more is a usage error. */
  readonly maximum?: number;
  /** Shown in help; the code that uses the flag applies it. */
  readonly default?: string;
  readonly group: FlagGroup;
  /** One sentence, no full stop. */
  readonly summary: string;
  /** Other names, for people who come from a peer: `only-fixed` (Grype), `ignore-unfixed` (Trivy). */
  readonly aliases?: readonly string[];
  /** false: not settable in landwaiter.yaml or the environment. */
  readonly configurable?: boolean;
}

const severityChoices = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;

/** Ours first; then `affected` and the underlined ones of Trivy, `wont-fix` of Grype. */
const fixStateChoices = [
  'fixed',
  'not-fixed',
  'will-not-fix',
  'fix-deferred',
  'end-of-life',
  'unknown',
  'affected',
  'will_not_fix',
  'fix_deferred',
  'end_of_life',
  'wont-fix',
] as const;

export const flags = {
  format: {
    type: 'string',
    short: 'f',
    value: 'FORMAT',
    group: 'output',
    summary: 'form of the report (see the list of formats below)',
  },
  output: {
    type: 'list',
    short: 'o',
    value: 'FILE|FORMAT[=FILE]',
    group: 'output',
    summary:
      'where the report goes; the name of a format chooses that format, FORMAT=FILE does both; may be given several times',
    configurable: false,
  },
  'format-version': {
    type: 'string',
    value: 'VERSION',
    group: 'output',
    summary: 'version of the format, where it has several (CycloneDX 1.6 or 1.7)',
  },
  evidence: {
    type: 'string',
    value: 'FILE',
    group: 'output',
    summary: 'also write all evidence as in-toto statements, one JSON line each',
    configurable: false,
  },
  'show-suppressed': {
    type: 'boolean',
    group: 'output',
    summary: 'also show findings that an ignore entry or a VEX statement takes out',
  },
  scanners: {
    type: 'list',
    value: 'NAMES',
    choices: ['vuln', 'misconfig', 'license'],
    default: 'vuln, for images also misconfig',
    group: 'input',
    summary: 'what to look for: known vulnerabilities, faults in the configuration of images, licences',
    aliases: ['security-checks'],
  },
  'license-allow': {
    type: 'list',
    value: 'LICENCES',
    group: 'filter',
    summary: 'licences that are allowed: SPDX ids, expressions or classes (notice); everything else is then a finding',
  },
  'license-deny': {
    type: 'list',
    value: 'LICENCES',
    group: 'filter',
    summary: 'licences that are not allowed: SPDX ids, expressions or classes (restricted); wins over the allowed ones',
  },
  exclude: {
    type: 'list',
    value: 'GLOB',
    group: 'input',
    summary: 'paths to leave out; `**` stands for any folders; may be given several times',
    aliases: ['skip-files', 'skip-dirs'],
  },
  'insecure-registry': {
    type: 'list',
    value: 'HOST[:PORT]',
    group: 'input',
    summary: 'registries that may speak plain HTTP or show any certificate',
  },
  images: {
    type: 'boolean',
    group: 'input',
    summary: 'look at the images that the manifests of a target `manifests:PATH` run',
  },
  jobs: {
    type: 'number',
    short: 'j',
    value: 'N',
    maximum: 64,
    default: 'as many as processors, at most 4',
    group: 'input',
    summary: 'how many targets to look at at the same time',
  },
  platform: {
    type: 'string',
    value: 'OS/ARCH',
    group: 'input',
    summary: 'which image of an index to look at, such as linux/arm64; that of this machine when not given',
  },
  'layer-cache': {
    type: 'string',
    value: 'FOLDER|off',
    group: 'input',
    summary: 'where to keep what was read of image layers, so that the next scan reads only new ones',
  },
  'license-registry': {
    type: 'list',
    value: 'TYPE=URL',
    group: 'input',
    summary:
      'registry to ask for licences that the files do not state (npm=…, pypi=…, golang=…); the only use of the network by sbom and scan',
  },
  'go-symbols': {
    type: 'list',
    value: 'SCOPE',
    group: 'output',
    summary:
      'functions of Go programs to put into the SBOM: none, stdlib, extended-stdlib (and golang.org/x), all; or globs over modules, which are added',
  },
  'exclude-dev': {
    type: 'boolean',
    group: 'filter',
    summary: 'leave out packages that are only needed for development or tests',
  },
  severity: {
    type: 'list',
    short: 's',
    value: 'NAMES',
    choices: severityChoices,
    group: 'filter',
    summary: 'only findings of these severities',
  },
  'fail-on': {
    type: 'string',
    value: 'SEVERITY',
    choices: [...severityChoices, 'none'],
    default: 'high',
    group: 'filter',
    summary: 'exit with 1 when a finding is as severe as this or worse; `none` never does',
  },
  'exit-code': {
    type: 'number',
    value: 'N',
    // The system keeps eight bits: 256 would come out as 0, clean.
    maximum: 255,
    group: 'filter',
    summary: 'exit status to use instead of 1; without --fail-on any finding that the filters leave counts then',
  },
  tolerate: {
    type: 'list',
    value: 'REASONS',
    choices: ['unpinned', 'uncovered', 'unreadable', 'unlicensed'],
    group: 'filter',
    summary:
      'reasons of "could not look" that shall not end the run with 3: packages without exact version, ecosystems without advisories, files, packages without licence (with a list of allowed ones)',
  },
  'ignore-unfixed': {
    type: 'boolean',
    group: 'filter',
    summary: 'only vulnerabilities that have a fixed version',
    aliases: ['only-fixed'],
  },
  'only-notfixed': {
    type: 'boolean',
    group: 'filter',
    summary: 'only vulnerabilities that have no fixed version yet',
  },
  'ignore-status': {
    type: 'list',
    value: 'STATES',
    choices: fixStateChoices,
    group: 'filter',
    summary: 'leave out vulnerabilities in these fix states; the words of Trivy and Grype are taken too',
    aliases: ['ignore-states'],
  },
  'ignore-file': {
    type: 'list',
    value: 'FILE',
    group: 'filter',
    summary:
      'entries to ignore: .landwaiterignore.yaml, .trivyignore, .trivyignore.yaml, .grype.yaml (those of the working folder count by themselves when the target lies in it)',
    aliases: ['ignorefile'],
  },
  vex: {
    type: 'list',
    value: 'FILE',
    group: 'filter',
    summary: 'VEX statements (OpenVEX, CSAF 2.0, CycloneDX) to apply',
  },
  database: {
    type: 'string',
    value: 'FOLDER',
    group: 'database',
    summary: 'advisory database to use instead of the installed or the shipped one',
    aliases: ['db'],
  },
  from: {
    type: 'string',
    value: 'FOLDER|URL',
    group: 'database',
    summary: 'mirror to update from: a folder, an http(s) address or oci://HOST/REPOSITORY:TAG',
  },
  to: {
    type: 'string',
    value: 'OCI',
    group: 'database',
    summary: 'publish the database as an artifact of a registry: oci://HOST/REPOSITORY:TAG',
    configurable: false,
  },
  ecosystem: {
    type: 'list',
    value: 'NAMES',
    group: 'database',
    summary: 'only these ecosystems (OSV names: npm, PyPI, Debian:12)',
  },
  key: {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary:
      'key: a file (PEM), env://VARIABLE, k8s://NAMESPACE/NAME, hashivault://NAME, PLUGIN://NAME, or a URL for public keys; `db build` makes an Ed25519 private key when the file does not exist',
    configurable: false,
  },
  'trust-key': {
    type: 'list',
    value: 'FILE',
    group: 'database',
    summary:
      'Ed25519 public key (PEM) of a database to trust besides those of the project, such as a mirror of your own',
    configurable: false,
  },
  'expires-in': {
    type: 'number',
    value: 'DAYS',
    default: '14',
    group: 'database',
    summary: 'after how many days the index calls itself stale',
  },
  feed: {
    type: 'string',
    value: 'NAME',
    group: 'database',
    summary: 'which feed the input is; recognised from its content when not given',
    configurable: false,
  },
  'certificate-identity': {
    type: 'string',
    value: 'NAME',
    group: 'signature',
    summary: 'who must have signed: the exact name in the certificate (URI, e-mail address)',
    aliases: ['identity', 'cert-identity'],
    configurable: false,
  },
  'certificate-identity-regexp': {
    type: 'string',
    value: 'RE2',
    group: 'signature',
    summary: 'the same as an RE2 expression, which must match the whole name',
    aliases: ['cert-identity-regex'],
    configurable: false,
  },
  'certificate-oidc-issuer': {
    type: 'string',
    value: 'URL',
    group: 'signature',
    summary: 'who issued the token that the certificate was given for, exactly',
    aliases: ['issuer', 'cert-oidc-issuer'],
    configurable: false,
  },
  'certificate-oidc-issuer-regexp': {
    type: 'string',
    value: 'RE2',
    group: 'signature',
    summary: 'the same as an RE2 expression, which must match the whole URL',
    configurable: false,
  },
  'certificate-github-workflow-trigger': {
    type: 'string',
    value: 'EVENT',
    group: 'signature',
    summary: 'event that started the GitHub workflow, as the certificate says',
  },
  'certificate-github-workflow-sha': {
    type: 'string',
    value: 'COMMIT',
    group: 'signature',
    summary: 'commit of the GitHub workflow, as the certificate says',
  },
  'certificate-github-workflow-name': {
    type: 'string',
    value: 'NAME',
    group: 'signature',
    summary: 'name of the GitHub workflow, as the certificate says',
  },
  'certificate-github-workflow-repository': {
    type: 'string',
    value: 'OWNER/NAME',
    group: 'signature',
    summary: 'repository of the GitHub workflow, as the certificate says',
  },
  'certificate-github-workflow-ref': {
    type: 'string',
    value: 'REF',
    group: 'signature',
    summary: 'ref of the GitHub workflow, as the certificate says',
  },
  'ca-roots': {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'root certificates (PEM) of an own PKI that signing certificates must lead to',
    configurable: false,
  },
  'ca-intermediates': {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'certificates (PEM) between the signing certificates and the roots',
    configurable: false,
  },
  'timestamp-certificate-chain': {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'certificates (PEM) of the timestamp authority, the root last',
    configurable: false,
  },
  'trusted-root': {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'Sigstore trust root (trusted_root.json) to use instead of the one of the public instance',
    configurable: false,
  },
  'initial-root': {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'root.json of a TUF repository, got by another way than from its mirror; asked for once, then pinned',
    configurable: false,
  },
  'targets-from': {
    type: 'string',
    value: 'FOLDER|URL',
    group: 'signature',
    summary: 'where the targets of a TUF repository lie, when not in targets/ of the mirror',
    configurable: false,
  },
  'root-target': {
    type: 'string',
    value: 'NAME',
    default: 'trusted_root.json',
    group: 'signature',
    summary: 'target of a TUF repository that is the trust root',
    configurable: false,
  },
  'notation-config': {
    type: 'string',
    value: 'FOLDER',
    group: 'signature',
    summary:
      'configuration folder of notation: trust policy, trust stores, plugins (default: NOTATION_CONFIG, else its usual place)',
  },
  'trust-folder': {
    type: 'string',
    value: 'FOLDER',
    group: 'signature',
    summary: 'where an updated trust root is kept, one folder for each repository',
  },
  'insecure-ignore-tlog': {
    type: 'boolean',
    group: 'signature',
    summary: 'do not ask for an entry in a transparency log: whoever steals the key leaves no trace',
    configurable: false,
  },
  'insecure-ignore-sct': {
    type: 'boolean',
    group: 'signature',
    summary: 'do not ask that the certificate is logged: its authority could issue in secret',
    configurable: false,
  },
  'private-infrastructure': {
    type: 'boolean',
    group: 'signature',
    summary: 'the signer runs no transparency log: a signed timestamp (with a key: nothing) stands in',
    configurable: false,
  },
  'use-signed-timestamps': {
    type: 'boolean',
    group: 'signature',
    summary: 'ask for an RFC 3161 timestamp of an authority in the trust root',
  },
  offline: {
    type: 'boolean',
    group: 'signature',
    summary: 'accepted for scripts of Cosign: verification never asks a log or another service',
  },
  attachment: {
    type: 'string',
    value: 'KIND',
    choices: ['sbom'],
    group: 'signature',
    summary: 'look at what is attached to the image under the older tag instead of the image itself',
  },
  'local-image': {
    type: 'boolean',
    group: 'input',
    summary: 'the operand is the folder of an OCI layout, as save writes it (the same as oci-dir:)',
  },
  'max-workers': {
    type: 'number',
    value: 'N',
    maximum: 64,
    default: '6',
    group: 'signature',
    summary: 'requests to one registry at the same time',
  },
  'check-claims': {
    type: 'boolean',
    default: 'true',
    group: 'signature',
    summary: 'accepted for scripts of Cosign: that a signature is about the artifact is always checked',
  },
  digest: {
    type: 'string',
    value: 'ALGORITHM:HEX',
    group: 'signature',
    summary: 'digest of the artifact, instead of the artifact',
    configurable: false,
  },
  annotations: {
    type: 'list',
    short: 'a',
    value: 'KEY=VALUE',
    group: 'signature',
    summary: 'signed annotation: one that must be there (verify), or one to sign (sign); may be given several times',
    configurable: false,
  },
  type: {
    type: 'string',
    value: 'TYPE',
    default: 'custom',
    group: 'signature',
    summary:
      'kind of claim: slsaprovenance, slsaprovenance1, spdx, spdxjson, cyclonedx, vuln, openvex, link, custom, or the URI of a predicate type',
    configurable: false,
  },
  bundle: {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'Sigstore bundle: everything that proves one signature',
    configurable: false,
  },
  signature: {
    type: 'string',
    value: 'FILE|BASE64',
    group: 'signature',
    summary: 'signature by itself, without a bundle',
    configurable: false,
  },
  certificate: {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'signing certificate (PEM), where the proof does not bring it along',
    configurable: false,
  },
  'certificate-chain': {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'certificates (PEM) from the one that issued the signing certificate to the root, which is then trusted',
    configurable: false,
  },
  'rfc3161-timestamp': {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'signed timestamp, where the proof does not bring it along',
    configurable: false,
  },
  'password-file': {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary:
      'file that holds the password of the private key; else LANDWAITER_PASSWORD, COSIGN_PASSWORD or the terminal',
    configurable: false,
  },
  'key-type': {
    type: 'string',
    value: 'KIND',
    choices: ['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'rsa-2048', 'rsa-3072', 'rsa-4096', 'ed25519'],
    default: 'ecdsa-p256',
    group: 'signature',
    summary: 'kind of the new key',
    aliases: ['signing-algorithm'],
    configurable: false,
  },
  'output-key-prefix': {
    type: 'string',
    value: 'PATH',
    default: 'cosign',
    group: 'signature',
    summary: 'where a key pair is written: PATH.key and PATH.pub',
    configurable: false,
  },
  force: {
    type: 'boolean',
    group: 'signature',
    summary: 'replace what is there already; a key that is replaced is lost',
    configurable: false,
  },
  legacy: {
    type: 'boolean',
    group: 'signature',
    summary: 'write the older layout of Cosign (tags .sig and .att) instead of bundles that refer to the image',
  },
  'new-bundle-format': {
    type: 'boolean',
    default: 'true',
    group: 'signature',
    summary: 'the same the other way round, as Cosign has it: --new-bundle-format=false is --legacy',
  },
  // Who is told what: never from a configuration file, which may lie in the folder of a stranger.
  'tlog-upload': {
    type: 'boolean',
    group: 'signature',
    summary:
      'enter the signature into a public log; keyless signing always does, unless --tlog-upload=false; with a key only when asked',
    configurable: false,
  },
  'rekor-url': {
    type: 'string',
    value: 'URL',
    group: 'signature',
    summary: 'log to enter the signature into',
    configurable: false,
  },
  'rekor-version': {
    type: 'number',
    value: 'N',
    maximum: 2,
    default: '1',
    group: 'signature',
    summary: 'version of the interface of that log',
    configurable: false,
  },
  'fulcio-url': {
    type: 'string',
    value: 'URL',
    group: 'signature',
    summary: 'certificate authority to ask for a keyless certificate',
    configurable: false,
  },
  'timestamp-server-url': {
    type: 'string',
    value: 'URL',
    group: 'signature',
    summary: 'RFC 3161 authority to have the signature timestamped by',
    configurable: false,
  },
  'signing-config': {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'signing configuration of Sigstore (JSON, version 0.2) that names all of these services',
    configurable: false,
  },
  'identity-token': {
    type: 'string',
    value: 'TOKEN|FILE',
    group: 'signature',
    summary:
      'OpenID Connect token to sign with, or a file that holds it (better: arguments can be read by everybody on the machine)',
    configurable: false,
  },
  'oidc-client-id': {
    type: 'string',
    value: 'NAME',
    default: 'sigstore',
    group: 'signature',
    summary: 'audience to ask for when the surroundings give a token',
    configurable: false,
  },
  'issue-certificate': {
    type: 'boolean',
    group: 'signature',
    summary: 'ask for a keyless certificate also when signing with --key',
    configurable: false,
  },
  yes: {
    type: 'boolean',
    short: 'y',
    group: 'signature',
    summary: 'agree that the services named are asked, and that what a public log holds stays public',
    aliases: ['skip-confirmation'],
    configurable: false,
  },
  recursive: {
    type: 'boolean',
    short: 'r',
    group: 'signature',
    summary: 'also every image inside an index',
  },
  replace: {
    type: 'boolean',
    group: 'signature',
    summary: 'with --legacy: take out attestations of the same type',
    configurable: false,
  },
  predicate: {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'what is claimed; - reads it from standard input',
    configurable: false,
  },
  statement: {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'whole in-toto statement to sign instead of a predicate; it must name the artifact',
    configurable: false,
  },
  'dry-run': {
    type: 'boolean',
    group: 'signature',
    summary: 'say what would be signed, asked and written, and do none of it',
    configurable: false,
  },
  'no-upload': {
    type: 'boolean',
    group: 'signature',
    summary: 'sign, but write nothing into the registry: the proof goes to standard output',
    configurable: false,
  },
  'output-signature': {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'write the signature by itself, in base64',
    configurable: false,
  },
  'output-certificate': {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'write the signing certificate (PEM)',
    configurable: false,
  },
  'output-attestation': {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'write the signed envelope by itself',
    configurable: false,
  },
  provenance: {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary:
      'signed provenance: bundle, envelope, attestations of a registry or output of Cloud Build; `-` reads standard input',
    aliases: ['provenance-path', 'attestations-path'],
    configurable: false,
  },
  'source-uri': {
    type: 'string',
    value: 'URI',
    group: 'signature',
    summary: 'source that the artifact must be built from, exactly: github.com/OWNER/REPOSITORY',
  },
  'source-branch': {
    type: 'string',
    value: 'BRANCH',
    group: 'signature',
    summary: 'branch that must have been built',
    configurable: false,
  },
  'source-tag': {
    type: 'string',
    value: 'TAG',
    group: 'signature',
    summary: 'tag that must have been built',
    configurable: false,
  },
  'source-versioned-tag': {
    type: 'string',
    value: 'VERSION',
    group: 'signature',
    summary: 'version that the tag must be of: v14 also stands for v14.2.1',
    configurable: false,
  },
  'source-digest': {
    type: 'string',
    value: 'COMMIT',
    group: 'signature',
    summary: 'commit that was built, as the certificate says (verify), or that is built (generate)',
    configurable: false,
  },
  'source-ref': {
    type: 'string',
    value: 'REF',
    group: 'signature',
    summary: 'whole ref that was built: refs/heads/main',
    configurable: false,
  },
  'signer-digest': {
    type: 'string',
    value: 'COMMIT',
    group: 'signature',
    summary: 'commit of the workflow that signed, as the certificate says',
    configurable: false,
  },
  'builder-id': {
    type: 'string',
    value: 'URI[@VERSION]',
    group: 'signature',
    summary: 'builder that must have made the artifact; needed for packages of a registry',
  },
  'build-workflow-input': {
    type: 'list',
    value: 'NAME=VALUE',
    group: 'signature',
    summary: 'input that the workflow must have been started with; may be given several times',
    configurable: false,
  },
  'package-name': {
    type: 'string',
    value: 'NAME',
    group: 'signature',
    summary: 'package that the attestations must be about',
    configurable: false,
  },
  'package-version': {
    type: 'string',
    value: 'VERSION',
    group: 'signature',
    summary: 'version of the package that the attestations must be about',
    configurable: false,
  },
  owner: {
    type: 'string',
    value: 'OWNER',
    group: 'signature',
    summary: 'GitHub owner that the artifact must be built by',
  },
  repo: {
    type: 'string',
    value: 'OWNER/NAME',
    group: 'signature',
    summary: 'GitHub repository that the artifact must be built from',
  },
  'signer-repo': {
    type: 'string',
    value: 'OWNER/NAME',
    group: 'signature',
    summary: 'repository of the workflow that signed, where it is another one (with --owner or --repo)',
  },
  'signer-workflow': {
    type: 'string',
    value: 'OWNER/NAME/PATH',
    group: 'signature',
    summary: 'workflow that signed, to its end (with --owner or --repo)',
  },
  hostname: {
    type: 'string',
    value: 'HOST',
    group: 'signature',
    summary: 'host of the GitHub instance, where it is not github.com',
  },
  'predicate-type': {
    type: 'string',
    value: 'URI',
    group: 'signature',
    summary: 'version of SLSA provenance that counts; any, when not given',
    configurable: false,
  },
  'deny-self-hosted-runners': {
    type: 'boolean',
    group: 'signature',
    summary: 'refuse what was built on a machine that the service does not host',
  },
  'slsa-level': {
    type: 'string',
    value: 'LEVEL',
    choices: ['0', '1', '2', '3'],
    group: 'signature',
    summary: 'least level of the SLSA build track that must be shown',
    configurable: false,
  },
  'registry-keys': {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'keys with which the package registry signs what it published',
  },
  'service-keys': {
    type: 'string',
    value: 'FILE|FOLDER',
    group: 'signature',
    summary: 'public keys of Google Cloud Build, one file a region',
  },
  'print-provenance': {
    type: 'boolean',
    group: 'output',
    summary: 'print the statement that was verified; the verdict goes to stderr',
    configurable: false,
  },
  ci: {
    type: 'string',
    value: 'SYSTEM',
    choices: ['github', 'gitlab', 'tekton', 'local'],
    group: 'input',
    summary: 'CI system that the build runs in, instead of the one its variables name',
    configurable: false,
  },
  'build-command': {
    type: 'string',
    value: 'TEXT',
    group: 'input',
    summary: 'what was run, for provenance of a local build',
    configurable: false,
  },
  'verifier-id': {
    type: 'string',
    value: 'URI',
    group: 'signature',
    summary: 'who verifies: the name to write (vsa create), or the one that is trusted (vsa verify)',
  },
  'resource-uri': {
    type: 'string',
    value: 'URI',
    group: 'signature',
    summary: 'where the artifact is fetched from, such as a package URL',
    configurable: false,
  },
  'verified-level': {
    type: 'list',
    value: 'LEVEL',
    group: 'signature',
    summary: 'level that the summary must show: SLSA_BUILD_LEVEL_2, SLSA_SOURCE_LEVEL_3',
    configurable: false,
  },
  'max-age': {
    type: 'number',
    value: 'DAYS',
    group: 'signature',
    summary: 'oldest summary that is accepted',
    configurable: false,
  },
  'policy-uri': {
    type: 'string',
    value: 'URI',
    group: 'signature',
    summary: 'policy that the summary says it was verified by',
  },
  'policy-file': {
    type: 'string',
    value: 'FILE',
    group: 'signature',
    summary: 'that policy as a file, whose digest goes into the summary',
    configurable: false,
  },
  config: {
    type: 'string',
    short: 'c',
    value: 'FILE',
    group: 'general',
    summary: 'configuration file; landwaiter.yaml in the current folder is found by itself',
    configurable: false,
  },
  quiet: {
    type: 'boolean',
    short: 'q',
    group: 'general',
    summary: 'no messages and no progress, only the report and errors',
  },
  verbose: { type: 'boolean', short: 'v', group: 'general', summary: 'say what is being done' },
  'no-color': { type: 'boolean', group: 'general', summary: 'no colours (NO_COLOR does the same)' },
  'no-progress': { type: 'boolean', group: 'general', summary: 'no progress line' },
  'log-format': {
    type: 'string',
    value: 'FORM',
    choices: ['text', 'json'],
    default: 'text',
    group: 'general',
    summary: 'form of messages on stderr',
  },
  help: { type: 'boolean', short: 'h', group: 'general', summary: 'show help', configurable: false },
  version: { type: 'boolean', group: 'general', summary: 'show the version', configurable: false },
} as const satisfies Readonly<Record<string, Flag>>;

export type FlagName = keyof typeof flags;

/** Flags that every command takes. */
export const generalFlags: readonly FlagName[] = [
  'config',
  'quiet',
  'verbose',
  'no-color',
  'no-progress',
  'log-format',
  'help',
];

/** The table with its common type, for code that walks it. */
export const flagTable: Readonly<Record<string, Flag>> = flags;

/** Environment variable of a flag: `fail-on` -> `LANDWAITER_FAIL_ON`. */
export function environmentName(flag: string): string {
  return `LANDWAITER_${flag.toUpperCase().replaceAll('-', '_')}`;
}
