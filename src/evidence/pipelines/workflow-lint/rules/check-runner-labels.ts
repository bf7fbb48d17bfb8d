// SPDX-License-Identifier: Apache-2.0
// `runs-on`: labels no runner has, and labels no runner can have at once. Labels from the matrix are looked up there.
import { wholeExpression } from '../../../../formats/github-expression/find-expressions.ts';
import { referenceOf } from '../../../../formats/github-expression/references.ts';
import { quotedList } from '../fault.ts';
import type { LintContext } from '../lint-context.ts';
import { areCompatible, hostedLabels, selfHostedLabels } from '../tables/runner-labels.ts';
import type { Job, Matrix, RawValue, Text } from '../workflow.ts';

export function checkRunnerLabels(context: LintContext): void {
  for (const { value: job } of context.workflow.jobs.values()) {
    const { runsOn } = job;
    if (runsOn === undefined) continue;
    if (runsOn.labelsExpression !== undefined)
      for (const labels of labelSets(job, runsOn.labelsExpression)) checkLabels(context, labels);
    // Each label of the list may be one of several by way of the matrix.
    const choices = runsOn.labels.map((label) => labelSets(job, label).flat());
    for (const choice of choices) for (const label of choice) checkKnown(context, label);
    checkConflicts(context, choices);
  }
}

/** The labels a text stands for: itself, or each value of the matrix, which may be a list. */
function labelSets(job: Job, text: Text): readonly (readonly Text[])[] {
  if (!text.value.includes('${{')) return [[text]];
  const parsed = wholeExpression(text.value)?.parsed;
  const steps = parsed?.kind === 'expression' ? referenceOf(parsed.node) : undefined;
  const name = steps?.[1];
  if (steps?.[0] !== 'matrix' || name === undefined || name === '*' || steps.length !== 2) return [];
  return matrixValues(job.strategy?.matrix, name).map((value) => labelsOfRaw(value));
}

function matrixValues(matrix: Matrix | undefined, name: string): readonly RawValue[] {
  const included = (matrix?.include?.combinations ?? []).flatMap(({ assigns }) => assigns.get(name)?.value ?? []);
  return [...(matrix?.rows.get(name)?.value.values ?? []), ...included];
}

function labelsOfRaw(value: RawValue): readonly Text[] {
  if (value.kind === 'scalar') return value.text.value.includes('${{') ? [] : [value.text];
  return value.kind === 'array' ? value.items.flatMap(labelsOfRaw) : [];
}

function checkLabels(context: LintContext, labels: readonly Text[]): void {
  for (const label of labels) checkKnown(context, label);
  checkConflicts(
    context,
    labels.map((label) => [label]),
  );
}

function checkKnown({ report, project }: LintContext, label: Text): void {
  const name = label.value.toLowerCase();
  if (hostedLabels.includes(name) || selfHostedLabels.includes(name)) return;
  const { runnerLabels, runnerLabelNames } = project.configuration;
  if (runnerLabels.some((matches) => matches(name))) return;
  const available = quotedList([...hostedLabels, ...selfHostedLabels, ...runnerLabelNames]);
  report({
    kind: 'runner-label',
    message: `label ${JSON.stringify(label.value)} is unknown. available labels are ${available}. if it is a custom label for self-hosted runner, set list of labels in actionlint.yaml config file`,
    offset: label.offset,
  });
}

function checkConflicts(context: LintContext, choices: readonly (readonly Text[])[]): void {
  for (const [at, choice] of choices.entries()) {
    const earlier = choices.slice(0, at);
    for (const label of choice) {
      // A conflict needs one that goes with none of the values it may stand beside.
      const other = earlier.find(
        (labels) => labels.length > 0 && labels.every(({ value }) => !areCompatible(value, label.value)),
      )?.[0];
      if (other === undefined) continue;
      context.report({
        kind: 'runner-label',
        message: `label ${JSON.stringify(label.value)} conflicts with label ${JSON.stringify(other.value)} defined at ${context.place(other.offset)}. note: to run your job on each workers, use matrix`,
        offset: label.offset,
      });
    }
  }
}
