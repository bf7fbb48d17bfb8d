// SPDX-License-Identifier: Apache-2.0
// All pipelines of a target together: which is called or started by which, and so who can start what over how many hops.
import { runsForEvent, runsForOutsider } from './github-conditions.ts';
import type { Job, Pipeline, Step, Trigger } from './pipeline.ts';

/** A trigger, and the pipelines it went through before it reached this one (nearest last). */
export interface EffectiveTrigger extends Trigger {
  readonly via: readonly Pipeline[];
}

interface Caller {
  readonly pipeline: Pipeline;
  readonly job: Job;
}

const mostHops = 10;
/** Ways over calls that are looked at: pipelines that all call each other have endlessly many. */
const mostWork = 50_000;
const deepestActions = 5;

export class PipelineSet {
  readonly pipelines: readonly Pipeline[];
  readonly #byPath: ReadonlyMap<string, Pipeline>;
  readonly #callers = new Map<string, Caller[]>();
  #work = 0;
  readonly #runs = new Map<Job, Map<string, boolean>>();
  readonly #known = new Map<Pipeline, readonly EffectiveTrigger[]>();

  constructor(pipelines: readonly Pipeline[]) {
    this.pipelines = pipelines;
    this.#byPath = new Map(pipelines.map((pipeline) => [pipeline.path, pipeline]));
    for (const pipeline of pipelines) {
      for (const job of pipeline.jobs) {
        for (const path of calledPaths(job))
          this.#callers.set(path, [...(this.#callers.get(path) ?? []), { pipeline, job }]);
      }
    }
  }

  /** true when there were more ways from triggers over calls than are looked at; some who can start a run may be missing. */
  get isCut(): boolean {
    return this.#work > mostWork;
  }

  at(path: string): Pipeline | undefined {
    return this.#byPath.get(path);
  }

  /** Pipelines whose end starts this one. */
  parentsOf(trigger: Trigger): readonly Pipeline[] {
    const names = trigger.after ?? [];
    return names.length === 0
      ? []
      : this.pipelines.filter(({ name }) => names.some((wanted) => matchesName(wanted, name)));
  }

  /** What starts a pipeline in the end: its own triggers, those of its callers, and those of the pipelines it follows. */
  triggersOf(pipeline: Pipeline): readonly EffectiveTrigger[] {
    const known = this.#known.get(pipeline);
    if (known !== undefined) return known;
    const found = this.#resolve(pipeline, []);
    this.#known.set(pipeline, found);
    return found;
  }

