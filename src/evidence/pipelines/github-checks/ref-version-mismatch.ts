// SPDX-License-Identifier: Apache-2.0
import { isCommitId } from '../../../formats/github-workflow/uses.ts';
import type { Span } from '../../../formats/span.ts';
import type { Fix } from '../../../model/text-edit.ts';
import type { UsedRepository } from '../github/used-repositories.ts';
import { repositoriesIn } from '../github/used-repositories.ts';
import { commentBeside, versionIn } from '../github/version-comment.ts';
import { replaceSpan } from '../github/yaml-edits.ts';
import type { GithubCheckContext, GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const refVersionMismatch = defineGithubCheck({
  id: 'ref-version-mismatch',
  aliases: ['zizmor/ref-version-mismatch'],
  title: 'The comment beside a pin names another version, or none',
  principle: 'provenance-integrity',
  why: 'People read the comment and programs the commit; where they differ, a review approves something else than what runs.',
  remediation: 'Name in the comment the version that the commit is.',
  urls: ['https://docs.github.com/actions/reference/security/secure-use#using-third-party-actions'],
  kinds: ['workflow', 'action'],
  needs: 'resolver',
  async run(file, context) {
    const faults: GithubFault[] = [];
    for (const used of repositoriesIn(file)) faults.push(...(await faultsOf(used, context)));
    return faults;
  },
});

async function faultsOf(used: UsedRepository, context: GithubCheckContext): Promise<readonly GithubFault[]> {
  const { uses, place, around, job, step } = used;
  const { resolver, expressions } = context;
  if (resolver === undefined || uses.ref === undefined || !isCommitId(uses.ref)) return [];
  const comment = commentBeside(expressions.tree, place);
  const stated = versionIn(comment);
  const tags = await resolver.tagsOf(uses, uses.ref);
  if (tags.kind === 'unknown') context.cannotTell(tags.reason);
  const [best] = tags.kind === 'found' ? tags.value : [];
  const about = {
    confidence: 'high',
    around: [around],
    ...(job === undefined ? {} : { job }),
    ...(step === undefined ? {} : { step }),
  } as const;
  if (stated === undefined) {
    if (best === undefined) return [];
    const message = comment === undefined ? 'no comment names the version' : 'the comment does not name the version';
    const end = { start: place.end, end: place.end };
    const fix = comment === undefined ? fixOf(context, best, { span: end, text: ` # ${best}` }) : undefined;
    return [
      {
        ...about,
        message,
        severity: 'low',
        persona: 'pedantic',
        places: [place],
        ...(fix === undefined ? {} : { fix }),
      },
    ];
  }
  const commit = await resolver.commitOf(uses, stated.version);
  if (commit.kind === 'unknown') context.cannotTell(commit.reason);
  if (commit.kind === 'unknown' || (commit.kind === 'found' && commit.value.toLowerCase() === uses.ref.toLowerCase()))
    return [];
  const message = commit.kind === 'found' ? `${stated.version} is another commit` : `there is no ${stated.version}`;
  const fix = best === undefined ? undefined : fixOf(context, best, { span: stated.span, text: best });
  return [
    { ...about, message, severity: 'medium', places: [stated.span, place], ...(fix === undefined ? {} : { fix }) },
  ];
}

function fixOf(
  context: GithubCheckContext,
  version: string,
  change: { readonly span: Span; readonly text: string },
): Fix {
  const edits = [replaceSpan(context.expressions.tree, change.span, change.text)];
  return { title: `Name version ${version} in the comment`, safety: 'safe', edits };
}
