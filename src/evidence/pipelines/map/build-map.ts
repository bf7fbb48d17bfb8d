// SPDX-License-Identifier: Apache-2.0
// Builds the map from pipelines and manifests. Every edge has a place in a file where there is one.
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { Location } from '../../../model/location.ts';
import type { Actor, Job, Pipeline, Step } from '../pipeline.ts';
import { actors } from '../pipeline.ts';
import type { EffectiveTrigger, PipelineSet } from '../pipeline-set.ts';
import { deploys, proves, publishes } from '../release-steps.ts';
import { imagesPushedBy, onlyFitting, repositoryOf, sameRepository } from './image-names.ts';
import { controlOf, stepName, stepsFor } from './job-control.ts';
import { factsOf, secretId, unreadSecrets, writeToken } from './job-facts.ts';
import type { JobControl, MapEdge, MapEdgeKind, MapNode, PipelineMap } from './pipeline-map.ts';
import type { Workload } from './workloads.ts';
import { applicationsIn, workloadsIn } from './workloads.ts';

/** `resources` are the Kubernetes objects of the same target. */
export function buildPipelineMap(set: PipelineSet, resources: readonly KubernetesResource[] = []): PipelineMap {
  const builder = new MapBuilder(set, workloadsIn(resources));
  for (const pipeline of set.pipelines) if (pipeline.kind === 'pipeline') builder.pipeline(pipeline);
  builder.links();
  for (const application of applicationsIn(resources)) builder.application(application);
  return builder.finish();
}

const actorWords: Readonly<Record<Actor, readonly [label: string, means: string]>> = {
  anyone: ['Anyone', 'by a fork, issue or comment'],
  contributor: ['Contributor', 'who may push a branch'],
  maintainer: ['Maintainer', 'who may merge or release'],
  schedule: ['Clock', 'at a set time'],
  system: ['Another run', 'or the platform'],
};

class MapBuilder {
  readonly #set: PipelineSet;
  readonly #workloads: readonly Workload[];
  readonly #nodes = new Map<string, MapNode>();
  readonly #edges = new Map<string, MapEdge>();
  readonly #controls: JobControl[] = [];
  readonly #pushed: { readonly image: string; readonly repository: string }[] = [];

  constructor(set: PipelineSet, workloads: readonly Workload[]) {
    this.#set = set;
    this.#workloads = workloads;
  }

  finish(): PipelineMap {
    return { nodes: [...this.#nodes.values()], edges: [...this.#edges.values()], controls: this.#controls };
  }

  pipeline(pipeline: Pipeline): void {
    for (const job of pipeline.jobs) if (!job.template) this.#job(pipeline, job);
  }

  #job(pipeline: Pipeline, job: Job): void {
    const triggers = this.#set.triggersOfJob(pipeline, job);
    const id = jobId(pipeline, job);
    const actor = leastTrusted(triggers.map((trigger) => trigger.actor));
    this.#node({
      id,
      kind: 'job',
      label: job.name ?? job.id,
      pipeline: pipeline.path,
      location: job.location,
      ...(actor === undefined ? {} : { actor }),
      facts: factsOf(pipeline, job),
    });
    for (const { event } of job.triggers ?? pipeline.triggers) {
      const effective = triggers.filter(
        (trigger) => trigger.event === event && trigger.location.path === pipeline.path,
      );
      this.#trigger(pipeline, id, { event, effective });
    }
    for (const trigger of triggers) this.#control(pipeline, job, trigger);
    for (const need of job.needs) {
      const before = pipeline.jobs.find((other) => other.id === need);
      if (before !== undefined) this.#edge([jobId(pipeline, before), id], 'then', job.location);
    }
    this.#reach(pipeline, job, id);
    for (const [index, step] of this.#set.stepsOf(job).entries()) this.#step(pipeline, { job, id, step, index, actor });
  }