  /** The same for a job, which may have triggers of its own, or a condition that some events never meet. */
  triggersOfJob(pipeline: Pipeline, job: Job): readonly EffectiveTrigger[] {
    if (job.triggers !== undefined) return job.triggers.map((trigger) => ({ ...trigger, via: [] }));
    const triggers = this.triggersOf(pipeline);
    if (pipeline.system !== 'github-actions') return triggers;
    const condition = job.condition?.text;
    return triggers
      .filter(({ event }) => event === 'workflow_call' || this.#runsFor(pipeline, job, event))
      .map((trigger): EffectiveTrigger => {
        const isKept =
          trigger.actor !== 'anyone' || condition === undefined || runsForOutsider(condition, trigger.event);
        return isKept ? trigger : { ...trigger, actor: 'contributor', trusted: true };
      });
  }

  /** A job does not run when its condition, or that of a job it needs, keeps the event out; functions of the status change that. */
  #runsFor(pipeline: Pipeline, job: Job, event: string): boolean {
    const answers = this.#runs.get(job) ?? new Map<string, boolean>();
    this.#runs.set(job, answers);
    const known = answers.get(event);
    if (known !== undefined) return known;
    // Jobs that need each other in a circle never run; that is for the lint to say.
    answers.set(event, true);
    const condition = job.condition?.text;
    const isOwn = condition === undefined || runsForEvent(condition, event);
    const isFree = /\b(?:always|cancelled|failure)\s{0,5}\(/i.test(condition ?? '');
    const needed = isOwn && !isFree ? pipeline.jobs.filter(({ id }) => job.needs.includes(id)) : [];
    const runs = isOwn && needed.every((other) => this.#runsFor(pipeline, other, event));
    answers.set(event, runs);
    return runs;
  }

  /** Steps of a job, those of composite actions of the tree in the place of the step that uses them. */
  stepsOf(job: Job): readonly Step[] {
    return this.#expand(job.steps, []);
  }

  #expand(steps: readonly Step[], trail: readonly string[]): readonly Step[] {
    return steps.flatMap((step) => {
      const path = step.component?.resolved;
      const inner =
        path === undefined || trail.includes(path) || trail.length >= deepestActions ? undefined : this.at(path);
      if (path === undefined || inner?.kind !== 'component') return [step];
      return [step, ...inner.jobs.flatMap((job) => this.#expand(job.steps, [...trail, path]))];
    });
  }

  #resolve(pipeline: Pipeline, trail: readonly Pipeline[]): readonly EffectiveTrigger[] {
    this.#work += 1;
    if (trail.includes(pipeline) || trail.length > mostHops) return [];
    if (trail.length > 0 && this.isCut) return [];
    const next = [...trail, pipeline];
    const own = pipeline.triggers.map((trigger): EffectiveTrigger => ({ ...trigger, via: [] }));
    const called = (this.#callers.get(pipeline.path) ?? []).flatMap(({ pipeline: caller, job }) =>
      this.#calls(caller, job, next),
    );
    const followed = pipeline.triggers.flatMap((trigger) =>
      this.parentsOf(trigger).flatMap((parent) =>
        // A run that follows another has the rights of the repository, whoever started the first.
        this.#through(parent, next).map(
          (inherited): EffectiveTrigger => ({ ...trigger, actor: inherited.actor, via: inherited.via }),
        ),
      ),
    );
    return unique([...own, ...called, ...followed]);
  }

  /** Triggers of a job that calls. */
  #calls(caller: Pipeline, job: Job, trail: readonly Pipeline[]): readonly EffectiveTrigger[] {
    if (job.triggers !== undefined)
      return trail.includes(caller) ? [] : job.triggers.map((trigger) => ({ ...trigger, via: [caller] }));
    const triggers = this.#through(caller, trail);
    if (caller.system !== 'github-actions') return triggers;
    return triggers.filter(({ event }) => event === 'workflow_call' || this.#runsFor(caller, job, event));
  }

  #through(other: Pipeline, trail: readonly Pipeline[]): readonly EffectiveTrigger[] {
    const before = trail.length === 1 ? this.triggersOf.bind(this) : undefined;
    const found = before !== undefined && this.#known.has(other) ? before(other) : this.#resolve(other, trail);
    return found.map((trigger) => ({ ...trigger, via: [...trigger.via, other] }));
  }
}

function unique(triggers: readonly EffectiveTrigger[]): readonly EffectiveTrigger[] {
  const seen = new Set<string>();
  return triggers.filter(({ event, actor, via }) => {
    const key = `${event} ${actor} ${via.map(({ path }) => path).join('>')}`;
    if (seen.has(key) || seen.size > 200) return false;
    seen.add(key);
    return true;
  });
}

function calledPaths(job: Job): ReadonlySet<string> {
  const used = [job.calls, ...job.steps.map(({ component }) => component)];
  return new Set(used.flatMap((component) => component?.resolved ?? []));
}

/** Names of workflows may have wildcards. */
function matchesName(wanted: string, name: string): boolean {
  if (!wanted.includes('*')) return wanted === name;
  const parts = wanted.split('*').slice(0, 20);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = name.indexOf(part, at);
    if (found === -1 || (index === 0 && found !== 0)) return false;
    at = found + part.length;
  }
  return parts.at(-1) === '' || name.endsWith(parts.at(-1) ?? '');
}
