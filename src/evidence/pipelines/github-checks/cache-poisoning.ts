// SPDX-License-Identifier: Apache-2.0
import type { ExpressionNode } from '../../../formats/github-expression/ast.ts';
import { wholeExpression } from '../../../formats/github-expression/find-expressions.ts';
import type { StepsJob } from '../../../formats/github-workflow/job.ts';
import { findTrigger } from '../../../formats/github-workflow/triggers.ts';
import type { Workflow } from '../../../formats/github-workflow/workflow.ts';
import type { YamlNode } from '../../../formats/yaml-tree.ts';
import { memberOf } from '../../../formats/yaml-tree.ts';
import type { Fix } from '../../../model/text-edit.ts';
import type { ActionFeature, FeatureUsage } from '../github/action-usage.ts';
import { usageOf } from '../github/action-usage.ts';
import { cachingActions, publishingActions } from '../github/caching-actions.ts';
import { isContext } from '../github/flow.ts';
import type { ActionStepPlace } from '../github/steps.ts';
import { actionStepsOf, inputOf, namesOf, stepJobsOf, stepSpan } from '../github/steps.ts';
import { commentBeside, versionIn } from '../github/version-comment.ts';
import { setMembers } from '../github/yaml-edits.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const cachePoisoning = defineGithubCheck({
  id: 'cache-poisoning',
  aliases: ['zizmor/cache-poisoning'],
  title: 'A job that releases restores a cache',
  principle: 'ephemeral-environments',
  why: 'A cache that a less trusted run of the default branch wrote is restored where the release is built.',
  remediation: 'Build releases without a cache.',
  urls: ['https://adnanthekhan.com/2024/05/06/the-monsters-in-your-build-cache-github-actions-cache-poisoning/'],
  kinds: ['workflow'],
  example: {
    good: 'on: release\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/setup-go@v5\n        with:\n          cache: false\n',
    bad: 'on: release\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/setup-go@v5\n',
  },
  run(file) {
    if (file.kind !== 'workflow') return [];
    const steps = Map.groupBy(actionStepsOf(file), ({ job }) => job);
    return stepJobsOf(file).flatMap((job) => jobFaults(file, job, steps.get(job) ?? []));
  },
});

type Release = 'tag' | 'branch' | 'event';

function jobFaults(workflow: Workflow, job: StepsJob, steps: readonly ActionStepPlace[]): readonly GithubFault[] {
  const releases = releasesOf(workflow);
  const publisher =
    releases.length > 0
      ? undefined
      : steps.find((place) => publishingActions.some((feature) => usageOf(feature, place) !== undefined));
  const cause = publisher === undefined ? workflow.triggers?.entry.span : publisher.step.uses.entry.span;
  if (cause === undefined || (releases.length === 0 && publisher === undefined)) return [];
  return steps.flatMap((place): GithubFault[] => {
    const found = cachingOf(workflow, place, releases);
    if (found === undefined) return [];
    const { usage, feature } = found;
    const fix = fixOf(workflow, place, feature);
    const inputs = usage.kind === 'enabled' || usage.kind === 'conditional' ? usage.inputs : [];
    return [
      {
        message: messages[usage.kind],
        severity: 'high',
        confidence: 'low',
        places: [place.step.uses.entry.span, ...inputs.map(({ entry }) => entry.span), cause],
        around: [stepSpan(place)],
        ...namesOf(place),
        job: job.id,
        ...(fix === undefined ? {} : { fix }),
      },
    ];
  });
}

const messages: Readonly<Record<FeatureUsage['kind'], string>> = {
  always: 'a cache is restored in a job that publishes',
  default: 'a cache is restored by default in a job that publishes',
  enabled: 'a cache is restored in a job that publishes',
  conditional: 'a cache may be restored in a job that publishes',
};

