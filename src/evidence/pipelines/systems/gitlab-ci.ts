// SPDX-License-Identifier: Apache-2.0
// GitLab CI/CD: https://docs.gitlab.com/ci/yaml/. Variables that are set in the project are seen by name only, where a script reads them.
import type { Problem } from '../../../model/problem.ts';
import type { CiReading, FileTree } from '../ci-system.ts';
import { defineCiSystem } from '../ci-system.ts';
import {
  componentUse,
  emptyStep,
  imageUse,
  namedSecrets,
  shell,
  uniqueSecrets,
  variablesIn,
} from '../component-use.ts';
import type { GitlabConfiguration } from '../gitlab-configuration.ts';
import { GitlabJobs, readGitlabConfiguration } from '../gitlab-configuration.ts';
import type {
  ArtifactUse,
  CacheUse,
  ComponentUse,
  ImageUse,
  Job,
  Pipeline,
  PipelineFile,
  PlacedText,
  Runner,
  SecretUse,
  Step,
  Trigger,
  Variable,
} from '../pipeline.ts';
import type { PlacedObject, PlacedValue } from '../placed-value.ts';
import { itemsOf, memberOf, membersOf, placedText, textOf, textsOf } from '../placed-value.ts';

export const gitlabCi = defineCiSystem({
  id: 'gitlab-ci',
  title: 'GitLab CI/CD',
  files: ['**/.gitlab-ci.yml', '**/.gitlab-ci.yaml', '**/*.gitlab-ci.yml', '**/*.gitlab-ci.yaml'],
  cannotSee: [
    'includes of other projects, remote files, templates and components',
    'variables, protected branches and runners set in the project or group',
    'pipelines that scripts make (dynamic child pipelines)',
  ],
  parse,
});

const mostChildren = 150;

function parse(files: readonly PipelineFile[], tree: FileTree): CiReading {
  const readings = files.map((file) => readGitlabConfiguration(file.path, file.text, tree));
  const included = new Set(readings.flatMap(({ files: [, ...rest] }) => rest));
  const parts = readings.filter(({ root }) => !included.has(root.location.path)).map((item) => pipelineOf(item));
  const known = new Set(parts.map(({ pipeline }) => pipeline.path));
  const problems: Problem[] = [];
  // Child pipelines are files of any name; each is read once.
  for (let at = 0; at < parts.length; at += 1) {
    for (const { job, path } of parts[at]?.children ?? []) {
      const text = known.has(path) ? undefined : tree.textAt(path);
      if (text === undefined) continue;
      if (parts.length >= mostChildren) {
        const message = `more than ${mostChildren} pipelines start each other; the rest was not read`;
        problems.push({ kind: 'limit', message, location: job.location, hidesFindings: true });
        return { pipelines: parts.map(({ pipeline }) => pipeline), problems: [...problemsOf(parts), ...problems] };
      }
      known.add(path);
      parts.push(pipelineOf(readGitlabConfiguration(path, text, tree), childTriggers(job)));
    }
  }
  return { pipelines: parts.map(({ pipeline }) => pipeline), problems: problemsOf(parts) };
}

interface ReadPipeline {
  readonly pipeline: Pipeline;
  readonly problems: CiReading['problems'];
  /** Files of this project that its jobs start as pipelines. */
  readonly children: readonly ChildPipeline[];
}

interface ChildPipeline {
  readonly job: Job;
  readonly path: string;
}

function problemsOf(parts: readonly ReadPipeline[]): readonly Problem[] {
  return parts.flatMap(({ problems }) => problems);
}

/** A child starts with the job that calls it; who that is, is known of the caller (pipeline-set.ts). */
function childTriggers({ calls, location }: Job): readonly Trigger[] {
  return [
    { event: 'parent pipeline', actor: 'system', code: 'own', trusted: true, location: calls?.location ?? location },
  ];
}

