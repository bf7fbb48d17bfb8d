// SPDX-License-Identifier: Apache-2.0
// Flags of the search for secrets.
import type { Flag } from './flag.ts';

export const secretFlags = {
  staged: {
    type: 'boolean',
    group: 'input',
    summary: 'only what is staged for the next commit, and only what it adds; for hooks',
    aliases: ['pre-commit'],
    configurable: false,
  },
  'secret-rules': {
    type: 'string',
    value: 'FILE',
    group: 'input',
    summary:
      'rules to use instead of the shipped ones: a gitleaks configuration; the variables GITLEAKS_CONFIG and GITLEAKS_CONFIG_TOML count too, and .gitleaks.toml of the working folder',
    aliases: ['gitleaks-config'],
  },
  'enable-rule': {
    type: 'list',
    value: 'IDS',
    group: 'filter',
    summary: 'only these secret rules',
  },
  validate: {
    type: 'boolean',
    group: 'input',
    summary:
      'ask the services that issued secrets whether these still hold; sends each secret to the service it is for, and to nobody else',
    configurable: false,
  },
  'min-confidence': {
    type: 'string',
    value: 'LEVEL',
    choices: ['high', 'medium', 'low'],
    default: 'medium with the shipped rules, low with others',
    group: 'filter',
    summary: 'exit with 1 for secrets of this confidence or more; the others are only told',
  },
  baseline: {
    type: 'string',
    value: 'FILE',
    group: 'filter',
    summary: 'an earlier report: secrets that stand in it are accepted (a JSON report of gitleaks, or ours)',
    aliases: ['baseline-path'],
  },
  'secret-ignores': {
    type: 'list',
    value: 'FILE',
    group: 'filter',
    summary:
      'accepted secrets: .landwaiter-secrets.yaml or .gitleaksignore (those of the working folder count by themselves when the target lies in it)',
    aliases: ['gitleaks-ignore-path'],
  },
  'accept-all': {
    type: 'string',
    value: 'REASON',
    group: 'output',
    summary: 'write all secrets that were found into .landwaiter-secrets.yaml as accepted, with this reason',
    configurable: false,
  },
  'fingerprint-key': {
    type: 'string',
    value: 'TEXT',
    group: 'input',
    summary: 'key of the fingerprints; else that of .landwaiter-secrets.yaml, else one that everybody knows',
  },
  redact: {
    type: 'number',
    value: 'PERCENT',
    maximum: 100,
    default: '100',
    group: 'output',
    summary: 'how much of a secret the reports in the form of gitleaks hide; ours never show one',
  },
  'max-decode-depth': {
    type: 'number',
    value: 'N',
    maximum: 20,
    default: '5',
    group: 'input',
    summary: 'how often what is encoded (percent, Unicode, hex, base64) is decoded and searched again',
  },
  'max-archive-depth': {
    type: 'number',
    value: 'N',
    maximum: 8,
    default: '0',
    group: 'input',
    summary: 'archives inside archives that are looked into; 0 for none',
  },
  'log-opts': {
    type: 'string',
    value: 'WORDS',
    group: 'input',
    summary:
      'which commits: revisions, ranges and options of git log that choose commits ("main..HEAD --since=2026-01-01")',
    configurable: false,
  },
  'follow-symlinks': {
    type: 'boolean',
    group: 'input',
    summary: 'also read files that links lead to',
  },
  'ignore-allow-comments': {
    type: 'boolean',
    group: 'filter',
    summary: 'also tell secrets on lines with a comment gitleaks:allow or landwaiter:allow',
    aliases: ['ignore-gitleaks-allow'],
  },
} as const satisfies Readonly<Record<string, Flag>>;
