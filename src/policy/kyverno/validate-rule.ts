// SPDX-License-Identifier: Apache-2.0
// validate rules of patterns, deny conditions and loops (Kyverno pkg/engine/handlers/validation/validate_resource.go). Not here: podSecurity and
// cel, which have files of their own, and what UPDATE requests on objects already in breach come to (engine.ts).
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { JmespathFault } from '../jmespath/fault.ts';
import { breachPlace } from './breach-place.ts';
import type { Conditions } from './conditions.ts';
import { compileConditions } from './conditions.ts';
import { contextEntries, contextFaults } from './context-entries.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import type { Hardening } from './hardening.ts';
import type { MessageSource } from './messages.ts';
import { anyPatternMessage, denyMessage, passedMessage, patternMessage } from './messages.ts';
import type { Overlay } from './overlay.ts';
import { compileOverlay } from './overlay.ts';
import type { Fit } from './overlay-fit.ts';
import { compileFit } from './overlay-fit.ts';
import { resolveReferences } from './references.ts';
import type { CompiledBody, RuleBody, RuleEvaluation, RuleOutcome, SurePass } from './rule.ts';
import { faulted, outcome } from './rule.ts';
import { addedMarks, hasVariables, substitute } from './substitute.ts';

const deepestLoop = 10;

/** The body of a `validate` block, or of one entry of its `foreach`. */
export function compileValidation(
  validate: JsonObject,
  source: MessageSource,
  settings: ValidationSettings = { hardening: 'parity', deletions: 'not-judged' },
): CompiledBody {
  return compileBlock(validate, source, { ...settings, nesting: 0 });
}

export interface ValidationSettings {
  readonly hardening: Hardening;
  /** Whether patterns are held against what is deleted. Kyverno lets it go. */
  readonly deletions: 'judged' | 'not-judged';
}

interface BlockScope extends ValidationSettings {
  readonly nesting: number;
}

function compileBlock(block: JsonObject, source: MessageSource, scope: BlockScope): CompiledBody {
  if (block['deny'] !== undefined) return compileDeny(asObject(block['deny']) ?? {}, source);
  if (block['pattern'] !== undefined && block['pattern'] !== null)
    return compilePattern(block['pattern'], source, scope);
  if (block['anyPattern'] !== undefined && block['anyPattern'] !== null)
    return compileAnyPattern(block['anyPattern'], source, scope);
  if (block['foreach'] !== undefined) return compileLoops(asArray(block['foreach']), source, scope);
  return { kind: 'invalid', message: 'validate needs one of pattern, anyPattern, deny, foreach, podSecurity and cel' };
}

function compileDeny(deny: JsonObject, source: MessageSource): CompiledBody {
  const compiled = compileConditions(deny['conditions'], 'holds');
  if (compiled.kind === 'invalid') return compiled;
  return {
    kind: 'body',
    run: ({ context }) => {
      const result = compiled.evaluate(context);
      if (result instanceof JmespathFault)
        return faulted(source.rule, result, `failed to check deny conditions: ${result.message}`);
      return result.holds
        ? outcome(source.rule, 'fail', denyMessage(source, context, result.message))
        : outcome(source.rule, 'pass', passedMessage(source));
    },
  };
}

interface PatternReading {
  readonly overlayFor: (context: EvaluationContext) => Overlay | JmespathFault;
  /** Of patterns that are the same for every request. */
  readonly fits: Fit | undefined;
}

/** A pattern without variables is compiled now, others when their variables are known. A text says why it cannot be. */
function readPattern(pattern: unknown, hardening: Hardening): PatternReading | string {
  const resolved = resolveReferences(pattern);
  if (resolved.kind === 'invalid') return resolved.message;
  const { value } = resolved;
  if (hasVariables(value))
    return {
      overlayFor: (context) => {
        const replaced = substitute(value, context);
        if (replaced instanceof JmespathFault) return replaced;
        const foreign = hardening === 'strict' ? patternOfObject(value, replaced) : undefined;
        return foreign ?? compileOverlay(replaced, hardening);
      },
      fits: undefined,
    };
  const overlay = compileOverlay(value, hardening);
  return { overlayFor: () => overlay, fits: hardening === 'parity' ? compileFit(value) : undefined };
}

/** What fits needs no words. On DELETE patterns say nothing. */
function fitting(fits: readonly (Fit | undefined)[]): SurePass | undefined {
  const known = fits.filter((fit) => fit !== undefined);
  if (known.length === 0) return undefined;
  return ({ operation, object }) => operation === 'DELETE' || object === undefined || known.some((fit) => fit(object));
}

/** Marks that make a pattern of a text. */
const patternMarks = ['*', '?', '|', '&', '>', '<', '!'] as const;

