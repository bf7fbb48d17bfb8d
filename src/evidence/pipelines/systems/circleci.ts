// SPDX-License-Identifier: Apache-2.0
// CircleCI: https://circleci.com/docs/configuration-reference/. Commands are put where they are called; orbs stay names.
import type { Location } from '../../../model/location.ts';
import type { Problem } from '../../../model/problem.ts';
import type { CiReading } from '../ci-system.ts';
import { defineCiSystem } from '../ci-system.ts';
import {
  componentUse,
  emptyStep,
  imageUse,
  inputsIn,
  namedSecrets,
  uniqueSecrets,
  variablesIn,
} from '../component-use.ts';
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
} from '../pipeline.ts';
import type { PlacedObject, PlacedValue } from '../placed-value.ts';
import { itemsOf, memberOf, membersOf, placedText, readPlacedYaml, textOf, textsOf } from '../placed-value.ts';

export const circleci = defineCiSystem({
  id: 'circleci',
  title: 'CircleCI',
  files: ['**/.circleci/*.yml', '**/.circleci/*.yaml'],
  cannotSee: [
    'orbs',
    'contexts, project variables and settings for forks, which are kept on the server',
    'configuration that a setup workflow makes',
  ],
  parse: (files) => {
    const parts = files.map(readConfiguration);
    return {
      pipelines: parts.flatMap(({ pipelines }) => pipelines),
      problems: parts.flatMap(({ problems }) => problems),
    };
  },
});

const deepestCommands = 20;
const mostSteps = 20_000;

function readConfiguration({ path, text }: PipelineFile): CiReading {
  const { documents, problems } = readPlacedYaml(text, path);
  const root = documents[0];
  if (root?.kind !== 'object') return { pipelines: [], problems };
  const reader = new ConfigurationReader(root, path);
  const pipeline = reader.pipeline();
  return { pipelines: [pipeline], problems: [...problems, ...reader.problems] };
}

class ConfigurationReader {
  readonly #root: PlacedObject;
  readonly #path: string;
  readonly problems: Problem[] = [];
  #steps = 0;

  constructor(root: PlacedObject, path: string) {
    this.#root = root;
    this.#path = path;
  }

