// SPDX-License-Identifier: Apache-2.0
import type { ActionFeature } from '../github/action-usage.ts';
import { usageOf } from '../github/action-usage.ts';
import { actionStepsOf, namesOf, stepSpan } from '../github/steps.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const unpinnedTools = defineGithubCheck({
  id: 'unpinned-tools',
  aliases: ['zizmor/unpinned-tools'],
  title: 'An action installs the newest version of a tool',
  principle: 'provenance-integrity',
  why: 'Pinning the action does not help when it downloads the newest version of a program and runs it.',
  remediation: 'Give the action the version to install.',
  urls: ['https://docs.github.com/actions/reference/security/secure-use#using-third-party-actions'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: aquasecurity/setup-trivy@v0.2.6\n        with:\n          version: v0.66.0\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: aquasecurity/setup-trivy@v0.2.6\n',
  },
  run(file) {
    return actionStepsOf(file).flatMap((place): GithubFault[] => {
      const usage = installers.map((feature) => usageOf(feature, place)).find((found) => found !== undefined);
      if (usage === undefined || usage.kind === 'always') return [];
      const { uses } = place.step;
      const about = { severity: 'medium', around: [stepSpan(place)], ...namesOf(place) } as const;
      if (usage.kind === 'default') {
        const message = `without ${usage.input ?? 'a version'} the newest version of the tool is installed`;
        return [{ ...about, message, confidence: 'high', places: [uses.node.place] }];
      }
      const [input] = usage.inputs;
      if (input === undefined) return [];
      const isSure = usage.kind === 'enabled';
      const message = isSure
        ? 'the newest version of the tool is installed'
        : 'the version of the tool is computed and may be the newest';
      return [{ ...about, message, confidence: isSure ? 'high' : 'low', places: [input.entry.span, uses.node.place] }];
    });
  },
});

/** Actions whose version input names a moving version, which is also what they install without it. */
const installers: readonly ActionFeature[] = [
  installer('aquasecurity/setup-trivy', 'version', 'latest'),
  installer('1password/load-secrets-action', 'version', 'latest'),
  installer('extractions/setup-crate', 'version', '*'),
  installer('extractions/setup-just', 'just-version', '*'),
];

function installer(action: string, input: string, moving: string): ActionFeature {
  return {
    action,
    when: { kind: 'input', name: input, turns: 'on', holds: (version) => version === moving, byDefault: true },
  };
}
