// SPDX-License-Identifier: Apache-2.0
// GitHub Actions: workflows, composite actions and reusable workflows of the tree, from the typed model in formats/github-workflow.

import type { Action } from '../../../formats/github-workflow/action.ts';
import { readGithubFile } from '../../../formats/github-workflow/github-file.ts';
import type { CallJob, Job as GithubJob, StepsJob } from '../../../formats/github-workflow/job.ts';
import type { Permissions as GithubPermissions } from '../../../formats/github-workflow/permissions.ts';
import type { Step as GithubStep, UsesText } from '../../../formats/github-workflow/step.ts';
import type { TextMap, WorkflowText } from '../../../formats/github-workflow/text.ts';
import { namedText, readTexts } from '../../../formats/github-workflow/text.ts';
import type { Workflow } from '../../../formats/github-workflow/workflow.ts';
import type { YamlNode, YamlTree } from '../../../formats/yaml-tree.ts';
import { entryOf, locateSpan } from '../../../formats/yaml-tree.ts';
import type { Location } from '../../../model/location.ts';
import type { CiReading, FileTree } from '../ci-system.ts';
import { defineCiSystem, normalizePath, pathInRepository } from '../ci-system.ts';
import { componentUse, emptyStep, uniqueSecrets } from '../component-use.ts';
import { eventFacts, isHostedLabel } from '../github-events.ts';
import { everySecret, secretsBelow, secretsInCondition } from '../github-secrets.ts';
import { checkoutOf, githubArtifacts, githubCaches } from '../github-steps.ts';
import type {
  AccessLevel,
  ComponentUse,
  ImageUse,
  Job,
  OidcIdentity,
  Permissions,
  Pipeline,
  PipelineFile,
  PlacedText,
  Runner,
  SecretUse,
  Step,
  Trigger,
  Variable,
} from '../pipeline.ts';

export const githubActions = defineCiSystem({
  id: 'github-actions',
  title: 'GitHub Actions',
  files: ['**/.github/workflows/*.yml', '**/.github/workflows/*.yaml', '**/action.yml', '**/action.yaml'],
  cannotSee: [
    'actions and reusable workflows of other repositories',
    'settings of the repository: default permissions of the token, approval of forks, protection of environments and branches',
  ],
  parse,
});

function parse(files: readonly PipelineFile[], tree: FileTree): CiReading {
  const pipelines: Pipeline[] = [];
  const problems: CiReading['problems'][number][] = [];
  for (const { path, text } of files) {
    const kind = /(?:^|\/)\.github\/workflows\//.test(path) ? 'workflow' : 'action';
    const result = readGithubFile(text, path, kind);
    if (result.kind === 'unreadable')
      problems.push(...result.problems.filter((problem) => kind === 'workflow' || problem.kind !== 'schema'));
    else if (result.file.kind === 'workflow') pipelines.push(new WorkflowReader(result.file, tree).pipeline());
    else if (result.file.kind === 'action' && result.file.runs !== undefined)
      pipelines.push(actionPipeline(result.file, tree));
    if (result.kind === 'read') problems.push(...result.file.problems);
  }
  return { pipelines, problems };
}

class WorkflowReader {
  readonly #workflow: Workflow;
  readonly #files: FileTree;

  constructor(workflow: Workflow, files: FileTree) {
    this.#workflow = workflow;
    this.#files = files;
  }

  pipeline(): Pipeline {
    const { tree, name, triggers, env, jobs, permissions } = this.#workflow;
    return {
      system: 'github-actions',
      kind: 'pipeline',
      path: tree.path,
      name: name?.text ?? tree.path,
      location: { path: tree.path, line: 1 },
      triggers: (triggers?.list ?? []).map(({ event, span, body }): Trigger => {
        const after = event === 'workflow_run' ? textsIn(body, 'workflows') : [];
        const branches = textsIn(body, 'branches');
        return {
          event,
          ...eventFacts(event),
          location: locateSpan(tree, span),
          ...(after.length === 0 ? {} : { after }),
          ...(branches.length === 0 ? {} : { branches }),
        };
      }),
      ...(permissions === undefined ? {} : { permissions: permissionsOf(tree, permissions) }),
      variables: variablesOf(tree, env),
      jobs: jobs.map((job) => this.#job(job)),
      includes: [],
      traits: new Map(),
    };
  }

  #job(job: GithubJob): Job {
    const { tree, env } = this.#workflow;
    const location = locateSpan(tree, job.entry.keySpan);
    const permissions = job.permissions === undefined ? {} : { permissions: permissionsOf(tree, job.permissions) };
    const condition = placed(tree, job.condition);
    const inherited = secretsBelow(tree, env?.entry.value);
    const own = secretsBelow(tree, job.node, new Set(['if']));
    const secrets = [
      ...inherited,
      ...own,
      ...(condition === undefined ? [] : secretsInCondition(condition.text, condition.location)),
    ];
    const base = {
      id: job.id,
      ...(job.name === undefined ? {} : { name: job.name.text }),
      location,
      template: false,
      ...permissions,
      needs: job.needs.map(({ text }) => text),
      ...(condition === undefined ? {} : { condition }),
      ...this.#oidc(job),
    };
    return job.kind === 'call' ? this.#call(job, base, secrets) : this.#steps(job, base, secrets);
  }

