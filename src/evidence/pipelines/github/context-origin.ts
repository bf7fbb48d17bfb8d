// SPDX-License-Identifier: Apache-2.0
// How far the text of a context at one step is in the hands of others, with everything that the file says about it: types of inputs, variables
// that are written down, values of the matrix.
import type { ReferenceStep } from '../../../formats/github-expression/references.ts';
import type { GithubFile } from '../../../formats/github-workflow/github-file.ts';
import { findTrigger, triggerInputs } from '../../../formats/github-workflow/triggers.ts';
import { memberOf } from '../../../formats/yaml-tree.ts';
import type { Confidence } from '../../../model/confidence.ts';
import type { Severity } from '../../../model/severity.ts';
import { contextTrust } from './context-trust.ts';
import { isComputedMatrixValue } from './matrix-values.ts';
import type { StepPlace } from './steps.ts';
import { environmentsOf } from './steps.ts';

export interface InjectionRisk {
  readonly severity: Severity;
  readonly confidence: Confidence;
}

/** Undefined when nobody outside has a say. `path` as contextPath gives it; undefined for members of the result of a function. */
export function injectionRisk(path: readonly ReferenceStep[] | undefined, place: StepPlace): InjectionRisk | undefined {
  if (path === undefined) return unlikely;
  const trust = contextTrust(path);
  if (trust === 'fixed') return undefined;
  if (trust === 'structured') return { severity: 'medium', confidence: 'high' };
  if (trust === 'arbitrary') return { severity: 'high', confidence: 'high' };
  switch (path[0]) {
    case 'secrets':
      // Those who may set a secret may change the workflow.
      return undefined;
    case 'inputs':
      return inputRisk(path[1], place.action ?? place.workflow);
    case 'env':
      return isStaticVariable(path[1], place) ? undefined : { severity: 'low', confidence: 'high' };
    case 'matrix':
      return matrixRisk(path, place);
    default:
      return unlikely;
  }
}

/** Outputs, variables of the organisation and the like: in rare cases. */
const unlikely: InjectionRisk = { severity: 'negligible', confidence: 'low' };

const fixedInputTypes: ReadonlySet<string> = new Set(['boolean', 'number', 'choice']);

function inputRisk(name: ReferenceStep, file: GithubFile | undefined): InjectionRisk | undefined {
  if (name === undefined || name === '*' || file === undefined) return { severity: 'high', confidence: 'low' };
  if (file.kind === 'action') {
    const isDeclared = file.inputs.some(({ key }) => key.toLowerCase() === name);
    return isDeclared ? { severity: 'high', confidence: 'high' } : { severity: 'low', confidence: 'low' };
  }
  if (file.kind !== 'workflow') return undefined;
  const declared = ['workflow_call', 'workflow_dispatch']
    .flatMap((event) => triggerInputs(findTrigger(file.triggers, event)))
    .filter(({ key }) => key.toLowerCase() === name);
  if (declared.length === 0) return { severity: 'low', confidence: 'low' };
  const types = declared
    .map(({ value }) => memberOf(value, 'type'))
    .map((type) => (type?.kind === 'scalar' ? type.text : 'string'));
  if (types.every((type) => fixedInputTypes.has(type))) return undefined;
  if (types.every((type) => fixedInputTypes.has(type) || type === 'environment'))
    return { severity: 'medium', confidence: 'high' };
  return { severity: 'high', confidence: 'high' };
}

/** The nearest map that has it decides. */
function isStaticVariable(name: ReferenceStep, place: StepPlace): boolean {
  if (name === undefined || name === '*') return false;
  for (const map of environmentsOf(place)) {
    if (map.expression !== undefined) return false;
    const member = map.members.findLast((variable) => variable.name.toLowerCase() === name);
    if (member !== undefined) return !member.text.includes('${{');
  }
  return false;
}

function matrixRisk(path: readonly ReferenceStep[], place: StepPlace): InjectionRisk | undefined {
  const matrix = place.job?.matrix;
  if (matrix === undefined || !isComputedMatrixValue(matrix, path)) return undefined;
  return { severity: 'medium', confidence: 'medium' };
}