/** Strict: what the object says is compared with, and is no pattern for the object to choose. */
function patternOfObject(written: unknown, replaced: unknown): JmespathFault | undefined {
  if (typeof written === 'string') {
    const resolved = typeof replaced === 'string' ? replaced : (JSON.stringify(replaced) ?? '');
    const [mark] = addedMarks(written, resolved, patternMarks);
    if (mark === undefined) return undefined;
    return new JmespathFault('refused', `a value of the object would be read as a pattern: ${resolved.slice(0, 200)}`);
  }
  const parts = Object.values((written ?? {}) as Readonly<Record<string, unknown>>);
  const values = Object.values((replaced ?? {}) as Readonly<Record<string, unknown>>);
  for (const [index, part] of parts.entries()) {
    const fault = patternOfObject(part, values[index]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** What a pattern is held against: the element of a loop, else the object. Undefined on DELETE. */
function subjectOf({ request, context }: RuleEvaluation, { deletions }: ValidationSettings): JsonObject | undefined {
  const element = asObject(context.data[elementScope]);
  if (element !== undefined && Object.keys(element).length > 0) return element;
  if (request.operation !== 'DELETE') return request.object;
  return deletions === 'judged' ? request.oldObject : undefined;
}

/** Under this name, which no expression can say, the element stands if patterns are about it. */
const elementScope = '\u0000element';

function compilePattern(pattern: unknown, source: MessageSource, scope: BlockScope): CompiledBody {
  const reading = readPattern(pattern, scope.hardening);
  if (typeof reading === 'string') return { kind: 'invalid', message: reading };
  const { overlayFor, fits } = reading;
  return {
    kind: 'body',
    surelyPasses: fitting([fits]),
    run: (evaluation) => {
      const { context } = evaluation;
      const overlay = overlayFor(context);
      if (overlay instanceof JmespathFault)
        return faulted(source.rule, overlay, `variable substitution failed: ${overlay.message}`);
      const subject = subjectOf(evaluation, scope);
      if (subject === undefined) return undefined;
      const result = overlay(subject);
      switch (result.kind) {
        case 'pass':
          return outcome(source.rule, 'pass', passedMessage(source));
        case 'skip':
          return outcome(source.rule, 'skip', result.message);
        case 'error':
          return outcome(source.rule, 'error', patternMessage(source, context, { error: result.message }));
        default:
          return {
            ...outcome(
              source.rule,
              'fail',
              patternMessage(source, context, { path: result.path, error: result.message }),
            ),
            // The path of an element of a loop begins at the element.
            ...(subject === evaluation.request.object ? placeOf(subject, result.path) : {}),
          };
      }
    },
  };
}

function placeOf(subject: JsonObject, path: string): Pick<RuleOutcome, 'at'> {
  const at = breachPlace(subject, path);
  return at.length === 0 ? {} : { at };
}

function compileAnyPattern(patterns: unknown, source: MessageSource, scope: BlockScope): CompiledBody {
  if (!Array.isArray(patterns)) return { kind: 'invalid', message: 'anyPattern must be a list' };
  const readings = patterns.map((pattern) => readPattern(pattern, scope.hardening));
  const invalid = readings.find((reading) => typeof reading === 'string');
  if (invalid !== undefined) return { kind: 'invalid', message: invalid };
  const usable = readings.filter((reading) => typeof reading !== 'string');
  const overlays = usable.map(({ overlayFor }) => overlayFor);
  const all = usable.map(({ fits }) => fits);
  return {
    kind: 'body',
    // Where one depends on variables that cannot be replaced the rule ends in an error, whatever the others say.
    surelyPasses: all.includes(undefined) ? undefined : fitting(all),
    run: (evaluation) => runAnyPattern(overlays, source, { evaluation, scope }),
  };
}

function runAnyPattern(
  overlays: readonly ((context: EvaluationContext) => Overlay | JmespathFault)[],
  source: MessageSource,
  { evaluation, scope }: { readonly evaluation: RuleEvaluation; readonly scope: BlockScope },
): RuleOutcome | undefined {
  const { context } = evaluation;
  const ready: Overlay[] = [];
  for (const overlayFor of overlays) {
    const overlay = overlayFor(context);
    if (overlay instanceof JmespathFault)
      return faulted(source.rule, overlay, `variable substitution failed: ${overlay.message}`);
    ready.push(overlay);
  }
  const subject = subjectOf(evaluation, scope);
  if (subject === undefined) return undefined;
  const failed: string[] = [];
  const skipped: string[] = [];
  for (const [index, overlay] of ready.entries()) {
    const result = overlay(subject);
    const name = `rule ${source.rule}[${index}]`;
    if (result.kind === 'pass')
      return outcome(source.rule, 'pass', `validation rule '${source.rule}' anyPattern[${index}] passed.`);
    if (result.kind === 'skip') skipped.push(`${name} skipped: ${result.message}`);
    else
      failed.push(
        result.kind === 'fail' ? `${name} failed at path ${result.path}` : `${name} failed: ${result.message}`,
      );
  }
  if (failed.length > 0) return outcome(source.rule, 'fail', anyPatternMessage(source, context, failed));
  return skipped.length > 0
    ? outcome(source.rule, 'skip', skipped.join(' '))
    : outcome(source.rule, 'pass', passedMessage(source));
}

interface Loop {
  readonly list: string;
  readonly elementScope: boolean | undefined;
  readonly context: unknown;
  readonly preconditions: Conditions;
  readonly run: RuleBody;
  readonly nesting: number;
}

function compileLoops(loops: readonly unknown[], source: MessageSource, scope: BlockScope): CompiledBody {
  const { nesting } = scope;
  if (nesting >= deepestLoop) return { kind: 'invalid', message: `loops are nested deeper than ${deepestLoop}` };
  const compiled: Loop[] = [];
  for (const item of loops) {
    const loop = asObject(item) ?? {};
    const preconditions = compileConditions(loop['preconditions'], 'holds');
    if (preconditions.kind === 'invalid') return preconditions;
    const [fault] = contextFaults(loop['context']);
    if (fault !== undefined) return { kind: 'invalid', message: fault };
    const body = compileBlock(loop, source, { ...scope, nesting: nesting + 1 });
    if (body.kind === 'invalid') return body;
    const ownScope = loop['elementScope'];
    compiled.push({
      list: asString(loop['list']) ?? '',
      elementScope: typeof ownScope === 'boolean' ? ownScope : undefined,
      context: loop['context'],
      preconditions: preconditions.evaluate,
      run: body.run,
      nesting,
    });
  }
  return { kind: 'body', run: (evaluation) => runLoops(compiled, source, evaluation) };
}

/** No element at all: the rule says nothing. A list that cannot be evaluated is passed over, as Kyverno does. */
function runLoops(loops: readonly Loop[], source: MessageSource, evaluation: RuleEvaluation): RuleOutcome | undefined {
  const isStrict = evaluation.context.hardening === 'strict';
  let applied = 0;
  // Strict: an error is told, but not before every element was asked whether it breaks the rule.
  let open: RuleOutcome | undefined;
  for (const loop of loops) {
    const list = evaluation.context.query(deleted(loop.list, evaluation));
    if (list instanceof JmespathFault) {
      if (isStrict && !isPlainlyMissing(loop, evaluation))
        open ??= outcome(source.rule, 'error', `failed to evaluate list ${loop.list}: ${list.message}`);
      continue;
    }
    const elements: readonly unknown[] = Array.isArray(list) ? list : [list];
    for (const [index, element] of elements.entries()) {
      if (element === null || element === undefined) continue;
      const result = runElement(loop, source, { evaluation, element, index });
      if (result === undefined || result.status === 'skip') continue;
      if (result.status === 'pass') {
        applied += 1;
        continue;
      }
      // An error in any element but the last is passed over: matches Kyverno, and is a way to fail open.
      const told = { ...result, message: `validation failure: ${result.message}` };
      if (result.status !== 'error') return told;
      if (isStrict) open ??= told;
      else if (index === elements.length - 1) return told;
    }
  }
  if (open !== undefined) return open;
  return applied === 0 ? undefined : outcome(source.rule, 'pass', 'rule passed');
}

/** A list at the end of a path, in a map that is there: nothing to loop over. Anything else may be a slip of the pen, or of somebody's intent. */
const lastMember = /^([A-Za-z_][\w.]*)\.[A-Za-z_]\w*(?:\[\*?\])?$/;

function isPlainlyMissing({ list }: Loop, evaluation: RuleEvaluation): boolean {
  const parent = lastMember.exec(deleted(list.trim(), evaluation))?.[1];
  if (parent === undefined) return false;
  const found = evaluation.context.query(parent);
  return !(found instanceof JmespathFault) && asObject(found) !== undefined;
}

function deleted(list: string, { request }: RuleEvaluation): string {
  return request.operation === 'DELETE' ? list.replaceAll('request.object', 'request.oldObject') : list;
}

interface Turn {
  readonly evaluation: RuleEvaluation;
  readonly element: unknown;
  readonly index: number;
}

function runElement(loop: Loop, source: MessageSource, { evaluation, element, index }: Turn): RuleOutcome | undefined {
  const isMap = asObject(element) !== undefined;
  if (loop.elementScope === true && !isMap)
    return outcome(source.rule, 'error', 'failed to process foreach: elementScope needs elements that are maps');
  const context = evaluation.context.extend(contextEntries(loop.context, evaluation.data), {
    element,
    elementIndex: index,
    [`element${loop.nesting}`]: element,
    [`elementIndex${loop.nesting}`]: index,
    [elementScope]: (loop.elementScope ?? isMap) ? element : undefined,
  });
  const holds = loop.preconditions(context);
  if (holds instanceof JmespathFault)
    return faulted(source.rule, holds, `failed to evaluate preconditions: ${holds.message}`);
  if (!holds.holds) return outcome(source.rule, 'skip', 'preconditions not met');
  return loop.run({ ...evaluation, context });
}
