// SPDX-License-Identifier: Apache-2.0
import type { DependabotUpdate } from '../../../formats/github-workflow/dependabot.ts';
import type { YamlTree } from '../../../formats/yaml-tree.ts';
import { entryOf } from '../../../formats/yaml-tree.ts';
import type { Fix } from '../../../model/text-edit.ts';
import { readCooldownDays, settingOr } from '../github/settings.ts';
import { setMembers } from '../github/yaml-edits.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const dependabotCooldown = defineGithubCheck({
  id: 'dependabot-cooldown',
  aliases: ['zizmor/dependabot-cooldown'],
  title: 'Updates that do not wait',
  principle: 'provenance-integrity',
  why: 'Most poisoned releases are found and withdrawn within days; an update that waits does not bring them in.',
  remediation: 'Set cooldown with default-days: 7.',
  urls: [
    'https://docs.github.com/code-security/dependabot/working-with-dependabot/dependabot-options-reference#cooldown-',
  ],
  kinds: ['dependabot'],
  example: {
    good: 'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    cooldown:\n      default-days: 7\n',
    bad: 'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n',
  },
  run(file, { settings }) {
    if (file.kind !== 'dependabot') return [];
    const least = settingOr(readCooldownDays(settings), 7);
    return file.updates.flatMap((update) => faultsOf(file.tree, update, least));
  },
});

function faultsOf(tree: YamlTree, update: DependabotUpdate, least: number): readonly GithubFault[] {
  const { cooldown, node, ecosystem } = update;
  const fix = fixOf(tree, update, least);
  const about = {
    severity: 'medium',
    confidence: 'high',
    around: [node.place],
    ...(fix === undefined ? {} : { fix }),
  } as const;
  if (cooldown === undefined)
    return [{ ...about, message: 'updates are proposed at once', places: [ecosystem?.entry?.span ?? node.place] }];
  const { defaultDays } = cooldown;
  if (defaultDays?.entry === undefined) {
    const message = 'the cooldown has no default-days, so most updates are proposed at once';
    return [{ ...about, message, places: [cooldown.entry.span] }];
  }
  const days = Number(defaultDays.text);
  if (!Number.isFinite(days) || days >= least) return [];
  return [{ ...about, message: `the cooldown is shorter than ${least} days`, places: [defaultDays.entry.span] }];
}

function fixOf(tree: YamlTree, update: DependabotUpdate, least: number): Fix | undefined {
  const days = String(Math.max(7, least));
  const hasCooldown = entryOf(update.node, 'cooldown') !== undefined;
  const edits = setMembers(tree, update.node, { key: 'cooldown', members: { 'default-days': days } });
  if (edits === undefined) return undefined;
  return { title: `${hasCooldown ? 'Set' : 'Add a cooldown with'} default-days: ${days}`, safety: 'safe', edits };
}