  #call(job: CallJob, base: Pick<Job, 'id' | 'location' | 'template' | 'needs'>, secrets: readonly SecretUse[]): Job {
    const { tree } = this.#workflow;
    const inherited: SecretUse[] =
      job.secrets?.inherit === true
        ? [{ name: everySecret, source: 'inherited', location: locateSpan(tree, job.secrets.entry.span) }]
        : [];
    return {
      ...base,
      runner: { kind: 'unknown', labels: [], location: base.location },
      calls: useOf(tree, job.uses, { kind: 'reusable-workflow', inputs: job.inputs, files: this.#files }),
      steps: [],
      variables: [],
      secrets: uniqueSecrets([...secrets, ...inherited]),
      images: [],
      artifacts: [],
      caches: [],
      traits: new Map(),
    };
  }

  #steps(job: StepsJob, base: Pick<Job, 'id' | 'location' | 'template' | 'needs'>, secrets: readonly SecretUse[]): Job {
    const { tree } = this.#workflow;
    const steps = job.steps.map((step) => stepOf(tree, step, this.#files));
    const environment = job.environment;
    const images = [job.container, ...job.services].flatMap((container, index): ImageUse[] => {
      const image = placed(tree, container?.image);
      if (image === undefined) return [];
      const privileged = /--privileged|docker\.sock/.test(container?.options?.text ?? '');
      return [{ ...image, role: index === 0 ? 'job' : 'service', ...(privileged ? { privileged } : {}) }];
    });
    return {
      ...base,
      runner: this.#runner(job, base.location),
      ...(environment?.name === undefined
        ? {}
        : { environment: { name: environment.name.text, location: locateSpan(tree, environment.entry.span) } }),
      steps,
      variables: variablesOf(tree, job.env),
      secrets: uniqueSecrets(secrets),
      images,
      artifacts: steps.flatMap((step) => step.artifacts),
      caches: steps.flatMap((step) => step.caches),
      traits: new Map(),
    };
  }

  #runner(job: StepsJob, fallback: Location): Runner {
    if (job.runsOn === undefined) return { kind: 'unknown', labels: [], location: fallback };
    const labels = job.runsOn.labels.map(({ text }) => text);
    const location = locateSpan(this.#workflow.tree, job.runsOn.entry.span);
    if (labels.some((label) => !label.includes('$') && !isHostedLabel(label)))
      return { kind: 'self-hosted', labels, location };
    const isKnown = labels.length > 0 && labels.every((label) => isHostedLabel(label));
    return { kind: isKnown ? 'hosted' : 'unknown', labels, location };
  }

  #oidc(job: GithubJob): { readonly oidc?: OidcIdentity } {
    const permissions = job.permissions ?? this.#workflow.permissions;
    const scope = permissions?.scopes.find(({ scope: name }) => name === 'id-token');
    if (permissions === undefined || (scope?.access !== 'write' && permissions.grant !== 'write-all')) return {};
    const environment = job.kind === 'steps' ? job.environment?.name?.text : undefined;
    const subject = `repo:<this repository>:${environment === undefined ? 'ref:<branch or tag>' : `environment:${environment}`}`;
    return { oidc: { subject, location: locateSpan(this.#workflow.tree, (scope?.entry ?? permissions.entry).span) } };
  }
}

/** A composite action is a pipeline of one job that has no name; a container action has its image. */
function actionPipeline(action: Action, files: FileTree): Pipeline {
  const { tree, runs, name } = action;
  const location: Location = { path: tree.path, line: 1 };
  const steps = (runs?.steps ?? []).map((step) => stepOf(tree, step, files));
  const image = placed(tree, runs?.image);
  const isForeign = image !== undefined && image.text.startsWith('docker://');
  const images: ImageUse[] = isForeign ? [{ ...image, text: image.text.slice('docker://'.length), role: 'step' }] : [];
  const job: Job = {
    id: '',
    location,
    template: false,
    runner: { kind: 'unknown', labels: [], location },
    needs: [],
    steps,
    variables: [],
    secrets: [],
    images,
    artifacts: steps.flatMap((step) => step.artifacts),
    caches: steps.flatMap((step) => step.caches),
    traits: new Map(),
  };
  return {
    system: 'github-actions',
    kind: 'component',
    path: tree.path,
    name: name?.text ?? tree.path,
    location,
    triggers: [],
    variables: [],
    jobs: [job],
    includes: [],
    traits: new Map([['using', runs?.using?.text ?? '']]),
  };
}

function stepOf(tree: YamlTree, step: GithubStep, files: FileTree): Step {
  const location = locateSpan(tree, step.node.span);
  const condition = placed(tree, step.condition);
  const script = scriptOf(tree, step);
  const component =
    step.kind === 'uses' ? useOf(tree, step.uses, { kind: 'action', inputs: step.inputs, files }) : undefined;
  const checkout = checkoutOf(component, script?.text);
  const image: ImageUse | undefined =
    component?.kind === 'image' ? { text: component.name, role: 'step', location: component.location } : undefined;
  return {
    ...emptyStep(step.index, location),
    ...(step.id === undefined ? {} : { id: step.id.text }),
    ...(step.name === undefined ? {} : { name: step.name.text }),
    ...(condition === undefined ? {} : { condition }),
    ...(script === undefined ? {} : { script }),
    ...(component === undefined ? {} : { component }),
    ...(checkout === undefined ? {} : { checkout }),
    ...(image === undefined ? {} : { image }),
    variables: variablesOf(tree, step.env),
    secrets: uniqueSecrets([
      ...secretsBelow(tree, step.node, new Set(['if'])),
      ...(condition === undefined ? [] : secretsInCondition(condition.text, condition.location)),
    ]),
    artifacts: githubArtifacts(component),
    caches: githubCaches(component),
  };
}

function scriptOf(tree: YamlTree, step: GithubStep): Step['script'] {
  if (step.kind === 'run') {
    const shell = step.shell?.text ?? '';
    const language = /pwsh|powershell/.test(shell) ? 'powershell' : /python/.test(shell) ? 'python' : 'shell';
    return { text: step.run.text, location: locateSpan(tree, step.run.entry.keySpan), language };
  }
  const isScript = step.kind === 'uses' && step.uses.text.toLowerCase().startsWith('actions/github-script@');
  const script = isScript ? namedText(step.inputs, 'script') : undefined;
  return script === undefined
    ? undefined
    : { text: script.text, location: locateSpan(tree, script.entry.keySpan), language: 'javascript' };
}

interface UseContext {
  readonly kind: 'action' | 'reusable-workflow';
  readonly inputs: TextMap | undefined;
  readonly files: FileTree;
}

function useOf(tree: YamlTree, text: UsesText, { kind, inputs, files }: UseContext): ComponentUse {
  const written: PlacedText = { text: text.text.trim(), location: locateSpan(tree, text.entry.keySpan) };
  const given = new Map(
    (inputs?.members ?? []).map((member) => [
      member.name,
      { text: member.text, location: locateSpan(tree, member.entry.keySpan) },
    ]),
  );
  const { uses } = text;
  if (uses.kind === 'docker')
    return componentUse('image', written, {
      name: written.text.slice('docker://'.length),
      inputs: given,
      isLocal: false,
    });
  if (uses.kind === 'local') {
    const path = normalizePath(uses.path.replace(/^\$\//, ''));
    const base = /^(.*\/)?\.github\//.exec(tree.path)?.[1] ?? '';
    const named = kind === 'reusable-workflow' ? [path] : [`${path}/action.yml`, `${path}/action.yaml`];
    const resolved = named
      .map((name) => pathInRepository(files, base, name))
      .find((candidate) => files.textAt(candidate) !== undefined);
    return {
      kind,
      text: written.text,
      name: path,
      isLocal: true,
      inputs: given,
      location: written.location,
      ...(resolved === undefined ? {} : { resolved }),
    };
  }
  return componentUse(kind, written, { inputs: given });
}

function permissionsOf(tree: YamlTree, permissions: GithubPermissions): Permissions {
  const scopes = new Map<string, AccessLevel>();
  for (const { scope, access } of permissions.scopes) if (access !== 'unknown') scopes.set(scope, access);
  const rest = permissions.grant === 'read-all' ? 'read' : permissions.grant === 'write-all' ? 'write' : 'none';
  return { rest, scopes, location: locateSpan(tree, permissions.entry.span) };
}

function variablesOf(tree: YamlTree, map: TextMap | undefined): readonly Variable[] {
  return (map?.members ?? []).map(({ name, text, entry }) => ({
    name,
    value: text,
    location: locateSpan(tree, entry.keySpan),
  }));
}

function textsIn(node: YamlNode | undefined, key: string): readonly string[] {
  return readTexts(entryOf(node, key)?.value).map(({ text }) => text);
}

/** At the key, where there is one: the first line of a block scalar is not where people look. */
function placed(tree: YamlTree, text: WorkflowText | undefined): PlacedText | undefined {
  return text === undefined
    ? undefined
    : { text: text.text, location: locateSpan(tree, text.entry?.keySpan ?? text.node.place) };
}
