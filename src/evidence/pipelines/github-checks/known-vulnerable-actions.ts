// SPDX-License-Identifier: Apache-2.0
import { isCommitId, repositorySlug } from '../../../formats/github-workflow/uses.ts';
import type { Fix } from '../../../model/text-edit.ts';
import type { ActionAdvisory } from '../github/action-advisories.ts';
import { readAllowedAdvisories, settingOr } from '../github/settings.ts';
import type { UsedRepository } from '../github/used-repositories.ts';
import { repositoriesIn } from '../github/used-repositories.ts';
import { commentBeside, versionIn } from '../github/version-comment.ts';
import { replaceSpan } from '../github/yaml-edits.ts';
import type { GithubCheckContext, GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const knownVulnerableActions = defineGithubCheck({
  id: 'known-vulnerable-actions',
  aliases: ['zizmor/known-vulnerable-actions'],
  title: 'An action with an advisory',
  principle: 'provenance-integrity',
  why: 'An advisory says how the version can be misused, and everybody can read it.',
  remediation: 'Use a version in which it is mended.',
  urls: ['https://github.com/advisories?query=ecosystem%3Aactions'],
  kinds: ['workflow', 'action'],
  needs: 'advisories',
  async run(file, context) {
    const allowed = new Set(settingOr(readAllowedAdvisories(context.settings), []).map((id) => id.toLowerCase()));
    const faults: GithubFault[] = [];
    for (const used of repositoriesIn(file)) {
      const advisories = await advisoriesOf(used, context);
      for (const advisory of advisories)
        if (!allowed.has(advisory.id.toLowerCase())) faults.push(await faultOf(used, advisory, context));
    }
    return faults;
  },
});

async function advisoriesOf(
  { uses, place }: UsedRepository,
  context: GithubCheckContext,
): Promise<readonly ActionAdvisory[]> {
  const { advisories, resolver, expressions } = context;
  if (advisories === undefined || uses.ref === undefined || uses.ref === '') return [];
  let version: string | undefined = uses.ref;
  if (isCommitId(uses.ref)) {
    const tags = await resolver?.tagsOf(uses, uses.ref);
    version =
      (tags?.kind === 'found' ? tags.value[0] : undefined) ??
      versionIn(commentBeside(expressions.tree, place))?.version;
  }
  if (version === undefined || !/^v?\d/.test(version)) return [];
  const found = await advisories.advisoriesOf(repositorySlug(uses), version.replace(/^v/, ''));
  if (found === undefined) context.cannotTell('the advisory database could not be asked');
  return found ?? [];
}

async function faultOf(
  used: UsedRepository,
  advisory: ActionAdvisory,
  context: GithubCheckContext,
): Promise<GithubFault> {
  const { uses, place, around, job, step } = used;
  const fix = await fixOf(used, advisory, context);
  return {
    message: `${uses.owner}/${uses.repository} is affected by ${advisory.id}: ${advisory.summary}`,
    severity: advisory.severity,
    confidence: 'high',
    places: [place],
    around: [around],
    ...(job === undefined ? {} : { job }),
    ...(step === undefined ? {} : { step }),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** The version that is mended; a commit is replaced by the commit of that version, where somebody can tell which one it is. */
async function fixOf(
  { uses, refPlace, place }: UsedRepository,
  { fixed, id }: ActionAdvisory,
  { resolver, expressions }: GithubCheckContext,
): Promise<Fix | undefined> {
  if (fixed === undefined || uses.ref === undefined || refPlace === undefined) return undefined;
  const prefix = uses.ref.startsWith('v') || isCommitId(uses.ref) ? 'v' : '';
  const tag = `${prefix}${fixed}`;
  const title = `Use ${tag}, in which ${id} is mended`;
  if (!isCommitId(uses.ref)) return { title, safety: 'unsafe', edits: [replaceSpan(expressions.tree, refPlace, tag)] };
  const commit = await resolver?.commitOf(uses, tag);
  if (commit?.kind !== 'found') return undefined;
  const stated = versionIn(commentBeside(expressions.tree, place));
  const edits = [replaceSpan(expressions.tree, refPlace, commit.value)];
  if (stated !== undefined) edits.push(replaceSpan(expressions.tree, stated.span, tag));
  return { title, safety: 'unsafe', edits };
}