function pipelineOf(configuration: GitlabConfiguration, child?: readonly Trigger[]): ReadPipeline {
  const { root } = configuration;
  const jobs = new GitlabJobs(root);
  const variables = variablesIn(memberOf(root, 'variables'));
  const workflow = itemsOf(memberOf(memberOf(root, 'workflow'), 'rules'));
  const start = child ?? [pushOf(root)];
  const triggers = workflow.length === 0 ? start : triggersOfRules(workflow, start);
  const stages = textsOf(memberOf(root, 'stages'));
  const reader = new JobReader({
    jobs,
    variables,
    triggers,
    stages: stages.length === 0 ? ['build', 'test', 'deploy'] : stages,
  });
  const pipeline: Pipeline = {
    system: 'gitlab-ci',
    kind: 'pipeline',
    path: root.location.path,
    name: root.location.path,
    location: root.location,
    triggers,
    variables,
    jobs: [...jobs.names().flatMap((name) => reader.job(name)), ...reader.defaults(root)],
    includes: configuration.includes,
    traits: new Map(),
  };
  return { pipeline, problems: [...configuration.problems, ...jobs.problems], children: reader.children };
}

interface JobContext {
  readonly jobs: GitlabJobs;
  readonly variables: readonly Variable[];
  readonly triggers: readonly Trigger[];
  readonly stages: readonly string[];
}

class JobReader {
  readonly children: ChildPipeline[] = [];
  readonly #context: JobContext;

  constructor(context: JobContext) {
    this.#context = context;
  }

  job(name: string): Job[] {
    const job = this.#context.jobs.job(name);
    if (job === undefined) return [];
    const read = this.#read(name, job);
    for (const path of childPathsOf(job)) this.children.push({ job: read, path });
    return [read];
  }

  /** Scripts of `default:` are looked at even where no job inherits them. */
  defaults(root: PlacedObject): Job[] {
    const value = memberOf(root, 'default');
    return value?.kind === 'object' ? [{ ...this.#read('default', value), template: true }] : [];
  }

  #read(name: string, job: PlacedObject): Job {
    const own = variablesIn(memberOf(job, 'variables'));
    const steps = this.#steps(job, new Set([...this.#context.variables, ...own].map((variable) => variable.name)));
    const triggers = jobTriggers(job, this.#context.triggers);
    const environment = memberOf(job, 'environment');
    const environmentName = textOf(environment) ?? textOf(memberOf(environment, 'name'));
    const images = [
      imageUse(memberOf(job, 'image'), 'job'),
      ...itemsOf(memberOf(job, 'services')).map((item) => imageUse(item, 'service')),
    ];
    const tokens = membersOf(memberOf(job, 'id_tokens'));
    const audience = textsOf(memberOf(tokens[0]?.[1], 'aud')).join(', ');
    const strategy = memberOf(job, 'variables');
    const calls = callOf(job);
    return {
      id: name,
      location: job.location,
      template: name.startsWith('.'),
      ...(triggers === undefined ? {} : { triggers }),
      runner: runnerOf(job),
      ...(environmentName === undefined || environment === undefined
        ? {}
        : { environment: { name: environmentName, location: environment.location } }),
      ...(tokens[0] === undefined
        ? {}
        : {
            oidc: {
              subject: 'project_path:<this project>:ref_type:branch:ref:<branch>',
              audience,
              location: tokens[0][1].location,
            },
          }),
      needs: this.#needs(job),
      ...(calls === undefined ? {} : { calls }),
      steps,
      variables: own,
      secrets: secretsOf(job, steps),
      images: images.filter((image): image is ImageUse => image !== undefined),
      artifacts: artifactsOf(name, job),
      caches: itemsOf(memberOf(job, 'cache')).flatMap(cacheOf),
      traits: traitsOf(job, strategy),
    };
  }

  #steps(job: PlacedObject, known: ReadonlySet<string>): readonly Step[] {
    const steps: Step[] = [];
    for (const part of ['before_script', 'script', 'after_script'] as const) {
      const items = this.#context.jobs.items(memberOf(job, part));
      for (const [position, item] of items.entries()) {
        const written = placedText(item);
        if (written === undefined) continue;
        const step = emptyStep(steps.length, item.location);
        steps.push({
          ...step,
          id: `${part}[${position}]`,
          script: shell(written),
          secrets: namedSecrets([written], known),
        });
      }
    }
    return steps;
  }

  /** Without `needs` a job waits for all jobs of the stages before its own. */
  #needs(job: PlacedObject): readonly string[] {
    const needs = memberOf(job, 'needs');
    if (needs !== undefined)
      return itemsOf(needs).flatMap((item) => textOf(item) ?? textOf(memberOf(item, 'job')) ?? []);
    const { stages, jobs } = this.#context;
    const position = stages.indexOf(textOf(memberOf(job, 'stage')) ?? 'test');
    if (position <= 0) return [];
    const before = stages[position - 1];
    return jobs
      .names()
      .filter((name) => !name.startsWith('.') && (textOf(memberOf(jobs.job(name), 'stage')) ?? 'test') === before);
  }
}

