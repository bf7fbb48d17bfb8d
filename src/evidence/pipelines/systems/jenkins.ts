// SPDX-License-Identifier: Apache-2.0
// Jenkins declarative pipelines: https://www.jenkins.io/doc/book/pipeline/syntax/. Scripted pipelines are told as not understood; of `script` blocks the
// steps are read, and what Groovy computes is not.
import type { GroovyCall, GroovyStatement } from '../../../formats/groovy-script.ts';
import { callsIn, parseGroovyScript } from '../../../formats/groovy-script.ts';
import type { Problem } from '../../../model/problem.ts';
import type { CiReading } from '../ci-system.ts';
import { defineCiSystem } from '../ci-system.ts';
import { componentUse, uniqueSecrets } from '../component-use.ts';
import { credentialsOf, StepWalk, textOfValue } from '../jenkins-steps.ts';
import type {
  ComponentUse,
  ImageUse,
  Job,
  Pipeline,
  PipelineFile,
  PlacedText,
  Runner,
  SecretUse,
  Trigger,
  Variable,
} from '../pipeline.ts';
import { itemsOf, memberOf, readPlacedYaml, textOf } from '../placed-value.ts';

export const jenkins = defineCiSystem({
  id: 'jenkins',
  title: 'Jenkins (declarative)',
  files: ['**/Jenkinsfile', '**/Jenkinsfile.*', '**/*.jenkinsfile', '**/Jenkinsfile-*'],
  cannotSee: [
    'scripted pipelines, and what the Groovy of script blocks computes',
    'shared libraries',
    'who may start a job, which is kept in Jenkins; pull requests are taken to be built',
  ],
  parse: (files) => {
    const parts = files.map(readJenkinsfile);
    return {
      pipelines: parts.flatMap(({ pipelines }) => pipelines),
      problems: parts.flatMap(({ problems }) => problems),
    };
  },
});

function readJenkinsfile({ path, text }: PipelineFile): CiReading {
  const { statements, problems } = parseGroovyScript(text, path);
  const root = statements.find(
    (statement): statement is GroovyCall =>
      statement.kind === 'call' && statement.name === 'pipeline' && statement.body !== undefined,
  );
  if (root === undefined) {
    const message = 'not a declarative pipeline; scripted pipelines are not understood';
    const location = { path, line: statements[0]?.location.line ?? 1 };
    return { pipelines: [], problems: [...problems, { kind: 'unsupported', message, location, hidesFindings: true }] };
  }
  const reader = new DeclarativeReader(path);
  const pipeline = reader.pipeline(root, librariesOf(text, path));
  return { pipelines: [pipeline], problems: [...problems, ...reader.problems] };
}

/** `@Library('name@version') _`: annotations are no calls, so they are told from the text. */
function librariesOf(text: string, path: string): readonly ComponentUse[] {
  const found: ComponentUse[] = [];
  for (const [index, line] of text.slice(0, 1_000_000).split('\n').entries()) {
    if (!/^\s{0,20}@Library\b/.test(line)) continue;
    for (const match of line.slice(0, 1000).matchAll(/["']([^"'\s]{1,200})["']/g))
      found.push(componentUse('library', { text: match[1] ?? '', location: { path, line: index + 1 } }));
  }
  return found;
}

interface Inherited {
  readonly runner: Runner;
  readonly images: readonly ImageUse[];
  readonly variables: readonly Variable[];
  readonly secrets: readonly SecretUse[];
  readonly condition?: PlacedText;
  readonly triggers?: readonly Trigger[];
}

class DeclarativeReader {
  readonly #path: string;
  readonly problems: Problem[] = [];
  readonly #includes: ComponentUse[] = [];
  #manual = false;

  constructor(path: string) {
    this.#path = path;
  }

