// SPDX-License-Identifier: Apache-2.0
// Runs checks over one Dockerfile: failed decisions with their findings, and one that passes for every check that found nothing. Comments that take
// checks out are honoured and kept visible.

import { readDockerfile } from '../../formats/dockerfile-stages.ts';
import type { Decision, Suppression } from '../../model/decision.ts';
import { messageOf } from '../../model/error.ts';
import type { Fix } from '../../model/text-edit.ts';
import type { DockerfileCheck, DockerfileFault } from './dockerfile-check.ts';
import type { InlineExemption } from './inline-exemption.ts';
import { inlineExemptionOf, inlineExemptions } from './inline-exemption.ts';

export interface DockerfileCheckOptions {
  readonly checks: readonly DockerfileCheck[];
  readonly subject: string;
  readonly evidence: readonly string[];
  /** Day of the run, `2026-07-01`, for exemptions that expire; without it none does. */
  readonly today?: string;
}

export interface DockerfileText {
  readonly path: string;
  readonly text: string;
}

/** Never throws: a check that fails gives a decision with the outcome `error`. A file without FROM is skipped by every check. */
export function checkDockerfile(file: DockerfileText, options: DockerfileCheckOptions): readonly Decision[] {
  const dockerfile = readDockerfile(file.text);
  const exemptions = inlineExemptions(file.text);
  return options.checks.flatMap((check): readonly Decision[] => {
    const plain = {
      rule: `misconfiguration/${check.id}`,
      subject: options.subject,
      severity: check.severity,
      evidence: options.evidence,
    };
    if (dockerfile.commands.length === 0)
      return [{ ...plain, outcome: 'skip', message: `${check.title}: nothing to look at`, locations: [] }];
    try {
      const faults = check.run(dockerfile);
      if (faults.length === 0)
        return [{ ...plain, outcome: 'pass', message: `${check.title}: not found`, locations: [{ path: file.path }] }];
      return faults.map((fault) => ({
        ...plain,
        ...failed(check, fault, { file, exemptions, today: options.today }),
      }));
    } catch (error) {
      const message = `${check.title}: could not judge the file: ${messageOf(error)}`;
      return [{ ...plain, outcome: 'error', message, locations: [{ path: file.path }] }];
    }
  });
}

interface Place {
  readonly file: DockerfileText;
  readonly exemptions: readonly InlineExemption[];
  readonly today: string | undefined;
}

function failed(
  check: DockerfileCheck,
  fault: DockerfileFault,
  { file, exemptions, today }: Place,
): Pick<Decision, 'outcome' | 'severity' | 'message' | 'locations' | 'finding' | 'suppressed'> {
  const { id, aliases, title, remediation, urls } = check;
  const severity = fault.severity ?? check.severity;
  const suppressed = suppressionOf(check, fault, { file, exemptions, today });
  const fix = fixOf(file, fault);
  return {
    outcome: 'fail',
    severity,
    message: fault.message,
    locations: [{ path: file.path, line: fault.line, endLine: fault.endLine }],
    finding: {
      kind: 'misconfiguration',
      id,
      aliases,
      title,
      severity,
      message: fault.message,
      remediation,
      resource: file.path,
      urls,
      ...(fix === undefined ? {} : { fix }),
    },
    ...(suppressed === undefined ? {} : { suppressed }),
  };
}

/** A comment before or inside the instruction. hadolint's `global` form counts for the whole file. */
function suppressionOf(
  check: DockerfileCheck,
  { line, endLine }: DockerfileFault,
  { file, exemptions, today }: Place,
): Suppression | undefined {
  if (exemptions.length === 0) return undefined;
  const lines = new Set<number>([0]);
  for (let at = line; at <= Math.min(endLine, line + 10_000); at += 1) lines.add(at);
  return inlineExemptionOf(exemptions, check, { path: file.path, lines, today });
}

/** The text of the edit where it stands in the lines of the fault; upper and lower case of keywords are the same. */
function fixOf({ path, text }: DockerfileText, { line, endLine, edit }: DockerfileFault): Fix | undefined {
  if (edit === undefined) return undefined;
  let start = 0;
  for (let at = 1; at < line; at += 1) start = text.indexOf('\n', start) + 1;
  let end = start;
  for (let at = line; at <= endLine && end !== -1; at += 1) end = text.indexOf('\n', end + (at === line ? 0 : 1));
  const lines = text.slice(start, end === -1 ? text.length : end);
  const found = lines.toLowerCase().indexOf(edit.from.toLowerCase());
  if (found === -1) return undefined;
  const from = start + found;
  return {
    title: `Replace ${edit.from.slice(0, 60)} with ${edit.to.slice(0, 100)}`,
    safety: edit.safety,
    edits: [{ path, start: from, end: from + edit.from.length, text: edit.to }],
  };
}
