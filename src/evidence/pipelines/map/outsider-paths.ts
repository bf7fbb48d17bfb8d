// SPDX-License-Identifier: Apache-2.0
// The shortest way from somebody outside to each secret, identity and running workload: breadth first over the map, where a job is entered only by who
// decides what runs in it, and what it has counts only in runs that have secrets. Each step is a sentence with its place.
import type { Location } from '../../../model/location.ts';
import type { JobControl, MapEdge, MapNode, PipelineMap } from './pipeline-map.ts';

export interface PathStep {
  readonly text: string;
  readonly location?: Location;
}

export interface OutsiderPath {
  /** Id of the node it ends in. */
  readonly target: string;
  readonly kind: 'production' | 'secret' | 'identity' | 'write access';
  readonly label: string;
  readonly steps: readonly PathStep[];
  /** What may stand in the way and is not in the files. */
  readonly guard?: string;
  /** Nodes on the way, for the picture. */
  readonly nodes: readonly string[];
}

interface State {
  readonly node: string;
  readonly trusted: boolean;
  readonly steps: readonly PathStep[];
  readonly nodes: readonly string[];
  readonly guard?: string;
  /** Of the job it is in. */
  readonly unread: readonly string[];
}

const kindOrder = { production: 0, secret: 1, 'write access': 2, identity: 3 } as const;

/** One path for each target, the most serious first, then the shortest. Empty: no way was found, which is not a proof that there is none. */
export function outsiderPaths(map: PipelineMap): readonly OutsiderPath[] {
  const search = new Search(map);
  return search
    .run()
    .toSorted(
      (a, b) =>
        Number(a.guard !== undefined) - Number(b.guard !== undefined) ||
        kindOrder[a.kind] - kindOrder[b.kind] ||
        a.steps.length - b.steps.length ||
        (a.label < b.label ? -1 : 1),
    );
}

class Search {
  readonly #nodes: ReadonlyMap<string, MapNode>;
  readonly #out: ReadonlyMap<string, readonly MapEdge[]>;
  readonly #map: PipelineMap;
  readonly #found = new Map<string, OutsiderPath>();
  readonly #seen = new Set<string>();

  constructor(map: PipelineMap) {
    this.#map = map;
    this.#nodes = new Map(map.nodes.map((node) => [node.id, node]));
    this.#out = Map.groupBy(map.edges, ({ from }) => from);
  }

