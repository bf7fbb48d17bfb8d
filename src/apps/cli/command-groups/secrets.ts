// SPDX-License-Identifier: Apache-2.0
// Commands that find secrets, before they are committed and after. Light: what they do is loaded when they run.
import type { CommandEntry } from '../command.ts';

export const secretCommands: readonly CommandEntry[] = [
  {
    name: 'secrets',
    summary: 'find secrets in files, in the history of a repository or in what is staged',
    operands: '[dir|git|stdin] [PATH]',
    description:
      'Searches for keys, tokens and passwords with the shipped rules or those of a gitleaks configuration. `dir` looks at files (this is meant without a word), `git` at every line that a commit adds, `stdin` at what is piped in, --staged at what the next commit adds. Secrets are shown redacted; each has a fingerprint that stays when its line moves. Formats: table, json, sarif, gitlab, junit, and those of gitleaks: gitleaks-json, gitleaks-csv, gitleaks-junit, gitleaks-sarif. No network is used.',
    flags: [
      'staged',
      'log-opts',
      'exclude',
      'validate',
      'secret-rules',
      'enable-rule',
      'min-confidence',
      'exit-code',
      'baseline',
      'secret-ignores',
      'accept-all',
      'fingerprint-key',
      'ignore-allow-comments',
      'max-decode-depth',
      'max-archive-depth',
      'follow-symlinks',
      'redact',
      'show-suppressed',
      'format',
      'output',
    ],
    examples: [
      { command: 'landwaiter secrets', does: 'the files of the current folder' },
      { command: 'landwaiter secrets git --log-opts main..HEAD', does: 'what a branch adds' },
      { command: 'landwaiter secrets --staged', does: 'what the next commit adds; the line for a hook' },
      {
        command: 'landwaiter secrets git --secret-rules .gitleaks.toml --baseline leaks.json --format gitleaks-json',
        does: 'as gitleaks does it, with its files',
      },
    ],
    exits: {
      0: 'no secrets that count',
      1: 'secrets of at least the confidence of --min-confidence',
      2: 'wrong usage, or rules that cannot be used',
      3: 'something could not be looked at',
    },
    load: () => import('../commands/secrets.ts'),
  },
  {
    name: 'hook',
    summary: 'a git hook that searches what is staged for secrets',
    operands: 'install|uninstall',
    description:
      'Writes a pre-commit hook into the repository around the current folder, where git looks for hooks (core.hooksPath). A hook of somebody else is left alone unless --force is given.',
    flags: ['force'],
    examples: [{ command: 'landwaiter hook install', does: 'before each commit, its staged content is searched' }],
    exits: {
      0: 'done',
      2: 'wrong usage',
      3: 'not a repository, or a hook of somebody else is in the way',
    },
    load: () => import('../commands/hook.ts'),
  },
];