/** Events by which releases are usually made. */
function releasesOf({ triggers }: Workflow): readonly Release[] {
  const push = findTrigger(triggers, 'push')?.body;
  const releases: Release[] = [];
  if (memberOf(push, 'tags') !== undefined || memberOf(push, 'tags-ignore') !== undefined) releases.push('tag');
  if (textsOf(memberOf(push, 'branches')).some((branch) => branch.toLowerCase().includes('release')))
    releases.push('branch');
  if (findTrigger(triggers, 'release') !== undefined) releases.push('event');
  return releases;
}

function textsOf(node: YamlNode | undefined): readonly string[] {
  if (node?.kind === 'scalar') return [node.text];
  return node?.kind === 'sequence' ? node.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])) : [];
}

function cachingOf(
  workflow: Workflow,
  place: ActionStepPlace,
  releases: readonly Release[],
): { readonly usage: FeatureUsage; readonly feature: ActionFeature } | undefined {
  const comment = versionIn(commentBeside(workflow.tree, place.step.uses.node.place))?.version;
  const used = { ...place, ...(comment === undefined ? {} : { comment }) };
  for (const feature of cachingActions) {
    const usage = usageOf(feature, used);
    if (usage === undefined) continue;
    if (usage.kind !== 'conditional' || releases.length === 0 || releases.includes('branch')) return { usage, feature };
    // All runs that release are for a tag, so an expression about tags has a known value.
    const value = valueForTag(place, feature);
    if (value === undefined) return { usage, feature };
    return value ? { usage: { kind: 'enabled', inputs: usage.inputs }, feature } : undefined;
  }
  return undefined;
}

/** Whether the cache is used in a run for a tag; undefined when the expression does not tell. */
function valueForTag({ step }: ActionStepPlace, feature: ActionFeature): boolean | undefined {
  if (feature.when?.kind !== 'input' || feature.when.holds !== 'boolean') return undefined;
  const expression = wholeExpression(inputOf(step, feature.when.name)?.text ?? '');
  if (expression === undefined || expression.parsed.kind === 'fault') return undefined;
  const value = holdsForTag(expression.parsed.node);
  return value === undefined ? undefined : value === (feature.when.turns === 'on');
}

function holdsForTag(node: ExpressionNode): boolean | undefined {
  if (node.kind === 'boolean') return node.value;
  if (node.kind === 'not') {
    const value = holdsForTag(node.operand);
    return value === undefined ? undefined : !value;
  }
  if (node.kind === 'call' && node.name.toLowerCase() === 'startswith') {
    const [text, prefix] = node.arguments;
    const isTagPrefix = prefix?.kind === 'string' && prefix.value.toLowerCase() === 'refs/tags/';
    return text !== undefined && isContext(text, 'github.ref') && isTagPrefix ? true : undefined;
  }
  if (node.kind === 'comparison') {
    const [context, value] = node.right.kind === 'string' ? [node.left, node.right] : [node.right, node.left];
    if (node.operator !== '==' || value.kind !== 'string') return undefined;
    if (isContext(context, 'github.ref_type')) return value.value === 'tag';
    return isContext(context, 'github.event_name') && value.value === 'push' ? true : undefined;
  }
  if (node.kind !== 'logical' || node.operator !== '&&') return undefined;
  const values = node.operands.map(holdsForTag);
  return values.includes(undefined) ? undefined : values.every((value) => value === true);
}

/** Only a switch has a value that is sure to turn the cache off. */
function fixOf(workflow: Workflow, { step }: ActionStepPlace, feature: ActionFeature): Fix | undefined {
  if (feature.when?.kind !== 'input' || feature.when.holds !== 'boolean') return undefined;
  const value = feature.when.turns === 'on' ? 'false' : 'true';
  const edits = setMembers(workflow.tree, step.node, { key: 'with', members: { [feature.when.name]: value } });
  return edits === undefined ? undefined : { title: `Set ${feature.when.name}: ${value}`, safety: 'unsafe', edits };
}
