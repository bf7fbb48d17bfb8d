// SPDX-License-Identifier: Apache-2.0
// What somebody outside can write that a system puts into a script before the shell sees it, for each system.
import { findExpressions } from '../../formats/github-expression/find-expressions.ts';
import { callerPaths, outsiderPaths, untrustedUses } from './github-untrusted.ts';
import type { PipelineSystem, Script } from './pipeline.ts';

const longest = 200_000;

const chosenByOthers = [...outsiderPaths, ...callerPaths];

/** Sources that a script has put into it, each once, as they are written. */
export function untrustedInputs(system: PipelineSystem, script: Script): readonly string[] {
  const text = script.text.slice(0, longest);
  if (system === 'github-actions') {
    const sites = findExpressions(text);
    return unique(
      sites.flatMap(({ parsed }) =>
        parsed.kind === 'fault' ? [] : untrustedUses(parsed.node, chosenByOthers).map(({ written }) => written),
      ),
    );
  }
  // In Groovy only strings in double quotes have their variables replaced.
  if (system === 'jenkins' && script.interpolated !== true) return [];
  return found(text, patterns[system]);
}

const jenkinsNames = [
  'CHANGE_TITLE',
  'CHANGE_BRANCH',
  'CHANGE_AUTHOR(?:_DISPLAY_NAME|_EMAIL)?',
  'CHANGE_FORK',
  'ghprbPullTitle',
  'ghprbPullDescription',
  'ghprbCommentBody',
  'ghprbSourceBranch',
  'gitlabMergeRequestTitle',
  'gitlabMergeRequestDescription',
  'gitlabSourceBranch',
  'BRANCH_NAME',
  'GIT_BRANCH',
];

/** The first group is the source. Every repetition is bounded. */
const patterns: Readonly<Record<Exclude<PipelineSystem, 'github-actions'>, RegExp>> = {
  'gitlab-ci': /\$\[\[[^\]]{0,300}?(inputs\.[\w-]{1,100})[^\]]{0,300}?\bexpand_vars\b[^\]]{0,100}?\]\]/g,
  'azure-pipelines':
    /\$\((Build\.SourceBranchName|Build\.SourceBranch|Build\.SourceVersionMessage|System\.PullRequest\.SourceBranch)\)/g,
  tekton:
    /\{\{\s{0,20}(body\.pull_request\.(?:title|user\.email|body)|body\.(?:comment|review|issue)\.body|source_branch)\s{0,20}\}\}/g,
  jenkins: new RegExp(String.raw`\$\{?((?:env\.)?(?:${jenkinsNames.join('|')}))\b`, 'g'),
  circleci:
    /<<\s{0,10}(pipeline\.git\.(?:branch|commit\.(?:subject|body|author_name|author_email))|pipeline\.trigger_parameters\.[\w.]{1,100})\s{0,10}>>/g,
};

function found(text: string, pattern: RegExp): readonly string[] {
  return unique([...text.matchAll(pattern)].map((match) => match[1] ?? ''));
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}