  run(): readonly OutsiderPath[] {
    // Ways without a guard first: a target keeps the first path that is found.
    const starts = this.#map.controls
      .map((control) => this.#enter(control))
      .toSorted(
        (a, b) => Number(a.guard !== undefined) - Number(b.guard !== undefined) || a.steps.length - b.steps.length,
      );
    const queue = [...starts];
    for (let at = 0; at < queue.length && queue.length < 50_000; at += 1) {
      const state = queue[at];
      if (state === undefined) break;
      const key = `${state.node} ${state.trusted} ${state.guard !== undefined}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      queue.push(...this.#next(state));
    }
    return [...this.#found.values()];
  }

  #enter(control: JobControl): State {
    const trigger = this.#nodes.get(control.trigger);
    const job = this.#nodes.get(control.job);
    const event = trigger?.label ?? control.trigger.split(':').at(-1) ?? '';
    const rights = control.trusted ? 'with the secrets of the repository' : 'without secrets';
    const steps: PathStep[] = [
      { text: `anyone ${startWords(event)}`, ...at(trigger) },
      {
        text: `job ${job?.label ?? ''} starts, ${rights}${control.steps.length === 0 ? ', and runs their code' : ''}`,
        ...at(job),
      },
      ...control.steps,
    ];
    return {
      node: control.job,
      trusted: control.trusted,
      unread: control.unread,
      steps,
      nodes: ['actor:anyone', control.trigger, control.job],
      ...(control.guard === undefined ? {} : { guard: control.guard }),
    };
  }

  #next(state: State): State[] {
    const states: State[] = [];
    for (const edge of this.#out.get(state.node) ?? []) {
      const target = this.#nodes.get(edge.to);
      if (target === undefined || state.unread.includes(edge.to)) continue;
      const from = this.#nodes.get(state.node);
      const step = stepOver(edge, { from, target, trusted: state.trusted });
      if (step === undefined) continue;
      const { trusted, text } = step;
      const place = edge.location === undefined ? {} : { location: edge.location };
      const environment = target.kind === 'job' ? target.facts['environment'] : undefined;
      const guard =
        state.guard ?? (environment === undefined ? undefined : `environment ${environment} wants approval`);
      const next: State = {
        ...state,
        ...(guard === undefined ? {} : { guard }),
        node: edge.to,
        unread: target.kind === 'job' ? [] : state.unread,
        trusted,
        steps: text === '' ? state.steps : [...state.steps, { text, ...place }],
        nodes: [...state.nodes, edge.to],
      };
      this.#record(next, target);
      states.push(next);
    }
    return states;
  }

  #record(state: State, target: MapNode): void {
    const kind = kindOf(target);
    if (kind === undefined || this.#found.has(target.id)) return;
    const { steps, nodes, guard } = state;
    this.#found.set(target.id, {
      target: target.id,
      kind,
      label: target.label,
      steps,
      nodes,
      ...(guard === undefined ? {} : { guard }),
    });
  }
}

function kindOf(node: MapNode): OutsiderPath['kind'] | undefined {
  if (node.kind === 'workload') return 'production';
  if (node.kind === 'secret') return node.facts['source'] === 'token' ? 'write access' : 'secret';
  return node.kind === 'identity' ? 'identity' : undefined;
}

interface Crossing {
  readonly from: MapNode | undefined;
  readonly target: MapNode;
  readonly trusted: boolean;
}

interface Crossed {
  readonly trusted: boolean;
  readonly text: string;
}

/** undefined: this edge does not carry somebody who controls what it comes from. */
function stepOver(edge: MapEdge, { from, target, trusted }: Crossing): Crossed | undefined {
  const { label } = target;
  switch (edge.kind) {
    case 'reads':
      return trusted
        ? {
            trusted,
            text:
              target.facts['source'] === 'token'
                ? 'the token of the job has write access to the repository'
                : `the job has ${target.facts['source'] === 'context' ? `the context ${label}` : label}`,
          }
        : undefined;
    case 'signs in as':
      return trusted ? { trusted, text: `the job can sign in to clouds as ${label}` } : undefined;
    case 'runs':
      return trusted ? { trusted, text: '' } : undefined;
    case 'pushes':
      return { trusted, text: `the step pushes ${label}` };
    case 'runs as':
      return { trusted, text: `${label} runs an image of that repository` };
    case 'runs on':
      return { trusted, text: `what they leave on the machine ${label} stays there` };
    case 'also runs':
      return { trusted: true, text: `job ${label} runs on the same machine` };
    case 'deploys':
      return { trusted, text: `the step changes ${label}` };
    case 'uploads':
      return { trusted, text: `what they wrote goes into the artifact ${label}` };
    case 'is downloaded by':
      // Within one run it has the rights of that run; a run that follows has those of the repository.
      return {
        trusted: trusted || from?.pipeline !== target.pipeline,
        text: `job ${label} takes that artifact and uses it`,
      };
    case 'saves':
      return trusted ? { trusted, text: `what they wrote goes into the cache ${label}` } : undefined;
    case 'is restored by':
      return { trusted: true, text: `job ${label} restores that cache` };
    default:
      return undefined;
  }
}

function at(node: MapNode | undefined): { readonly location?: Location } {
  return node?.location === undefined ? {} : { location: node.location };
}

function startWords(event: string): string {
  const words: Readonly<Record<string, string>> = {
    pull_request: 'opens a pull request',
    'pull request': 'opens a pull request',
    'forked pull request': 'opens a pull request from a fork (where such builds are on)',
    pull_request_target: 'opens a pull request',
    merge_request_event: 'opens a merge request',
    issues: 'opens an issue',
    issue_comment: 'writes a comment',
    discussion: 'opens a discussion',
    discussion_comment: 'writes a comment',
    workflow_run: 'opens a pull request, whose run starts another',
    fork: 'forks the repository',
    watch: 'stars the repository',
    gollum: 'edits the wiki',
    comment: 'writes a comment',
  };
  return `${words[event] ?? 'makes it happen'} (${event})`;
}