  pipeline(): Pipeline {
    const orbs = membersOf(memberOf(this.#root, 'orbs')).flatMap(([, value]): ComponentUse[] => {
      const written = placedText(value);
      return written === undefined ? [] : [componentUse('orb', written)];
    });
    const location: Location = { path: this.#path, line: 1 };
    return {
      system: 'circleci',
      kind: 'pipeline',
      path: this.#path,
      name: this.#path,
      location,
      triggers: [
        { event: 'push', actor: 'contributor', code: 'proposed', trusted: true, location },
        { event: 'forked pull request', actor: 'anyone', code: 'proposed', trusted: false, location },
        ...this.#schedules(),
      ],
      variables: [],
      jobs: this.#jobs(),
      includes: orbs,
      traits: new Map(textOf(memberOf(this.#root, 'setup')) === 'true' ? [['setup', 'yes']] : []),
    };
  }

  #schedules(): Trigger[] {
    return membersOf(memberOf(this.#root, 'workflows')).flatMap(([, workflow]) =>
      itemsOf(memberOf(workflow, 'triggers')).flatMap((item): Trigger[] =>
        memberOf(item, 'schedule') === undefined
          ? []
          : [{ event: 'schedule', actor: 'schedule', code: 'own', trusted: true, location: item.location }],
      ),
    );
  }

  /** Jobs as workflows use them: the same job with other contexts is another job. Jobs no workflow names count as `build` of old configurations does. */
  #jobs(): readonly Job[] {
    const jobs: Job[] = [];
    const used = new Set<string>();
    for (const [, workflow] of membersOf(memberOf(this.#root, 'workflows'))) {
      for (const item of itemsOf(memberOf(workflow, 'jobs'))) {
        const [name, options] =
          item.kind === 'object' ? ([...item.members][0] ?? ['', undefined]) : [textOf(item) ?? '', undefined];
        used.add(name);
        jobs.push(this.#job(name, { options, at: item.location }));
      }
    }
    for (const [name, value] of membersOf(memberOf(this.#root, 'jobs')))
      if (!used.has(name))
        jobs.push({ ...this.#job(name, { options: undefined, at: value.location }), template: name !== 'build' });
    return jobs;
  }

  #job(name: string, { options, at }: { readonly options: PlacedValue | undefined; readonly at: Location }): Job {
    const job = memberOf(memberOf(this.#root, 'jobs'), name);
    const location = job?.location ?? at;
    const variables = variablesIn(memberOf(job, 'environment'));
    const known = new Set(variables.map((variable) => variable.name));
    const steps: Step[] = [];
    for (const list of [memberOf(options, 'pre-steps'), memberOf(job, 'steps'), memberOf(options, 'post-steps')])
      this.#addSteps(list, { steps, known }, []);
    const contexts = itemsOf(memberOf(options, 'context')).flatMap((item): SecretUse[] => {
      const text = textOf(item);
      return text === undefined ? [] : [{ name: text, source: 'context', location: item.location }];
    });
    const executor = this.#executor(job);
    const triggers = this.#filtered(options);
    const isApproval = textOf(memberOf(options, 'type')) === 'approval';
    const traits = new Map<string, PlacedText>(isApproval ? [['approval', { text: name, location: at }]] : []);
    const docker = steps.find(({ name: step }) => step === 'setup_remote_docker');
    if (docker !== undefined) traits.set('remote-docker', { text: 'setup_remote_docker', location: docker.location });
    return {
      id: textOf(memberOf(options, 'name')) ?? name,
      location,
      template: false,
      ...(triggers === undefined ? {} : { triggers }),
      runner: executor.runner,
      needs: itemsOf(memberOf(options, 'requires')).flatMap(
        (item) => textOf(item) ?? membersOf(item).map(([key]) => key),
      ),
      ...(steps.some(({ script }) => /CIRCLE_OIDC_TOKEN/.test(script?.text ?? ''))
        ? { oidc: { subject: 'org/<organisation>/project/<this project>/user/<user>', location } }
        : {}),
      ...(job === undefined && name.includes('/')
        ? { calls: componentUse('orb', { text: name, location: at }, { name: name.split('/')[0] ?? name }) }
        : {}),
      steps,
      variables,
      secrets: uniqueSecrets([...contexts, ...steps.flatMap((step) => step.secrets)]),
      images: executor.images,
      artifacts: steps.flatMap((step) => step.artifacts),
      caches: steps.flatMap((step) => step.caches),
      traits,
    };
  }

  /** Filters on tags only, or on the main branch only, mean that somebody who may release starts it. */
  #filtered(options: PlacedValue | undefined): readonly Trigger[] | undefined {
    const filters = memberOf(options, 'filters');
    if (filters === undefined) return undefined;
    const { location } = filters;
    const branches = textsOf(memberOf(memberOf(filters, 'branches'), 'only'));
    const ignoresAll = textsOf(memberOf(memberOf(filters, 'branches'), 'ignore')).some((text) =>
      /^\/?\.\*\/?$/.test(text),
    );
    const hasTags = memberOf(filters, 'tags') !== undefined;
    const release: Trigger = { event: 'tag', actor: 'maintainer', code: 'own', trusted: true, location };
    if (ignoresAll) return hasTags ? [release] : undefined;
    if (
      branches.length > 0 &&
      branches.every((branch) => /^(?:main|master|production|release[\w/.-]{0,40})$/.test(branch))
    )
      return [
        { event: 'push', actor: 'maintainer', code: 'own', trusted: true, location, branches },
        ...(hasTags ? [release] : []),
      ];
    return undefined;
  }

  #executor(job: PlacedValue | undefined): { readonly runner: Runner; readonly images: readonly ImageUse[] } {
    const reference = memberOf(job, 'executor');
    const name = textOf(reference) ?? textOf(memberOf(reference, 'name'));
    const value = name === undefined ? job : memberOf(memberOf(this.#root, 'executors'), name);
    const location = value?.location ?? reference?.location ?? { path: this.#path };
    const resource = textOf(memberOf(value, 'resource_class')) ?? textOf(memberOf(job, 'resource_class'));
    const images = itemsOf(memberOf(value, 'docker')).flatMap(
      (item, index) => imageUse(item, index === 0 ? 'job' : 'service') ?? [],
    );
    // A resource class of a namespace is a runner of one's own: https://circleci.com/docs/runner-overview/
    if (resource !== undefined && /^[\w-]+\/[\w.-]+$/.test(resource))
      return { runner: { kind: 'self-hosted', labels: [resource], location }, images };
    if (images.length > 0)
      return { runner: { kind: 'container', labels: resource === undefined ? [] : [resource], location }, images };
    const machine = memberOf(value, 'machine') ?? memberOf(value, 'macos');
    return {
      runner: {
        kind: machine === undefined ? 'unknown' : 'hosted',
        labels: resource === undefined ? [] : [resource],
        location,
      },
      images,
    };
  }

  #addSteps(
    list: PlacedValue | undefined,
    into: { readonly steps: Step[]; readonly known: ReadonlySet<string> },
    trail: readonly string[],
  ): void {
    for (const item of itemsOf(list)) {
      this.#steps += 1;
      if (this.#steps > mostSteps) {
        if (this.#steps === mostSteps + 1)
          this.problems.push({
            kind: 'limit',
            message: `commands expand to more than ${mostSteps} steps; the rest was not read`,
            location: item.location,
            hidesFindings: true,
          });
        return;
      }
      const [name, value] =
        item.kind === 'object' ? ([...item.members][0] ?? ['', undefined]) : [textOf(item) ?? '', undefined];
      if (name === 'when' || name === 'unless') {
        this.#addSteps(memberOf(value, 'steps'), into, trail);
        continue;
      }
      const command = memberOf(memberOf(this.#root, 'commands'), name);
      if (command === undefined)
        into.steps.push(stepOf(name, { value, location: item.location, index: into.steps.length, known: into.known }));
      else if (trail.includes(name) || trail.length > deepestCommands)
        this.problems.push({
          kind: trail.includes(name) ? 'cycle' : 'limit',
          message: `the command ${name} calls itself, or too many call each other`,
          location: item.location,
          hidesFindings: true,
        });
      else this.#addSteps(memberOf(command, 'steps'), into, [...trail, name]);
    }
  }
}

interface StepParts {
  readonly value: PlacedValue | undefined;
  readonly location: Location;
  readonly index: number;
  readonly known: ReadonlySet<string>;
}

function stepOf(name: string, { value, location, index, known }: StepParts): Step {
  const step: Step = { ...emptyStep(index, location), name: textOf(memberOf(value, 'name')) ?? name };
  if (name === 'run') {
    const written = placedText(memberOf(value, 'command')) ?? placedText(value);
    const variables = variablesIn(memberOf(value, 'environment'));
    if (written === undefined) return step;
    return {
      ...step,
      variables,
      script: { ...written, language: 'shell' },
      secrets: namedSecrets([written], new Set([...known, ...variables.map((variable) => variable.name)])),
    };
  }
  if (name === 'checkout') return { ...step, checkout: { of: 'trigger', persistsCredentials: false } };
  if (name === 'save_cache' || name === 'restore_cache')
    return { ...step, caches: cachesOf(value, name === 'save_cache' ? 'save' : 'restore') };
  const artifact = artifactOf(name, value, location);
  if (artifact !== undefined) return { ...step, artifacts: [artifact] };
  if (!name.includes('/')) return step;
  return {
    ...step,
    component: componentUse(
      'orb',
      { text: name, location },
      { name: name.split('/')[0] ?? name, inputs: inputsIn(value) },
    ),
  };
}

function cachesOf(value: PlacedValue | undefined, direction: CacheUse['direction']): readonly CacheUse[] {
  const keys = [...itemsOf(memberOf(value, 'key')), ...itemsOf(memberOf(value, 'keys'))];
  return keys.flatMap((key) =>
    textOf(key) === undefined ? [] : [{ key: textOf(key) ?? '', direction, location: key.location }],
  );
}

function artifactOf(name: string, value: PlacedValue | undefined, location: Location): ArtifactUse | undefined {
  if (name === 'persist_to_workspace') return { direction: 'upload', name: 'workspace', location };
  if (name === 'attach_workspace') return { direction: 'download', name: 'workspace', location };
  return name === 'store_artifacts'
    ? { direction: 'upload', name: textOf(memberOf(value, 'path')) ?? 'artifacts', location }
    : undefined;
}
