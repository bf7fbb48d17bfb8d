// SPDX-License-Identifier: Apache-2.0
import type { RepositoryUses } from '../../../formats/github-workflow/uses.ts';
import { isCommitId } from '../../../formats/github-workflow/uses.ts';
import type { Fix } from '../../../model/text-edit.ts';
import type { PinPolicy, PinRule } from '../github/settings.ts';
import { readPinPolicies, settingOr } from '../github/settings.ts';
import type { UsesPlace } from '../github/steps.ts';
import { usesOf } from '../github/steps.ts';
import { matchesUses } from '../github/uses-pattern.ts';
import { commentBeside } from '../github/version-comment.ts';
import { replaceSpan } from '../github/yaml-edits.ts';
import type { GithubCheckContext, GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const unpinnedUses = defineGithubCheck({
  id: 'unpinned-uses',
  aliases: ['zizmor/unpinned-uses'],
  title: 'An action that is not pinned to a commit',
  principle: 'provenance-integrity',
  why: 'A tag or branch can be moved to other code, by its owner or by whoever took over the account; a commit cannot.',
  remediation: 'Refer to the full commit and name the version in a comment.',
  urls: ['https://docs.github.com/actions/reference/security/secure-use#using-third-party-actions'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: example/action@0123456789abcdef0123456789abcdef01234567 # v1.0.0\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: example/action@v1\n',
  },
  async run(file, context) {
    const rules = settingOr(readPinPolicies(context.settings), []);
    const faults: GithubFault[] = [];
    for (const place of usesOf(file)) {
      const { uses } = place.text;
      const message = uses.kind === 'repository' ? faultOf(uses, policyFor(uses, rules)) : undefined;
      if (message === undefined || uses.kind !== 'repository') continue;
      const fix = await fixOf(place, uses, context);
      faults.push({
        message,
        severity: 'high',
        confidence: 'high',
        places: [place.place],
        around: [place.around],
        ...(place.job === undefined ? {} : { job: place.job }),
        ...(place.step === undefined ? {} : { step: place.step }),
        ...(fix === undefined ? {} : { fix }),
      });
    }
    return faults;
  },
});

function policyFor(uses: RepositoryUses, rules: readonly PinRule[]): PinPolicy {
  return rules.find(({ pattern }) => matchesUses(pattern, uses))?.policy ?? 'hash-pin';
}

function faultOf({ ref }: RepositoryUses, policy: PinPolicy): string | undefined {
  if (policy === 'any') return undefined;
  if (ref === undefined || ref === '') return 'the action is not pinned at all';
  return policy === 'hash-pin' && !isCommitId(ref)
    ? 'the action is pinned to a tag or branch and not to a commit'
    : undefined;
}

/** The commit the reference points to now, with the most telling name of it as comment. */
async function fixOf(place: UsesPlace, uses: RepositoryUses, context: GithubCheckContext): Promise<Fix | undefined> {
  const { resolver, expressions } = context;
  const { node } = place.text;
  if (resolver === undefined || uses.ref === undefined || node.alias !== undefined) return undefined;
  const commit = await resolver.commitOf(uses, uses.ref);
  if (commit.kind !== 'found') return undefined;
  const tags = await resolver.tagsOf(uses, commit.value);
  const version = (tags.kind === 'found' ? tags.value[0] : undefined) ?? uses.ref;
  const at = node.text.lastIndexOf('@') + 1;
  const ref = expressions.offsetsOf(node).span(at, at + uses.ref.length);
  const comment = commentBeside(expressions.tree, node.span);
  const beside = comment?.span ?? { start: node.span.end, end: node.span.end };
  const text = `${comment === undefined ? ' ' : ''}# ${version}`;
  const edits = [replaceSpan(expressions.tree, ref, commit.value), replaceSpan(expressions.tree, beside, text)];
  return { title: `Pin ${uses.owner}/${uses.repository} to the commit of ${version}`, safety: 'safe', edits };
}
