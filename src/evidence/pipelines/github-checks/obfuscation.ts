// SPDX-License-Identifier: Apache-2.0
import type { ExpressionNode } from '../../../formats/github-expression/ast.ts';
import { childrenOf, nodesOf } from '../../../formats/github-expression/ast.ts';
import type { RepositoryUses } from '../../../formats/github-workflow/uses.ts';
import type { Fix } from '../../../model/text-edit.ts';
import type { ConstantValue } from '../github/constant.ts';
import { constantOf, printConstant } from '../github/constant.ts';
import type { FileExpression } from '../github/expressions.ts';
import { stepSpan, stepsOf, usesOf } from '../github/steps.ts';
import { replaceSpan } from '../github/yaml-edits.ts';
import type { GithubCheckContext, GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const obfuscation = defineGithubCheck({
  id: 'obfuscation',
  aliases: ['zizmor/obfuscation'],
  title: 'Something simple written in a roundabout way',
  principle: 'correctness',
  why: 'What is written in a roundabout way escapes readers and checks alike.',
  remediation: 'Write the value, the path and the inputs as they are.',
  urls: ['https://docs.github.com/actions/reference/workflows-and-actions/expressions'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: example/action/sub@v1\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: example/action/./sub@v1\n',
  },
  run(file, context) {
    const expressions = context.expressions
      .below(file.node)
      .flatMap((expression) => expressionFaults(expression, context));
    const inputs = stepsOf(file).flatMap((place): GithubFault[] => {
      const { step } = place;
      if (step.kind !== 'uses' || step.inputs?.expression === undefined) return [];
      const message = 'the inputs are computed, so nobody can tell what the action is asked to do';
      const places = [step.inputs.entry.span, step.uses.node.place] as const;
      return [{ message, severity: 'negligible', confidence: 'high', places, around: [stepSpan(place)] }];
    });
    return [...usesFaults(file, context), ...inputs, ...expressions];
  },
});

function usesFaults(file: Parameters<typeof usesOf>[0], context: GithubCheckContext): readonly GithubFault[] {
  return usesOf(file).flatMap((place): GithubFault[] => {
    const { uses, node, entry } = place.text;
    if (uses.kind !== 'repository' || uses.path === undefined) return [];
    const parts = uses.path.split('/');
    const odd = ['.', '..', ''].filter((part) => parts.includes(part));
    if (odd.length === 0) return [];
    const fix = node.alias === undefined ? pathFix(uses, place.text, context) : undefined;
    const message = `the path of the action contains ${odd.map((part) => (part === '' ? 'an empty part' : `"${part}"`)).join(' and ')}`;
    return [
      {
        message,
        severity: 'low',
        confidence: 'high',
        places: [entry.span],
        around: [place.around],
        ...(place.job === undefined ? {} : { job: place.job }),
        ...(place.step === undefined ? {} : { step: place.step }),
        ...(fix === undefined ? {} : { fix }),
      },
    ];
  });
}

/** Undefined when the path leaves the repository. */
function pathFix(
  uses: RepositoryUses,
  { node, text }: { node: FileExpression['scalar']; text: string },
  context: GithubCheckContext,
): Fix | undefined {
  const parts: string[] = [];
  for (const part of (uses.path ?? '').split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  const at = text.lastIndexOf('@');
  const end = at === -1 ? text.trimEnd().length : at;
  const slug = [uses.owner, uses.repository, ...parts].join('/');
  const start = text.length - text.trimStart().length;
  const span = context.expressions.offsetsOf(node).span(start, end);
  return { title: 'Write the plain path', safety: 'safe', edits: [replaceSpan(context.expressions.tree, span, slug)] };
}

function expressionFaults(expression: FileExpression, context: GithubCheckContext): readonly GithubFault[] {
  const whole = constantOf(expression.node);
  const about = { severity: 'low', confidence: 'high' } as const;
  if (whole !== undefined && whole.kind !== 'structure') {
    const fix = templateFix(expression, whole, context);
    const message = 'the expression always has the same value';
    return [{ ...about, message, places: [expression.place(expression.node)], ...(fix === undefined ? {} : { fix }) }];
  }
  const parts = constantParts(expression.node).map((node): GithubFault => {
    const fix = partFix(expression, node, context);
    const message = `${expression.written(node).trim()} always has the same value`;
    return { ...about, message, places: [expression.place(node)], ...(fix === undefined ? {} : { fix }) };
  });
  const computed = nodesOf(expression.node).flatMap((node): GithubFault[] => {
    if (node.kind !== 'index' || node.index.kind === 'string' || node.index.kind === 'number') return [];
    const message = 'a member is looked up by a computed name';
    return [{ ...about, message, persona: 'pedantic', places: [expression.place(node.index)] }];
  });
  return [...parts, ...computed];
}

/** The largest parts that are no literals and have one value; not inside computed names, which are a fault of their own. */
function constantParts(node: ExpressionNode): readonly ExpressionNode[] {
  const value = isLiteral(node) ? undefined : constantOf(node);
  if (value !== undefined && value.kind !== 'structure') return [node];
  if (node.kind === 'index') return constantParts(node.receiver);
  const constants =
    node.kind === 'logical' ? node.operands.findIndex((operand) => constantOf(operand) === undefined) : 0;
  const first = node.kind === 'logical' ? node.operands[0] : undefined;
  const last = node.kind === 'logical' ? node.operands[constants - 1] : undefined;
  // `true || false || x` is one chain, of which the beginning can be worked out.
  if (node.kind === 'logical' && constants > 1 && first !== undefined && last !== undefined)
    return [
      { ...node, operands: node.operands.slice(0, constants), start: first.start, end: last.end },
      ...node.operands.slice(constants).flatMap(constantParts),
    ];
  return childrenOf(node).flatMap(constantParts);
}

function isLiteral(node: ExpressionNode): boolean {
  return node.kind === 'string' || node.kind === 'number' || node.kind === 'boolean' || node.kind === 'null';
}

/** The value in place of the template, where it means the same in YAML. */
function templateFix(
  expression: FileExpression,
  value: ConstantValue,
  { expressions }: GithubCheckContext,
): Fix | undefined {
  const text = printConstant(value);
  const { scalar, inText, span } = expression;
  const isAlone = inText.start === 0 && inText.end === scalar.text.length;
  if (
    text === undefined ||
    !/^[\w ./:=-]*$/.test(text) ||
    (isAlone && scalar.style === 'plain' && !/^[A-Za-z][\w./-]*$/.test(text))
  )
    return undefined;
  if (
    isAlone &&
    scalar.style === 'plain' &&
    value.kind === 'string' &&
    /^(?:true|false|null|yes|no|on|off)$/i.test(text)
  )
    return undefined;
  return { title: 'Write the value', safety: 'safe', edits: [replaceSpan(expressions.tree, span, text)] };
}

/** A literal in place of a part. */
function partFix(
  expression: FileExpression,
  node: ExpressionNode,
  { expressions }: GithubCheckContext,
): Fix | undefined {
  const value = constantOf(node);
  if (value === undefined || value.kind === 'structure' || expression.scalar.style === 'single-quoted')
    return undefined;
  const text =
    value.kind === 'string'
      ? `'${value.value.replaceAll("'", "''")}'`
      : value.kind === 'null'
        ? 'null'
        : String(value.value);
  if (/[\n"\\]/.test(text)) return undefined;
  return {
    title: 'Write the value',
    safety: 'safe',
    edits: [replaceSpan(expressions.tree, expression.place(node), text)],
  };
}
