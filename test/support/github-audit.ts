// SPDX-License-Identifier: Apache-2.0
// Audits of single workflows for tests: what is found, in a form that can be compared, and what is left when all fixes are applied.
import type { GithubAuditOptions, GithubSource } from '../../src/evidence/pipelines/audit-github.ts';
import { auditGithub } from '../../src/evidence/pipelines/audit-github.ts';
import type { GithubCheck } from '../../src/evidence/pipelines/github-check.ts';
import { applyFixes } from '../../src/formats/unified-patch.ts';
import type { PipelineFinding } from '../../src/model/pipeline-finding.ts';

export const workflowPath = '.github/workflows/a.yml';

/** Findings of one check on one text, for all personas. */
export async function findingsOf(
  check: GithubCheck,
  text: string,
  options: GithubAuditOptions & { readonly path?: string } = {},
): Promise<readonly PipelineFinding[]> {
  const source: GithubSource = { path: options.path ?? workflowPath, text, kind: check.kinds[0] ?? 'workflow' };
  const audit = await auditGithub([source], { persona: 'auditor', checks: [check], ...options });
  return audit.findings;
}

/** Lines of the findings. */
export async function linesOf(
  check: GithubCheck,
  text: string,
  options: GithubAuditOptions = {},
): Promise<readonly number[]> {
  return (await findingsOf(check, text, options)).map(({ locations }) => locations[0]?.line ?? 0);
}

/** The text when every fix has been applied, again and again until none is left or nothing changes. */
export async function fixWorkflow(source: GithubSource, options: GithubAuditOptions = {}): Promise<string> {
  let { text } = source;
  for (let round = 0; round < 20; round += 1) {
    const { findings } = await auditGithub([{ ...source, text }], options);
    const fixes = findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
    const before = text;
    text = applyFixes(fixes, () => before).texts.get(source.path) ?? before;
    if (text === before) return text;
  }
  return text;
}

/** What all fixes of one check make of a text. */
export async function fixedBy(check: GithubCheck, text: string, options: GithubAuditOptions = {}): Promise<string> {
  const source: GithubSource = { path: workflowPath, text, kind: check.kinds[0] ?? 'workflow' };
  return fixWorkflow(source, { persona: 'auditor', checks: [check], ...options });
}

/** A workflow with one job that has these steps (written without indentation). */
export function workflowWith(steps: string, head = 'on: push'): string {
  const indented = steps.split('\n').map((line) => (line === '' ? '' : `      ${line}`));
  return `${head}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${indented.join('\n')}\n`;
}
