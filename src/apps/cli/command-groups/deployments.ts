// SPDX-License-Identifier: Apache-2.0
// Commands that look at what is deployed, and at the pipelines that deploy it. Light: what they do is loaded when they run.
import type { CommandEntry } from '../command.ts';
import type { FlagName } from '../flags.ts';

/** Which findings count, and what is done about them. */
const repairFlags: readonly FlagName[] = ['severity', 'fail-on', 'exit-code', 'fix', 'write', 'unsafe-fixes'];

export const deploymentCommands: readonly CommandEntry[] = [
  {
    name: 'manifests',
    summary: 'look at manifests, charts, Dockerfiles and Compose files, fix them, and show how secrets are managed',
    operands: '[PATH]',
    description:
      'Holds Kubernetes objects, Helm charts, kustomizations, Dockerfiles and Compose files of a folder or git revision against checks (docs/misconfiguration-checks.md). `--fix` prints patches that keep comments. `--secrets-management` shows for each namespace how it gets its secrets, and the next step for those that stand readable. Formats: table, json. Nothing is executed but by --render, and no network is used.',
    flags: [
      'misconfig-profile',
      'misconfig-config',
      'include-deprecated-checks',
      'file-patterns',
      'secrets-management',
      'render',
      ...repairFlags,
      'exclude',
      'format',
    ],
    examples: [
      { command: 'landwaiter manifests .', does: 'what is wrong, as a table' },
      { command: 'landwaiter manifests . --fix --unsafe-fixes | git apply', does: 'set what can be set' },
      { command: 'landwaiter manifests . --secrets-management', does: 'how far each namespace is with its secrets' },
    ],
    exits: {
      0: 'nothing at or over the threshold, and everything could be read',
      1: 'faults at or over the threshold (--fail-on); with --secrets-management: a secret stands readable',
      2: 'wrong usage or configuration',
      3: 'something could not be looked at',
    },
    load: () => import('../commands/manifests.ts'),
  },
  {
    name: 'pipeline',
    summary: 'look at build pipelines, and show who can reach what through them',
    operands: '[PATH]',
    description:
      'Reads GitHub Actions, GitLab CI, Azure Pipelines, Tekton, Jenkins (declarative) and CircleCI of a folder or git revision, and says what is weak: injection, too many rights, machines that remember, secrets, and what cannot be traced. `--map` shows who can start what and what that reaches, with the shortest way from an outsider to a secret or to production. Formats: table, json, sarif; of the map table, json, svg, html. Nothing is executed, and no network is used but by --pin.',
    flags: [
      'map',
      'persona',
      'profile',
      ...repairFlags,
      'pin',
      'lock-file',
      'action-server',
      'insecure-registry',
      'verified-creators',
      'ephemeral-runners',
      'exclude',
      'database',
      'trust-key',
      'format',
      'output',
    ],
    examples: [
      { command: 'landwaiter pipeline .', does: 'what is weak, as a table' },
      { command: 'landwaiter pipeline . --map --output map.html', does: 'the map as a page' },
      {
        command: 'landwaiter pipeline . --pin && landwaiter pipeline . --fix | git apply',
        does: 'pin actions and images',
      },
    ],
    exits: {
      0: 'nothing at or over the threshold, and everything could be read; with --map: no open path was found',
      1: 'findings at or over the threshold (--fail-on); with --map: an outsider reaches a secret or production',
      2: 'wrong usage or configuration',
      3: 'something could not be looked at',
    },
    load: () => import('../commands/pipeline.ts'),
  },
];
