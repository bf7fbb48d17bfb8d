// SPDX-License-Identifier: Apache-2.0
// What somebody outside can write that a system puts into a script before the shell sees it, for each system.
import type { ExpressionNode } from '../../formats/github-expression/ast.ts';
import { findExpressions } from '../../formats/github-expression/find-expressions.ts';
import { referenceOf } from '../../formats/github-expression/references.ts';
import type { PipelineSystem, Script } from './pipeline.ts';

const longest = 200_000;

/** Sources that a script has put into it, each once, as they are written. */
export function untrustedInputs(system: PipelineSystem, script: Script): readonly string[] {
  const text = script.text.slice(0, longest);
  if (system === 'github-actions') {
    const sites = findExpressions(text);
    return unique(sites.flatMap(({ parsed }) => (parsed.kind === 'fault' ? [] : sourcesIn(parsed.node))));
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

/** Contexts whose value is part of what the node gives; a comparison gives only true or false. */
function sourcesIn(node: ExpressionNode): readonly string[] {
  const steps = referenceOf(node);
  if (steps !== undefined) {
    const path = steps.map((step) => (step === undefined || /^[0-9]+$/.test(step) ? '*' : step)).join('.');
    return untrustedContexts.some((pattern) => pattern.test(path)) ? [path] : [];
  }
  switch (node.kind) {
    case 'call':
      return harmlessFunctions.has(node.name.toLowerCase()) ? [] : node.arguments.flatMap(sourcesIn);
    case 'logical':
      return node.operands.flatMap(sourcesIn);
    default:
      return [];
  }
}

const harmlessFunctions: ReadonlySet<string> = new Set([
  'contains',
  'startswith',
  'endswith',
  'hashfiles',
  'always',
  'success',
  'failure',
  'cancelled',
]);

/** In lower case, indexes as `*`. https://securitylab.github.com/research/github-actions-untrusted-input/ */
const untrustedContexts: readonly RegExp[] = [
  /^github\.head_ref$/,
  /^github\.event\.(?:issue|pull_request|discussion)\.(?:title|body)$/,
  /^github\.event\.(?:comment|review|review_comment)\.body$/,
  /^github\.event\.pull_request\.head\.(?:ref|label|repo\.default_branch)$/,
  /^github\.event\.pages\.\*\.page_name$/,
  /^github\.event\.head_commit\.(?:message|author\.(?:email|name))$/,
  /^github\.event\.commits\.\*\.(?:message|author\.(?:email|name))$/,
  /^github\.event\.workflow_run\.(?:head_branch|display_title|head_repository\.(?:description|owner\.email)|head_commit\.(?:message|author\.(?:email|name)))$/,
  /^github\.event\.workflow_run\.pull_requests\.\*\.head\.(?:ref|repo\.name)$/,
  /^github\.event\.(?:inputs|client_payload)\..{1,200}$/,
];
