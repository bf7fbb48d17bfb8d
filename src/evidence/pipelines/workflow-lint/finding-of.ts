// SPDX-License-Identifier: Apache-2.0
// What each kind of fault is called and how much it weighs, and faults as findings.
import type { LineIndex } from '../../../formats/text.ts';
import type { Confidence } from '../../../model/confidence.ts';
import type { Location } from '../../../model/location.ts';
import type { PipelineFinding, PipelinePrinciple } from '../../../model/pipeline-finding.ts';
import type { Severity } from '../../../model/severity.ts';
import type { LintFault, LintKind } from './fault.ts';
import type { FaultPlace } from './fault-place.ts';
import { shownMessage } from './shown-message.ts';

export interface LintKindDescription {
  readonly title: string;
  /** What it looks at, for the documentation. */
  readonly looksAt: string;
  readonly remediation: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly principle: PipelinePrinciple;
}

function description(
  severity: Severity,
  principle: PipelinePrinciple,
  texts: Pick<LintKindDescription, 'title' | 'looksAt' | 'remediation'>,
): LintKindDescription {
  return { ...texts, severity, confidence: 'high', principle };
}

export const kindDescriptions: Readonly<Record<LintKind, LintKindDescription>> = {
  'syntax-check': description('medium', 'correctness', {
    title: 'The workflow is not of the form GitHub reads',
    looksAt: 'YAML, keys that are unknown, missing or there twice, values of the wrong type, anchors that nothing uses',
    remediation: 'Write the section as the workflow syntax asks for it.',
  }),
  expression: description('medium', 'correctness', {
    title: 'An expression does not mean what it says',
    looksAt:
      'the syntax and the types of `${{ }}`: contexts, properties, functions, comparisons, where they may be used',
    remediation: 'Correct the expression; a name that is not defined is an empty text at run time.',
  }),
  events: description('medium', 'correctness', {
    title: 'The workflow does not start as configured',
    looksAt: 'events, their activity types and filters, schedules, inputs of runs by hand and of calls',
    remediation: 'Use the events, types and filters GitHub has.',
  }),
  action: description('medium', 'correctness', {
    title: 'An action is not used as it is defined',
    looksAt:
      'the form of `uses`, inputs of actions in the repository and of much used ones, versions that no longer run, action.yml',
    remediation: 'Name the action with a ref, and give it the inputs it declares.',
  }),
  glob: description('medium', 'correctness', {
    title: 'A filter pattern matches nothing it was meant for',
    looksAt: 'patterns of branches, tags, paths and image versions',
    remediation: 'Write the pattern as a glob; regular expressions are not read.',
  }),
  matrix: description('low', 'correctness', {
    title: 'A matrix does not expand as written',
    looksAt: 'values that are there twice, exclusions that exclude nothing',
    remediation: 'Remove the value, or name one the matrix has.',
  }),
  id: description('medium', 'correctness', {
    title: 'An id cannot be used',
    looksAt: 'ids of jobs and steps: their characters, and that they are unique',
    remediation: 'Use letters, digits, - and _, and begin with a letter or _.',
  }),
  'if-cond': description('medium', 'correctness', {
    title: 'A condition is always the same',
    looksAt: '`if` that is constant, or true because of text around `${{ }}`',
    remediation: 'Put the whole condition into one `${{ }}`, or remove it.',
  }),
  'job-needs': description('medium', 'correctness', {
    title: 'Jobs wait for what never comes',
    looksAt: '`needs` of jobs that are not there, are named twice, or wait for each other',
    remediation: 'Name jobs of this workflow, without a circle.',
  }),
  permissions: description('medium', 'least-privilege', {
    title: 'A permission is none',
    looksAt: 'scopes and values of `permissions`',
    remediation: 'Use a scope and a value GitHub has; a misspelt one does not restrict the token.',
  }),
  credentials: description('high', 'secrets-management', {
    title: 'A registry password stands in the workflow',
    looksAt: '`password` of the credentials of containers and services',
    remediation: 'Store it as a secret, refer to it with `${{ secrets.NAME }}`, and change it: it is in the history.',
  }),
  'runner-label': description('medium', 'correctness', {
    title: 'No runner has these labels',
    looksAt: 'labels of `runs-on` that are unknown or exclude each other, those of the matrix too',
    remediation: 'Use a label of a runner there is; list those of your own in actionlint.yaml.',
  }),
  'shell-name': description('medium', 'correctness', {
    title: 'The runner has no such shell',
    looksAt: '`shell`, as far as the system of the runner is known',
    remediation: 'Use one of the shells of the system, or a command with {0}.',
  }),
  'env-var': description('low', 'correctness', {
    title: 'The name of a variable cannot be set',
    looksAt: 'names in `env`',
    remediation: "Leave out '&', '=' and spaces.",
  }),
  'workflow-call': description('medium', 'correctness', {
    title: 'A reusable workflow is not called as it is defined',
    looksAt: 'the form of `uses`, inputs and secrets of reusable workflows in the repository',
    remediation: 'Name the workflow as GitHub finds it, and hand over what it declares.',
  }),
  'deprecated-commands': description('high', 'injection', {
    title: 'A script gives commands on its output',
    looksAt: 'scripts that print ::set-output, ::save-state, ::set-env or ::add-path',
    remediation: 'Write to the file that GITHUB_OUTPUT, GITHUB_STATE, GITHUB_ENV or GITHUB_PATH names.',
  }),
};

/** Id of the findings of a kind. */
export function idOf(kind: LintKind): string {
  return kind.startsWith('workflow-') ? kind : `workflow-${kind}`;
}

export interface FaultSource {
  readonly path: string;
  readonly lines: LineIndex;
  readonly placeOf: (offset: number) => FaultPlace;
}

const injection: LintKindDescription = description('high', 'injection', {
  title: 'What an outsider writes becomes part of a script',
  looksAt: 'values outsiders write, in `run` and in scripts of actions/github-script',
  remediation: 'Hand the value over in an environment variable, and quote that in the script.',
});

/** A fault of a file as a finding. Of an expression in a text of several lines the second location is where the text begins. */
export function findingOf(fault: LintFault, source: FaultSource): PipelineFinding {
  const { title, remediation, severity, confidence, principle } =
    fault.isInjection === true ? injection : kindDescriptions[fault.kind];
  return {
    kind: 'pipeline',
    id: fault.isInjection === true ? 'workflow-untrusted-input' : idOf(fault.kind),
    aliases: [`actionlint/${fault.kind}`],
    title,
    message: shownMessage(fault.message),
    remediation,
    severity,
    confidence,
    persona: 'regular',
    principle,
    locations: locationsOf(fault, source),
    ...source.placeOf(fault.offset),
  };
}

function locationsOf(fault: LintFault, { path, lines }: FaultSource): readonly Location[] {
  const location = lines.locate(path, fault.offset);
  if (fault.textOffset === undefined) return [location];
  const text = lines.locate(path, fault.textOffset);
  return text.line === location.line ? [location] : [location, text];
}