function traitsOf(job: PlacedObject, variables: PlacedValue | undefined): ReadonlyMap<string, PlacedText> {
  const traits = new Map<string, PlacedText>();
  const stage = placedText(memberOf(job, 'stage'));
  if (stage !== undefined) traits.set('stage', stage);
  const strategy = placedText(memberOf(variables, 'GIT_STRATEGY'));
  if (strategy !== undefined) traits.set('checkout-strategy', strategy);
  const manual = placedText(memberOf(job, 'when'));
  if (manual !== undefined) traits.set('when', manual);
  return traits;
}

/** Runners with tags are somebody's own, except those that GitLab names its own after. */
function runnerOf(job: PlacedObject): Runner {
  const tags = memberOf(job, 'tags');
  const labels = textsOf(tags);
  const location = tags?.location ?? job.location;
  if (labels.length === 0) return { kind: 'hosted', labels, location };
  if (labels.some((label) => label.includes('$'))) return { kind: 'unknown', labels, location };
  const isHosted = labels.every((label) => /^(?:saas-|gitlab-org|shared$|docker$)/.test(label));
  return { kind: isHosted ? 'hosted' : 'self-hosted', labels, location };
}

function secretsOf(job: PlacedObject, steps: readonly Step[]): readonly SecretUse[] {
  const fetched = membersOf(memberOf(job, 'secrets')).map(
    ([name, value]): SecretUse => ({ name, source: 'secret', location: value.location }),
  );
  return uniqueSecrets([...fetched, ...steps.flatMap(({ secrets }) => secrets)]);
}

function artifactsOf(name: string, job: PlacedObject): readonly ArtifactUse[] {
  const uploads = memberOf(job, 'artifacts');
  const found: ArtifactUse[] = uploads === undefined ? [] : [{ direction: 'upload', name, location: uploads.location }];
  for (const key of ['needs', 'dependencies'] as const) {
    for (const item of itemsOf(memberOf(job, key))) {
      const from = textOf(item) ?? textOf(memberOf(item, 'job'));
      if (from !== undefined && textOf(memberOf(item, 'artifacts')) !== 'false')
        found.push({ direction: 'download', name: from, location: item.location });
    }
  }
  return found;
}

function cacheOf(value: PlacedValue): CacheUse[] {
  if (value.kind !== 'object') return [];
  const key = memberOf(value, 'key');
  const files = textsOf(memberOf(key, 'files'));
  const text =
    textOf(key) ?? (files.length > 0 ? `${textOf(memberOf(key, 'prefix')) ?? ''}files:${files.join(',')}` : 'default');
  const policy = textOf(memberOf(value, 'policy'));
  const direction = policy === 'pull' ? 'restore' : policy === 'push' ? 'save' : 'both';
  return [{ key: text, direction, location: key?.location ?? value.location }];
}

/** Of all files that one job starts together. */
function childPathsOf(job: PlacedObject): readonly string[] {
  const trigger = memberOf(job, 'trigger');
  if (textOf(trigger) !== undefined || memberOf(trigger, 'project') !== undefined) return [];
  return itemsOf(memberOf(trigger, 'include')).flatMap((item) => {
    const written = textOf(item) ?? textOf(memberOf(item, 'local'));
    return written === undefined ? [] : [written.replace(/^\/+/, '')];
  });
}