  #trigger(
    pipeline: Pipeline,
    job: string,
    { event, effective }: { readonly event: string; readonly effective: readonly EffectiveTrigger[] },
  ): void {
    const id = `trigger:${pipeline.path}:${event}`;
    const [first] = effective;
    if (first === undefined) return;
    const actor = leastTrusted(effective.map((trigger) => trigger.actor)) ?? first.actor;
    const rights = first.trusted ? 'secrets and write access' : 'no secrets';
    this.#node({
      id,
      kind: 'trigger',
      label: event,
      pipeline: pipeline.path,
      location: first.location,
      actor,
      facts: { rights, code: first.code === 'proposed' ? 'of the change' : 'of the repository' },
    });
    this.#actor(actor);
    this.#edge([`actor:${actor}`, id], 'may', first.location);
    this.#edge([id, job], 'starts', first.location);
  }

  #control(pipeline: Pipeline, job: Job, trigger: EffectiveTrigger): void {
    const own = pipeline.triggers.some(({ event }) => event === trigger.event)
      ? pipeline.path
      : (trigger.via[0]?.path ?? pipeline.path);
    const control =
      trigger.actor === 'anyone' ? controlOf(pipeline, { ...job, steps: this.#set.stepsOf(job) }, trigger) : undefined;
    if (control === undefined) return;
    const unread = unreadSecrets(job, stepsFor(job, pipeline, trigger));
    this.#controls.push({
      trigger: `trigger:${own}:${trigger.event}`,
      job: jobId(pipeline, job),
      trusted: trigger.trusted,
      unread,
      ...control,
    });
  }

  #reach(pipeline: Pipeline, job: Job, id: string): void {
    for (const secret of job.secrets) {
      if (secret.source === 'token') continue;
      const label = secret.name === '*' ? 'all secrets of the repository' : secret.name;
      const node = secretId(secret);
      this.#node({ id: node, kind: 'secret', label, location: secret.location, facts: { source: secret.source } });
      this.#edge([id, node], 'reads', secret.location);
    }
    const token = writeToken(pipeline, job);
    if (token !== undefined) {
      this.#node({
        id: 'secret:write access',
        kind: 'secret',
        label: 'write access to the repository',
        location: token,
        facts: { source: 'token' },
      });
      this.#edge([id, 'secret:write access'], 'reads', token);
    }
    if (job.oidc !== undefined) {
      this.#node({
        id: `identity:${job.oidc.subject}`,
        kind: 'identity',
        label: job.oidc.subject,
        location: job.oidc.location,
        facts: {},
      });
      this.#edge([id, `identity:${job.oidc.subject}`], 'signs in as', job.oidc.location);
    }
    if (job.environment !== undefined) {
      this.#node({
        id: `environment:${job.environment.name}`,
        kind: 'environment',
        label: job.environment.name,
        location: job.environment.location,
        facts: {},
      });
      this.#edge([id, `environment:${job.environment.name}`], 'enters', job.environment.location);
    }
    for (const artifact of job.artifacts) {
      const node = `artifact:${pipeline.path}:${artifact.name}`;
      if (artifact.direction === 'download') continue;
      this.#node({
        id: node,
        kind: 'artifact',
        label: artifact.name,
        pipeline: pipeline.path,
        location: artifact.location,
        facts: {},
      });
      this.#edge([id, node], 'uploads', artifact.location);
    }
    if (job.runner.kind === 'self-hosted') {
      const { labels, location } = job.runner;
      const node = `runner:${pipeline.system}:${labels.toSorted().join(',')}`;
      this.#node({ id: node, kind: 'runner', label: labels.join(', '), location, facts: {} });
      this.#edge([id, node], 'runs on', location);
      this.#edge([node, id], 'also runs', location);
    }
    for (const cache of job.caches) {
      const node = `cache:${pipeline.system}:${cache.key}`;
      this.#node({
        id: node,
        kind: 'cache',
        label: cache.key === '' ? 'cache' : cache.key,
        location: cache.location,
        facts: {},
      });
      if (cache.direction !== 'restore') this.#edge([id, node], 'saves', cache.location);
      if (cache.direction !== 'save') this.#edge([node, id], 'is restored by', cache.location);
    }
  }

  #step(
    pipeline: Pipeline,
    at: {
      readonly job: Job;
      readonly id: string;
      readonly step: Step;
      readonly index: number;
      readonly actor: Actor | undefined;
    },
  ): void {
    const { job, id, step, index, actor } = at;
    const does = [
      step.checkout?.of === 'proposed' ? 'brings proposed sources' : '',
      publishes(step) ? 'publishes' : '',
      deploys(step) ? 'deploys' : '',
      proves(step) ? 'signs or attests' : '',
    ].filter((word) => word !== '');
    const isForeign =
      step.component !== undefined &&
      !step.component.isLocal &&
      !/^actions\/(?:checkout|setup-|cache|upload-artifact|download-artifact)/.test(step.component.name);
    if (does.length === 0 && !isForeign) return;
    const node = `step:${pipeline.path}:${job.id}:${index}`;
    const location = step.component?.location ?? step.script?.location ?? step.location;
    this.#node({
      id: node,
      kind: 'step',
      label: stepName(step),
      pipeline: pipeline.path,
      location,
      ...(actor === undefined ? {} : { actor }),
      facts: does.length === 0 ? {} : { does: does.join(', ') },
    });
    this.#edge([id, node], 'runs', location);
    for (const image of imagesPushedBy(step, job, pipeline)) {
      const target = `image:${image.repository}`;
      this.#node({
        id: target,
        kind: 'image',
        label: image.label,
        location: image.location,
        facts: {},
      });
      this.#edge([node, target], 'pushes', image.location);
      this.#pushed.push({ image: target, repository: image.repository });
    }
    if (deploys(step)) this.#deploy(node, step, location);
  }

  /** Workloads whose file or name the command names; else the cluster as a whole. */
  #deploy(node: string, step: Step, location: Location): void {
    const text =
      step.script?.text.slice(0, 100_000) ??
      [...(step.component?.inputs.values() ?? [])].map((input) => input.text).join(' ');
    const named = this.#workloads.filter(({ path, name }) => {
      const folder = path.slice(0, path.lastIndexOf('/'));
      return (
        text.includes(path) ||
        (folder !== '' && new RegExp(`(?:^|[\\s/"'=])${escapePattern(folder)}(?:/|[\\s"']|$)`).test(text)) ||
        (name !== '' &&
          new RegExp(`\\b(?:deployment|statefulset|daemonset|deploy|sts|ds|cronjob)[/ ]${escapePattern(name)}\\b`).test(
            text,
          ))
      );
    });
    for (const workload of named) this.#edge([node, this.#workload(workload)], 'deploys', location);
    if (named.length > 0) return;
    const isCluster =
      /\bkubectl\b|\bhelm\b|\bargocd\b|\bkustomize\b|\bskaffold\b/i.test(text) ||
      /k8s|kube|helm/i.test(step.component?.name ?? '');
    const label = isCluster ? 'the cluster' : 'what runs in production';
    this.#node({ id: `workload:${label}`, kind: 'workload', label, facts: {} });
    this.#edge([node, `workload:${label}`], 'deploys', location);
  }

  #workload(workload: Workload): string {
    const { kind, name, namespace, path, location } = workload;
    const id = `workload:${path}:${kind}:${namespace ?? ''}/${name}`;
    this.#node({
      id,
      kind: 'workload',
      label: `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`,
      location,
      facts: { images: workload.images.map(({ text }) => text).join(', ') },
    });
    return id;
  }

  /** What needs everything else to be there: downloads, calls, runs that follow runs, images that workloads run. */
  links(): void {
    for (const pipeline of this.#set.pipelines) {
      for (const job of pipeline.jobs) {
        if (job.template || pipeline.kind === 'component') continue;
        this.#downloads(pipeline, job);
        const called = job.calls?.resolved === undefined ? undefined : this.#set.at(job.calls.resolved);
        for (const inner of called?.kind === 'pipeline' ? called.jobs : [])
          this.#edge([jobId(pipeline, job), jobId(called ?? pipeline, inner)], 'calls', job.calls?.location);
      }
      for (const trigger of pipeline.triggers)
        for (const parent of this.#set.parentsOf(trigger))
          for (const job of parent.jobs)
            this.#edge([jobId(parent, job), `trigger:${pipeline.path}:${trigger.event}`], 'follows', trigger.location);
    }
    const all = this.#workloads.flatMap(({ images }) => images.map(({ text }) => repositoryOf(text)));
    for (const workload of this.#workloads) {
      for (const used of workload.images) {
        const name = repositoryOf(used.text);
        const pushed =
          this.#pushed.find(({ repository }) => sameRepository(repository, name)) ??
          this.#pushed.find(({ repository }) => onlyFitting(repository, all) === name);
        if (pushed !== undefined) this.#edge([pushed.image, this.#workload(workload)], 'runs as', used.location);
      }
    }
  }

  /** Artifacts of the same pipeline, or of one this follows. */
  #downloads(pipeline: Pipeline, job: Job): void {
    const sources = [pipeline, ...pipeline.triggers.flatMap((trigger) => this.#set.parentsOf(trigger))];
    for (const artifact of job.artifacts.filter(({ direction }) => direction === 'download')) {
      for (const source of sources) {
        for (const other of source.jobs.flatMap((item) => item.artifacts)) {
          if (other.direction !== 'upload' || (artifact.name !== '*' && artifact.name !== other.name)) continue;
          this.#edge(
            [`artifact:${source.path}:${other.name}`, jobId(pipeline, job)],
            'is downloaded by',
            artifact.location,
          );
        }
      }
    }
  }

  application({
    name,
    folder,
    location,
  }: {
    readonly name: string;
    readonly folder: string;
    readonly location: Location;
  }): void {
    const id = `trigger:argocd:${name}`;
    const own = this.#workloads.filter(({ path }) => folder === '' || folder === '.' || path.startsWith(`${folder}/`));
    if (own.length === 0) return;
    this.#actor('maintainer');
    this.#node({ id, kind: 'trigger', label: `Argo CD ${name}`, location, actor: 'maintainer', facts: { folder } });
    this.#edge(['actor:maintainer', id], 'may', location);
    for (const workload of own) this.#edge([id, this.#workload(workload)], 'deploys', location);
  }

  #actor(actor: Actor): void {
    const [label, means] = actorWords[actor];
    this.#node({ id: `actor:${actor}`, kind: 'actor', label, actor, facts: { means } });
  }

  #node(node: MapNode): void {
    if (!this.#nodes.has(node.id)) this.#nodes.set(node.id, node);
  }

  #edge([from, to]: readonly [from: string, to: string], kind: MapEdgeKind, location: Location | undefined): void {
    const key = `${from}\n${to}\n${kind}`;
    if (
      this.#edges.has(key) ||
      (kind !== 'then' && kind !== 'calls' && kind !== 'follows' && !(this.#nodes.has(from) && this.#nodes.has(to)))
    )
      return;
    this.#edges.set(key, { from, to, kind, ...(location === undefined ? {} : { location }) });
  }
}

function jobId(pipeline: Pipeline, job: Job): string {
  return `job:${pipeline.path}:${job.id}`;
}

function leastTrusted(list: readonly Actor[]): Actor | undefined {
  return actors.find((actor) => list.includes(actor));
}

function escapePattern(text: string): string {
  return text.slice(0, 200).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