  pipeline(root: GroovyCall, libraries: readonly ComponentUse[]): Pipeline {
    const body = root.body ?? [];
    const start: Inherited = {
      runner: { kind: 'unknown', labels: [], location: root.location },
      images: [],
      variables: [],
      secrets: [],
    };
    const inherited = this.#inherit(body, start);
    const triggers: Trigger[] = [
      { event: 'push', actor: 'contributor', code: 'proposed', trusted: true, location: root.location },
      { event: 'pull request', actor: 'anyone', code: 'proposed', trusted: false, location: root.location },
    ];
    const jobs: Job[] = [];
    for (const statement of body) {
      if (statement.kind !== 'call' || !pipelineSections.has(statement.name))
        this.#notUnderstood(statement, 'in pipeline');
      else if (statement.name === 'stages') jobs.push(...this.#stages(statement.body ?? [], inherited));
      else if (statement.name === 'post') jobs.push(...this.#post(statement, inherited));
      else if (statement.name === 'triggers') triggers.push(...this.#triggers(statement));
      else if (statement.name === 'libraries')
        for (const call of callsIn(statement.body ?? [])) if (call.name === 'lib') this.#library(call);
    }
    return {
      system: 'jenkins',
      kind: 'pipeline',
      path: this.#path,
      name: this.#path,
      location: root.location,
      triggers,
      variables: inherited.variables,
      jobs: inOrder(jobs),
      includes: [...libraries, ...this.#includes],
      traits: new Map(this.#manual ? [['input', 'yes']] : []),
    };
  }

  #library(call: GroovyCall): void {
    const text = textOfValue(call.arguments[0]?.value);
    if (text !== undefined) this.#includes.push(componentUse('library', { text, location: call.location }));
  }

  /** Agent, environment and tools of a pipeline or stage, over those of what it stands in. */
  #inherit(body: readonly GroovyStatement[], outer: Inherited): Inherited {
    let { runner, images, condition, triggers } = outer;
    const variables = [...outer.variables];
    const secrets = [...outer.secrets];
    for (const statement of body) {
      if (statement.kind !== 'call') continue;
      if (statement.name === 'agent') ({ runner, images } = this.#agent(statement, { runner, images }));
      else if (statement.name === 'environment') {
        for (const item of statement.body ?? []) {
          if (item.kind !== 'assignment') this.#notUnderstood(item, 'in environment');
          else if (item.value.kind === 'string')
            variables.push({ name: item.name, value: item.value.text, location: item.location });
          else secrets.push(...credentialsOf(item.value, item.location));
        }
      } else if (statement.name === 'when') {
        condition = {
          text: [...callsIn(statement.body ?? [])].map(({ name }) => name).join(' '),
          location: statement.location,
        };
        triggers = triggersOfWhen(statement) ?? triggers;
      }
    }
    return {
      runner,
      images,
      variables,
      secrets,
      ...(condition === undefined ? {} : { condition }),
      ...(triggers === undefined ? {} : { triggers }),
    };
  }

  #agent(call: GroovyCall, outer: Pick<Inherited, 'runner' | 'images'>): Pick<Inherited, 'runner' | 'images'> {
    const word = call.arguments[0]?.value;
    const { location } = call;
    if (word !== undefined) {
      if (textOfValue(word) === 'none') return { runner: { kind: 'unknown', labels: [], location }, images: [] };
      if (textOfValue(word) === 'any')
        return { runner: { kind: 'self-hosted', labels: ['any'], location }, images: [] };
    }
    const inner = (call.body ?? []).filter((statement): statement is GroovyCall => statement.kind === 'call');
    const docker = inner.find(({ name }) => name === 'docker');
    const labels = inner.flatMap((item) =>
      item.name === 'label' ? (textOfValue(item.arguments[0]?.value) ?? []) : [],
    );
    if (docker !== undefined) {
      const nested = (docker.body ?? []).filter((statement): statement is GroovyCall => statement.kind === 'call');
      const image = nested.find(({ name }) => name === 'image') ?? docker;
      const options = textOfValue(nested.find(({ name }) => name === 'args')?.arguments[0]?.value) ?? '';
      const text = textOfValue(image.arguments[0]?.value);
      const privileged = /--privileged|docker\.sock/.test(options);
      const images =
        text === undefined
          ? []
          : [{ text, role: 'job' as const, location: image.location, ...(privileged ? { privileged } : {}) }];
      return { runner: { kind: 'container', labels, location }, images };
    }
    const pod = inner.find(({ name }) => name === 'kubernetes');
    if (pod !== undefined) return { runner: { kind: 'container', labels, location }, images: podImages(pod) };
    if (inner.some(({ name }) => name === 'dockerfile'))
      return { runner: { kind: 'container', labels, location }, images: [] };
    if (labels.length > 0 || inner.some(({ name }) => name === 'node'))
      return { runner: { kind: 'self-hosted', labels, location }, images: [] };
    return outer;
  }

  #stages(body: readonly GroovyStatement[], inherited: Inherited): readonly Job[] {
    return body.flatMap((statement) => {
      if (statement.kind === 'call' && statement.name === 'stage') return this.#stage(statement, inherited);
      this.#notUnderstood(statement, 'among stages');
      return [];
    });
  }

  #stage(stage: GroovyCall, outer: Inherited): readonly Job[] {
    const id = textOfValue(stage.arguments[0]?.value) ?? 'stage';
    const body = stage.body ?? [];
    const inherited = this.#inherit(body, outer);
    const jobs: Job[] = [];
    for (const statement of body) {
      if (statement.kind !== 'call' || !stageSections.has(statement.name))
        this.#notUnderstood(statement, `in stage ${id}`);
      else if (statement.name === 'steps')
        jobs.push(this.#job(id, { at: stage, statements: statement.body ?? [] }, inherited));
      else if (statement.name === 'parallel' || statement.name === 'stages')
        jobs.push(...this.#stages(statement.body ?? [], inherited));
      else if (statement.name === 'matrix') {
        const matrix = statement.body ?? [];
        const inner = this.#inherit(matrix, inherited);
        for (const item of matrix)
          if (item.kind === 'call' && item.name === 'stages') jobs.push(...this.#stages(item.body ?? [], inner));
      } else if (statement.name === 'post') jobs.push(...this.#post(statement, inherited, id));
      else if (statement.name === 'input') this.#manual = true;
    }
    return jobs;
  }

  #post(call: GroovyCall, inherited: Inherited, stage?: string): readonly Job[] {
    const statements = (call.body ?? []).flatMap((item) => (item.kind === 'call' ? (item.body ?? []) : []));
    return statements.length === 0
      ? []
      : [this.#job(stage === undefined ? 'post' : `${stage} post`, { at: call, statements }, inherited)];
  }

  #job(
    id: string,
    { at, statements }: { readonly at: GroovyCall; readonly statements: readonly GroovyStatement[] },
    inherited: Inherited,
  ): Job {
    const walk = new StepWalk(this.problems, inherited.secrets);
    walk.statements(statements, inherited.secrets);
    return {
      id,
      location: at.location,
      template: false,
      runner: inherited.runner,
      needs: [],
      ...(inherited.condition === undefined ? {} : { condition: inherited.condition }),
      ...(inherited.triggers === undefined ? {} : { triggers: inherited.triggers }),
      steps: walk.steps,
      variables: inherited.variables,
      secrets: uniqueSecrets([...inherited.secrets, ...walk.steps.flatMap(({ secrets }) => secrets)]),
      images: [...inherited.images, ...walk.images],
      artifacts: walk.artifacts,
      caches: [],
      traits: new Map(),
    };
  }

  #triggers(call: GroovyCall): readonly Trigger[] {
    return (call.body ?? []).flatMap((statement): Trigger[] => {
      if (statement.kind !== 'call') return [];
      const { name, location } = statement;
      if (name === 'cron' || name === 'pollSCM')
        return [{ event: name, actor: 'schedule', code: 'own', trusted: true, location }];
      if (name === 'upstream')
        return [
          {
            event: name,
            actor: 'system',
            code: 'own',
            trusted: true,
            location,
            after: [textOfValue(statement.arguments[0]?.value) ?? ''],
          },
        ];
      if (/issueComment|pullRequest|GenericTrigger|githubPullRequest/i.test(name))
        return [{ event: name, actor: 'anyone', code: 'proposed', trusted: true, location }];
      return [];
    });
  }

  #notUnderstood(statement: GroovyStatement, where: string): void {
    const what = statement.kind === 'other' ? statement.text.split('\n')[0]?.slice(0, 60) : statement.name;
    this.problems.push({
      kind: 'unsupported',
      message: `not understood ${where}: ${what}`,
      location: statement.location,
      hidesFindings: true,
    });
  }
}

/** Containers of the pod that an agent is described by; all at the place of the description. */
function podImages(agent: GroovyCall): readonly ImageUse[] {
  const yaml = (agent.body ?? []).find((item): item is GroovyCall => item.kind === 'call' && item.name === 'yaml');
  const text = textOfValue(yaml?.arguments[0]?.value);
  if (yaml === undefined || text === undefined) return [];
  const { location } = yaml;
  const [document] = readPlacedYaml(text, location.path).documents;
  return itemsOf(memberOf(memberOf(document, 'spec'), 'containers')).flatMap((container): ImageUse[] => {
    const image = textOf(memberOf(container, 'image'));
    const isPrivileged = textOf(memberOf(memberOf(container, 'securityContext'), 'privileged')) === 'true';
    return image === undefined
      ? []
      : [{ text: image, role: 'job', location, ...(isPrivileged ? { privileged: true } : {}) }];
  });
}

const pipelineSections: ReadonlySet<string> = new Set([
  'agent',
  'environment',
  'options',
  'parameters',
  'triggers',
  'tools',
  'stages',
  'post',
  'libraries',
]);
const stageSections: ReadonlySet<string> = new Set([
  'agent',
  'environment',
  'when',
  'steps',
  'stages',
  'parallel',
  'matrix',
  'input',
  'options',
  'tools',
  'post',
  'failFast',
]);

/** Conditions that only builds of a branch or tag meet, or only those of pull requests. In a `not` or `anyOf` they say nothing for sure. */
function triggersOfWhen(when: GroovyCall): readonly Trigger[] | undefined {
  for (const statement of when.body ?? []) {
    if (statement.kind !== 'call') continue;
    const { name, location } = statement;
    if (name === 'branch' || name === 'buildingTag' || name === 'tag')
      return [{ event: name === 'branch' ? 'push' : 'tag', actor: 'maintainer', code: 'own', trusted: true, location }];
    if (name === 'changeRequest')
      return [{ event: 'pull request', actor: 'anyone', code: 'proposed', trusted: false, location }];
    const inner = name === 'allOf' ? triggersOfWhen(statement) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Stages run one after the other. */
function inOrder(jobs: readonly Job[]): readonly Job[] {
  return jobs.map((job, index) => ({ ...job, needs: index === 0 ? [] : [jobs[index - 1]?.id ?? ''] }));
}
