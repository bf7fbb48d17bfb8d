// SPDX-License-Identifier: Apache-2.0
// Flags of looking at targets, of the advisory database, and those that all commands have.
import type { Flag } from './flag.ts';

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

export const scanningFlags = {
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
    choices: ['vuln', 'secret', 'pipeline', 'misconfig', 'code', 'license'],
    default: 'all but license that the kind of target has',
    group: 'input',
    summary:
      'what to look for: known vulnerabilities, secrets, weak pipelines, faults in manifests, Dockerfiles and images, weak code, licences',
    aliases: ['security-checks'],
  },
  'code-rules': {
    type: 'list',
    value: 'PATH',
    group: 'input',
    summary: 'files or folders of further rules for source code (docs/code.md)',
  },
  sarif: {
    type: 'list',
    value: 'FILE',
    group: 'input',
    summary: 'SARIF reports of other analysers, to judge their results together with our own',
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
  'file-cache': {
    type: 'string',
    value: 'FOLDER|off',
    group: 'input',
    default: '$XDG_CACHE_HOME/landwaiter/files',
    summary: 'where scan keeps which files of a folder gave nothing, so that unchanged ones need not be read again',
    configurable: false,
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
  'guess-unpinned': {
    type: 'boolean',
    group: 'input',
    summary:
      'take unpinned Python requirements for the highest version that their constraint names; the SBOM says that it is a guess',
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
  'local-image': {
    type: 'boolean',
    group: 'input',
    summary: 'the operand is the folder of an OCI layout, as save writes it (the same as oci-dir:)',
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
