// SPDX-License-Identifier: Apache-2.0
// Pipelines among the files of a target, audited together at the end: what they include and call lies in other files.
import type { PipelineAuditOptions, SuppressedPipelineFinding } from '../../evidence/pipelines/audit.ts';
import type { PipelineFile } from '../../evidence/pipelines/pipeline.ts';
import { isPipelinePath } from '../../evidence/pipelines/pipeline-paths.ts';
import { decodeText } from '../../formats/text.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { PipelineFinding } from '../../model/pipeline-finding.ts';
import type { Problem } from '../../model/problem.ts';
import type { FileScan, FileScanner, ScannerDecision } from './file-scanner.ts';

/** Keys that every pipeline, template and included file has one of, in any system, on a line of their own or in a flow mapping; other YAML is not kept. */
const pipelineWords =
  /(?:^|[\s{,?-])["']?(?:on|jobs|steps|stages|script|before_script|after_script|include|extends|runs|tasks|trigger|pool|parameters|variables|default|orbs|commands|workflows|executors|updates|repos|apiVersion|spec|rules|permissions|image|self-hosted-runner)["']?[ \t]*:/;

/** Files that a system starts from, by their place or name: however they are written, they are judged. */
const pipelineNames =
  /(?:^|\/)(?:\.github|\.circleci)\/|gitlab-ci\.ya?ml$|(?:^|\/)(?:azure-pipelines[^/]*|action)\.ya?ml$/i;

export function pipelineFileScanner(options: PipelineAuditOptions): FileScanner {
  const files: PipelineFile[] = [];
  const problems: Problem[] = [];
  let kept = 0;
  return {
    name: 'pipeline',
    rulesDigest: options.persona ?? 'regular',
    mayWant: (_folder, name) => isPipelinePath(name),
    wants: isPipelinePath,
    take: ({ path, bytes }) => {
      const { text, problems: encoding } = decodeText(bytes, path);
      if (/\.ya?ml$/i.test(path) && !pipelineNames.test(path) && !pipelineWords.test(text)) return;
      kept += bytes.length;
      if (kept > defaultLimits.companionBytes) {
        const message = 'more YAML than is kept for the audit of pipelines; this file was not looked at';
        problems.push({ kind: 'limit', message, location: { path }, hidesFindings: true });
        return;
      }
      problems.push(...encoding);
      files.push({ path, text });
    },
    finish: async () => {
      if (files.length === 0) return nothingToAudit(problems);
      const { auditPipelines } = await import('../../evidence/pipelines/audit.ts');
      const audit = await auditPipelines(files, options);
      const silenced = audit.suppressed.filter(({ by }) => by !== 'persona');
      return {
        decisions: [
          ...audit.findings.map((finding) => decisionOf(finding)),
          ...silenced.map((item) => ({ ...decisionOf(item.finding), suppressed: suppressionOf(item) })),
        ],
        problems: [...problems, ...audit.problems],
        notable: new Set(files.map(({ path }) => path)),
        fact: {
          scanner: 'pipeline',
          looked: [...audit.counts.values()].reduce((sum, count) => sum + count, 0),
          rules: 0,
          findings: audit.findings.map(({ id, locations }) => ({ id, locations })),
        },
      };
    },
  };
}

function nothingToAudit(problems: readonly Problem[]): FileScan {
  return {
    decisions: [],
    problems,
    notable: new Set(),
    fact: { scanner: 'pipeline', looked: 0, rules: 0, findings: [] },
  };
}

function suppressionOf({ by }: SuppressedPipelineFinding): NonNullable<ScannerDecision['suppressed']> {
  const source = by === 'comment' ? 'comment in the file' : 'configuration in the repository';
  return { by: 'ignore', source, reason: 'not stated' };
}

function decisionOf(finding: PipelineFinding): ScannerDecision {
  const { id, severity, message, locations } = finding;
  return { rule: `pipeline/${id}`, outcome: 'fail', severity, message, locations, finding };
}