function callOf(job: PlacedObject): ComponentUse | undefined {
  const trigger = memberOf(job, 'trigger');
  if (trigger === undefined) return undefined;
  const project = textOf(trigger) ?? textOf(memberOf(trigger, 'project'));
  const include = itemsOf(memberOf(trigger, 'include'))[0];
  const local = textOf(include) ?? textOf(memberOf(include, 'local'));
  const text = project ?? local;
  if (text === undefined) return undefined;
  const more = project === undefined ? { isLocal: true, resolved: text.replace(/^\/+/, '') } : {};
  return componentUse('reusable-workflow', { text, location: trigger.location }, { name: text, ...more });
}

function pushOf({ location }: PlacedValue): Trigger {
  return { event: 'push', actor: 'contributor', code: 'proposed', trusted: true, location };
}

/** undefined: the job says nothing of its own. */
function jobTriggers(job: PlacedObject, inherited: readonly Trigger[]): readonly Trigger[] | undefined {
  const rules = memberOf(job, 'rules');
  if (rules !== undefined) return triggersOfRules(itemsOf(rules), inherited);
  const only = memberOf(job, 'only');
  if (only === undefined) return undefined;
  const refs = only.kind === 'object' ? itemsOf(memberOf(only, 'refs')) : itemsOf(only);
  const found = refs.flatMap((ref) => triggerOfRef(textOf(ref) ?? '', ref.location));
  return found.length === 0 ? undefined : found;
}

function triggerOfRef(ref: string, location: Trigger['location']): Trigger[] {
  if (/^(?:external_)?merge_requests$|^external_pull_requests$/.test(ref)) return [mergeRequest(location)];
  if (ref === 'tags') return [{ event: 'tag', actor: 'maintainer', code: 'own', trusted: true, location }];
  if (ref === 'schedules') return [{ event: 'schedule', actor: 'schedule', code: 'own', trusted: true, location }];
  if (['triggers', 'pipelines', 'api', 'web', 'chat'].includes(ref))
    return [{ event: ref, actor: 'maintainer', code: 'own', trusted: true, location }];
  if (/^(?:main|master|production|release.{0,40}|\$CI_DEFAULT_BRANCH)$/.test(ref)) return [protectedPush(location)];
  return [{ event: 'push', actor: 'contributor', code: 'proposed', trusted: true, location }];
}

/** From a fork it runs in the fork's project, without what is secret here; a member who starts it in this project changes that. */
function mergeRequest(location: Trigger['location']): Trigger {
  return { event: 'merge_request_event', actor: 'anyone', code: 'proposed', trusted: false, location };
}

function protectedPush(location: Trigger['location']): Trigger {
  return { event: 'push to a protected branch', actor: 'maintainer', code: 'own', trusted: true, location };
}

/** A rule without a condition that can be read stands for whatever starts the pipeline. */
function triggersOfRules(rules: readonly PlacedValue[], inherited: readonly Trigger[]): readonly Trigger[] {
  const found: Trigger[] = [];
  for (const rule of rules) {
    if (textOf(memberOf(rule, 'when')) === 'never') continue;
    const condition = textOf(memberOf(rule, 'if')) ?? '';
    const before = found.length;
    if (/merge_request_event|CI_MERGE_REQUEST_|external_pull_request_event/.test(condition))
      found.push(mergeRequest(rule.location));
    if (/CI_COMMIT_TAG/.test(condition))
      found.push({ event: 'tag', actor: 'maintainer', code: 'own', trusted: true, location: rule.location });
    if (/["']schedule["']/.test(condition))
      found.push({ event: 'schedule', actor: 'schedule', code: 'own', trusted: true, location: rule.location });
    if (/["'](?:web|api|trigger|pipeline|chat)["']/.test(condition))
      found.push({ event: 'web', actor: 'maintainer', code: 'own', trusted: true, location: rule.location });
    if (
      /CI_COMMIT_BRANCH\s*==\s*(?:\$CI_DEFAULT_BRANCH|["'](?:main|master|production)["'])|CI_COMMIT_REF_PROTECTED/.test(
        condition,
      )
    )
      found.push(protectedPush(rule.location));
    if (found.length === before) found.push(...inherited.map((trigger) => ({ ...trigger, location: rule.location })));
  }
  const seen = new Set<string>();
  return found.filter(({ event }) => !seen.has(event) && seen.add(event));
}
