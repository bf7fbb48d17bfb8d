// SPDX-License-Identifier: Apache-2.0
// Which events a condition of GitHub Actions lets through. Only what an event says for sure counts (its name, and what kind of reference it runs on); the rest is
// unknown and lets everything through.
import type { ExpressionNode } from '../../formats/github-expression/ast.ts';
import { wholeExpression } from '../../formats/github-expression/find-expressions.ts';
import { parseExpression } from '../../formats/github-expression/parse-expression.ts';
import { referenceOf } from '../../formats/github-expression/references.ts';

type Known = boolean | undefined;

/** false when a job or step with this condition never runs for the event. */
export function runsForEvent(condition: string, event: string): boolean {
  return isPossible(condition, { event, who: 'somebody' });
}

/** The same for somebody who comes from a fork and does not belong to the repository. */
export function runsForOutsider(condition: string, event: string): boolean {
  return isPossible(condition, { event, who: 'outsider' });
}

interface Run {
  readonly event: string;
  readonly who: 'somebody' | 'outsider';
}

function isPossible(condition: string, run: Run): boolean {
  const text = condition.trim();
  const whole = wholeExpression(text);
  // A condition with text around its expression is always true.
  if (whole === undefined && text.includes('${{')) return true;
  const parsed = whole?.parsed ?? parseExpression(text);
  return parsed.kind === 'fault' || evaluate(parsed.node, run) !== false;
}

function evaluate(node: ExpressionNode, run: Run): Known {
  switch (node.kind) {
    case 'logical': {
      const values = node.operands.map((operand) => evaluate(operand, run));
      const decisive = node.operator === '||';
      if (values.includes(decisive)) return decisive;
      return values.includes(undefined) ? undefined : !decisive;
    }
    case 'not': {
      const value = evaluate(node.operand, run);
      return value === undefined ? undefined : !value;
    }
    case 'comparison': {
      const equal = node.operator === '==' || node.operator === '!=' ? equality(node.left, node.right, run) : undefined;
      return equal === undefined ? undefined : equal === (node.operator === '==');
    }
    case 'call':
      return callValue(node, run);
    case 'boolean':
      return node.value;
    default:
      return run.who === 'outsider' && referenceOf(node)?.join('.') === forkFlag ? true : undefined;
  }
}

const forkFlag = 'github.event.pull_request.head.repo.fork';
const headNames = /^github\.event\.(?:pull_request\.head\.repo|workflow_run\.head_repository)\.(?:full_name|id)$/;
const ownNames =
  /^github\.(?:repository|repository_id|event\.(?:repository|pull_request\.base\.repo)\.(?:full_name|id))$/;
const association = /^github\.event\.(?:comment|issue|pull_request|review|discussion)\.author_association$/;
const memberships: ReadonlySet<string> = new Set(['owner', 'member', 'collaborator']);

/** What tells a fork, and who belongs to the repository. */
function outsiderEquality(left: ExpressionNode, right: ExpressionNode): Known {
  const [a, b] = [referenceOf(left)?.join('.') ?? '', referenceOf(right)?.join('.') ?? ''];
  if ((headNames.test(a) && ownNames.test(b)) || (headNames.test(b) && ownNames.test(a))) return false;
  const [path, other] = a === '' ? [b, left] : [a, right];
  if (path === forkFlag && other.kind === 'boolean') return other.value;
  if (headNames.test(path) && other.kind === 'string') return false;
  return association.test(path) && other.kind === 'string' && memberships.has(other.value.toLowerCase())
    ? false
    : undefined;
}

function equality(left: ExpressionNode, right: ExpressionNode, { event, who }: Run): Known {
  const known = who === 'outsider' ? outsiderEquality(left, right) : undefined;
  if (known !== undefined) return known;
  const [reference, literal] = left.kind === 'string' ? [right, left] : [left, right];
  if (literal.kind !== 'string') return undefined;
  const path = referenceOf(reference)?.join('.');
  const value = literal.value.toLowerCase();
  if (path === 'github.event_name') return value === event.toLowerCase();
  if (path === 'github.ref') return refMayBe(value, event) ? undefined : false;
  // A pull request runs on `refs/pull/N/merge`, whose short name is `N/merge`.
  if (path === 'github.ref_name') return isPullRequest(event) && !value.endsWith('/merge') ? false : undefined;
  return path === 'github.ref_type' &&
    value === 'tag' &&
    event !== 'push' &&
    event !== 'release' &&
    event !== 'workflow_dispatch' &&
    event !== 'create' &&
    event !== 'delete'
    ? false
    : undefined;
}

function callValue(node: Extract<ExpressionNode, { kind: 'call' }>, { event, who }: Run): Known {
  const [first, second] = node.arguments;
  // `contains(fromJSON('["OWNER"]'), github.event.comment.author_association)`: nobody asks for strangers.
  if (
    who === 'outsider' &&
    node.name.toLowerCase() === 'contains' &&
    second !== undefined &&
    association.test(referenceOf(second)?.join('.') ?? '')
  )
    return false;
  if (first === undefined || second?.kind !== 'string') return undefined;
  const name = node.name.toLowerCase();
  const path = referenceOf(first)?.join('.');
  if (name === 'startswith' && path === 'github.ref')
    return refMayBe(second.value.toLowerCase(), event) ? undefined : false;
  if (path !== 'github.event_name') return undefined;
  if (name === 'startswith') return event.startsWith(second.value.toLowerCase());
  return name === 'contains' ? event.includes(second.value.toLowerCase()) : undefined;
}

/** Whether a reference that begins so is possible for the event. */
function refMayBe(beginning: string, event: string): boolean {
  if (isPullRequest(event)) return beginning.startsWith('refs/pull') || 'refs/pull/'.startsWith(beginning);
  // These run on the default branch, or on the branch a pull request is for.
  const isOnBranch = [
    'pull_request_target',
    'issue_comment',
    'issues',
    'schedule',
    'workflow_run',
    'discussion',
    'discussion_comment',
  ].includes(event);
  return !isOnBranch || !(beginning.startsWith('refs/tags') || beginning.startsWith('refs/pull'));
}

function isPullRequest(event: string): boolean {
  return event === 'pull_request' || event === 'pull_request_review' || event === 'pull_request_review_comment';
}
