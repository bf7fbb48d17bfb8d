// SPDX-License-Identifier: Apache-2.0
// Flags of `landwaiter pipeline`.
import type { Flag } from './flag.ts';

export const pipelineFlags = {
  map: {
    type: 'boolean',
    group: 'output',
    summary: 'show who can start what and what that reaches, instead of findings',
    configurable: false,
  },
  persona: {
    type: 'string',
    value: 'PERSONA',
    choices: ['regular', 'pedantic', 'auditor'],
    default: 'regular',
    group: 'filter',
    summary: 'how strict: findings for everybody, also those of people who like it strict, or everything',
  },
  profile: {
    type: 'string',
    value: 'PROFILE',
    choices: ['landwaiter', 'zizmor', 'poutine', 'actionlint'],
    default: 'landwaiter',
    group: 'filter',
    summary: 'whose checks run: all of ours, or those that stand in for another program',
  },
  fix: {
    type: 'boolean',
    group: 'output',
    summary: 'print the automatic fixes as a patch',
    configurable: false,
  },
  write: {
    type: 'boolean',
    group: 'output',
    summary: 'with --fix: change the files instead of printing a patch',
    configurable: false,
  },
  'unsafe-fixes': {
    type: 'boolean',
    group: 'output',
    summary: 'with --fix: also those that may change what a pipeline does',
    configurable: false,
  },
  pin: {
    type: 'boolean',
    group: 'input',
    summary: 'ask what the tags of actions and images stand for and write it to the lock file; uses the network',
    configurable: false,
  },
  'lock-file': {
    type: 'string',
    value: 'FILE',
    default: 'landwaiter.lock.yaml in the target',
    group: 'input',
    summary: 'commits of actions and digests of images, for pinning without network',
  },
  'action-server': {
    type: 'string',
    value: 'URL',
    default: 'https://github.com',
    group: 'input',
    summary: 'with --pin: where the repositories of actions are',
  },
  'verified-creators': {
    type: 'list',
    value: 'OWNERS',
    group: 'filter',
    summary: 'owners of actions that are trusted; those of others are then findings',
  },
  'ephemeral-runners': {
    type: 'list',
    value: 'LABELS',
    group: 'filter',
    summary: 'labels of self-hosted runners that are thrown away after each job',
  },
} as const satisfies Readonly<Record<string, Flag>>;
