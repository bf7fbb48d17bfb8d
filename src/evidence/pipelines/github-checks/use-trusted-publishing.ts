// SPDX-License-Identifier: Apache-2.0
import type { RunStep } from '../../../formats/github-workflow/step.ts';
import type { ActionFeature, InputCondition } from '../github/action-usage.ts';
import { usageOf } from '../github/action-usage.ts';
import { dialectOf, effectiveCommand, shellCommands } from '../github/shell-commands.ts';
import type { StepPlace } from '../github/steps.ts';
import { actionStepsOf, namesOf, runStepsOf, shellOf, stepSpan } from '../github/steps.ts';
import type { GithubCheckContext, GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const useTrustedPublishing = defineGithubCheck({
  id: 'use-trusted-publishing',
  aliases: ['zizmor/use-trusted-publishing'],
  title: 'A kept token publishes where none would be needed',
  principle: 'secrets-management',
  why: 'A token that is kept for publishing can be stolen and used for years; one made for a single run of a workflow cannot.',
  remediation: 'Set up trusted publishing at the package registry, grant id-token: write, and delete the token.',
  urls: ['https://repos.openssf.org/trusted-publishers-for-all-package-repositories'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    permissions:\n      id-token: write\n    steps:\n      - run: npm publish\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm publish\n',
  },
  run(file, context) {
    const message = 'publishes with a credential that is kept, where trusted publishing would need none';
    const actions = actionStepsOf(file).flatMap((place): GithubFault[] => {
      const usage = features.map((feature) => usageOf(feature, place)).find((found) => found !== undefined);
      if (usage === undefined) return [];
      const inputs = usage.kind === 'enabled' || usage.kind === 'conditional' ? usage.inputs : [];
      const places = [place.step.uses.entry.span, ...inputs.map(({ entry }) => entry.span)] as const;
      return [
        { message, severity: 'negligible', confidence: 'high', places, around: [stepSpan(place)], ...namesOf(place) },
      ];
    });
    // In an action it cannot be seen whether the job has an identity token.
    const commands =
      file.kind !== 'workflow' ? [] : runStepsOf(file).flatMap((place) => commandFaults(place, context, message));
    return [...actions, ...commands];
  },
});

function input(name: string, holds: InputCondition['holds'], byDefault: 'used' | 'unused'): InputCondition {
  return { kind: 'input', name, turns: 'on', holds, byDefault: byDefault === 'used' };
}

/** Publishing to a registry that is known for trusted publishing, told by the form of its address alone. */
const features: readonly ActionFeature[] = [
  {
    action: 'pypa/gh-action-pypi-publish',
    when: {
      kind: 'all',
      conditions: [
        input('password', 'present', 'unused'),
        input('repository-url', isPythonIndex, 'used'),
        input('repository_url', isPythonIndex, 'used'),
      ],
    },
  },
  {
    action: 'rubygems/release-gem',
    when: { kind: 'not', condition: input('setup-trusted-publisher', 'boolean', 'used') },
  },
  {
    action: 'rubygems/configure-rubygems-credentials',
    when: {
      kind: 'all',
      conditions: [
        input('api-token', 'present', 'unused'),
        input('gem-server', (url) => hostOf(url).startsWith('rubygems.'), 'used'),
      ],
    },
  },
  {
    action: 'actions/setup-node',
    when: {
      kind: 'all',
      conditions: [
        input('always-auth', 'boolean', 'unused'),
        input('registry-url', (url) => hostOf(url).startsWith('registry.npm'), 'used'),
      ],
    },
  },
];

function isPythonIndex(url: string): boolean {
  return /^(?:upload|test)\.[a-z0-9.-]+$/.test(hostOf(url)) && /\/legacy\/?$/.test(url);
}

function hostOf(url: string): string {
  return /^https:\/\/([^/:]{1,253})/.exec(url.trim().toLowerCase())?.[1] ?? '';
}

function commandFaults(
  place: StepPlace<RunStep>,
  context: GithubCheckContext,
  message: string,
): readonly GithubFault[] {
  const { run } = place.step;
  const dialect = dialectOf(shellOf(place)?.shell ?? 'bash');
  if (dialect === undefined || hasIdentityToken(place)) return [];
  const offsets = context.expressions.offsetsOf(run.node);
  return shellCommands(run.text, dialect)
    .filter((command) => publishes(effectiveCommand(command)))
    .map((command) => ({
      message,
      severity: 'negligible',
      confidence: 'high',
      places: [offsets.span(command.start, command.end), run.entry.keySpan],
      around: [stepSpan(place)],
      ...namesOf(place),
    }));
}

function hasIdentityToken({ job, workflow }: StepPlace): boolean {
  const permissions = job?.permissions ?? workflow?.permissions;
  if (permissions === undefined) return false;
  return (
    permissions.grant === 'write-all' ||
    permissions.scopes.some(({ scope, access }) => scope === 'id-token' && access === 'write')
  );
}

/** What publishes to a registry that knows trusted publishing: the words that must be there, and those that make it a rehearsal. */
const publishers: Readonly<
  Record<string, { readonly words: readonly string[]; readonly rehearsal?: readonly string[] }>
> = {
  bun: { words: ['publish'], rehearsal: ['--dry-run'] },
  cargo: { words: ['publish'], rehearsal: ['--dry-run', '-n'] },
  dotnet: { words: ['nuget', 'push'] },
  gem: { words: ['push'] },
  hatch: { words: ['publish'] },
  npm: { words: ['publish'], rehearsal: ['--dry-run'] },
  nuget: { words: ['push'] },
  pdm: { words: ['publish'] },
  pnpm: { words: ['publish'], rehearsal: ['--dry-run'] },
  twine: { words: ['upload'] },
  uv: { words: ['publish'], rehearsal: ['--dry-run'] },
  yarn: { words: ['npm', 'publish'], rehearsal: ['--dry-run', '-n'] },
};

function publishes({ name, words }: { readonly name: string; readonly words: readonly string[] }): boolean {
  const publisher = publishers[name];
  if (publisher === undefined) return false;
  return (
    publisher.words.every((word) => words.includes(word)) &&
    !(publisher.rehearsal ?? []).some((word) => words.includes(word))
  );
}
