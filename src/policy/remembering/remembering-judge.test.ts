// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import type { AdmissionRequest } from '../admission-policy/request.ts';
import { requestFor } from '../admission-policy/request.ts';
import { noData } from '../data-provider.ts';
import type { EngineData, EngineOutcome, PolicyDecision } from '../engine.ts';
import { nothingToSay } from '../engine.ts';
import type { RememberingLimits, SeparableJudge } from './remembering-judge.ts';
import { RememberingJudge, SurroundingsWatch } from './remembering-judge.ts';

const limits: RememberingLimits = { entries: 100, characters: 100_000, values: 1_000 };
const data: EngineData = {
  phase: 'validate',
  tell: 'breaches',
  cluster: { objects: () => [], namespace: () => undefined },
  provider: noData,
};

function pod(image: string, name = 'web', more: Readonly<Record<string, unknown>> = {}): AdmissionRequest {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop' },
    spec: { containers: [{ name: 'a', image }], ...more },
  };
  return { ...requestFor(object), uid: `uid of ${name}` };
}

interface Rule {
  readonly name: string;
  readonly breach: (request: AdmissionRequest, data: EngineData) => boolean;
}

const failed = (policy: string): PolicyDecision => ({
  policy,
  rule: '',
  outcome: 'fail',
  effect: 'deny',
  message: 'it is broken',
});

/** Judges by functions, and counts how often each was asked by somebody who does not watch. */
class Rules implements SeparableJudge {
  readonly asked = new Map<string, number>();
  readonly parts: readonly { readonly separable: boolean }[];
  readonly #rules: readonly Rule[];

  constructor(rules: readonly Rule[], separable = true) {
    this.#rules = rules;
    this.parts = rules.map(() => ({ separable }));
  }

  judge(request: AdmissionRequest, given: EngineData, only?: ReadonlySet<number>): EngineOutcome {
    const asked = this.#rules.filter((_, place) => only?.has(place) !== false);
    for (const { name } of asked) this.asked.set(name, (this.asked.get(name) ?? 0) + 1);
    const decisions = asked.filter(({ breach }) => breach(request, given)).map(({ name }) => failed(name));
    return decisions.length === 0 ? nothingToSay : { ...nothingToSay, decisions };
  }
}

const imageOf = ({ object }: AdmissionRequest): string =>
  (object as { readonly spec: { readonly containers: readonly [{ readonly image: string }] } }).spec.containers[0]
    .image;
const nameOf = ({ object }: AdmissionRequest): unknown =>
  (object as { readonly metadata: { readonly name: string } }).metadata.name;
const latest: Rule = { name: 'latest', breach: (request) => imageOf(request).endsWith(':latest') };
const root: Rule = {
  name: 'root',
  breach: ({ object }) => (object as { readonly spec: { readonly user?: number } }).spec.user === 0,
};

class Asker {
  readonly rules: Rules;
  readonly judge: RememberingJudge;
  readonly surroundings = new SurroundingsWatch({ now: () => 7, random: () => 0 });

  constructor(
    rules: readonly Rule[],
    { separable = true, ...own }: Partial<RememberingLimits> & { separable?: boolean } = {},
  ) {
    this.rules = new Rules(rules, separable);
    this.judge = new RememberingJudge([this.rules], { limits: { ...limits, ...own }, watch: this.surroundings });
  }

  /** Names of the rules that are broken, and how many were asked. */
  ask(request: AdmissionRequest, given: EngineData = data): readonly [string, number] {
    this.rules.asked.clear();
    const chosen = this.judge.recall(request, given);
    const only = chosen?.[0];
    const outcome = chosen !== undefined && only === undefined ? nothingToSay : this.rules.judge(request, given, only);
    const asked = [...this.rules.asked.values()].reduce((sum, times) => sum + times, 0);
    if (chosen === undefined) this.judge.consider(request, given);
    return [outcome.decisions.map(({ policy }) => policy).join(), asked];
  }

  askOften(request: AdmissionRequest, given: EngineData = data): readonly [string, number] {
    for (let time = 0; time < 6; time += 1) this.ask(request, given);
    return this.ask(request, given);
  }
}

describe('a judge that remembers', () => {
  test('asks nobody of a Pod that differs from an earlier one in its name only', () => {
    const asker = new Asker([latest, root]);

    expect(asker.ask(pod('web:1'))).toEqual(['', 2]);
    asker.askOften(pod('web:1', 'other'));
    expect(asker.ask(pod('web:1', 'third', { priority: 7 }))).toEqual(['', 0]);
  });

  test('asks everybody of one that differs in what somebody reads', () => {
    const asker = new Asker([latest, root]);
    asker.askOften(pod('web:1'));

    expect(asker.ask(pod('web:2'))).toEqual(['', 2]);
    expect(asker.ask(pod('web:latest'))).toEqual(['latest', 2]);
    expect(asker.ask(pod('web:1', 'web', { user: 0 }))).toEqual(['root', 2]);
    expect(asker.ask(pod('web:1'))).toEqual(['', 0]);
  });

  test('asks again whoever refused, and nobody else', () => {
    const asker = new Asker([latest, root]);

    expect(asker.askOften(pod('web:latest'))).toEqual(['latest', 1]);
    expect(asker.askOften(pod('web:latest', 'other', { user: 0 }))).toEqual(['latest,root', 2]);
  });

  test('judges a policy that reads the name each time, and remembers the others', () => {
    const asker = new Asker([latest, { name: 'name', breach: (request) => nameOf(request) === 'bad' }]);

    expect(asker.askOften(pod('web:1'))).toEqual(['', 1]);
    expect(asker.ask(pod('web:1', 'bad'))).toEqual(['name', 1]);
  });

  test('judges what must not be judged alone, and what asks for the time or for chance, each time', () => {
    expect(new Asker([latest], { separable: false }).askOften(pod('web:1'))).toEqual(['', 1]);
    const around: { asker?: Asker } = {};
    const seen = (): Asker['surroundings']['seen'] => around.asker?.surroundings.seen;
    const late: Rule = { name: 'late', breach: () => (seen()?.now() ?? 0) > 8 };
    const lucky: Rule = { name: 'lucky', breach: () => (seen()?.random(2) ?? 0) > 8 };
    around.asker = new Asker([latest, late, lucky]);
    expect(around.asker.askOften(pod('web:1'))).toEqual(['', 2]);
  });

  test('asks again when an answer of the world has changed, and learns the new one', () => {
    const closed: Rule = {
      name: 'closed',
      breach: (_, { provider }) => provider.configMap('shop', 'settings').kind !== 'found',
    };
    const settings = { data: {} };
    const given = (value: object | undefined): EngineData => ({
      ...data,
      provider: {
        ...noData,
        configMap: () =>
          value === undefined ? { kind: 'absent' } : { kind: 'found', value: value as typeof settings },
      },
    });
    const asker = new Asker([latest, closed]);

    expect(asker.askOften(pod('web:1'), given(settings))).toEqual(['', 0]);
    expect(asker.ask(pod('web:1'), given({ data: {} }))).toEqual(['', 1]);
    expect(asker.ask(pod('web:1'), given(undefined))).toEqual(['closed', 2]);
    expect(asker.askOften(pod('web:1'), given(settings))).toEqual(['', 0]);
  });

  test('a look that failed while somebody watched was remembered as a pass', () => {
    let answer: ReturnType<typeof noData.configMap> = { kind: 'pending' };
    const open: Rule = { name: 'open', breach: (_, { provider }) => provider.configMap('a', 'b').kind === 'absent' };
    const given: EngineData = { ...data, provider: { ...noData, configMap: () => answer } };
    const asker = new Asker([open]);
    asker.askOften(pod('web:1'), given);

    answer = { kind: 'absent' };
    expect(asker.ask(pod('web:1'), given)[0]).toBe('open');
  });

  test('asks everybody when the namespace cannot be looked up, and when a look throws', () => {
    const tier: Rule = {
      name: 'tier',
      breach: ({ namespace = '' }, { cluster }) =>
        (cluster.namespace(namespace)?.['metadata'] as { readonly labels?: { readonly tier?: string } } | undefined)
          ?.labels?.tier === 'closed',
    };
    const within = (namespace: () => Readonly<Record<string, unknown>> | undefined): EngineData => ({
      ...data,
      cluster: { objects: () => [], namespace },
    });
    const asker = new Asker([tier]);
    const open = within(() => ({ metadata: { labels: { tier: 'open' } } }));

    expect(asker.askOften(pod('web:1'), open)).toEqual(['', 0]);
    expect(
      asker.ask(
        pod('web:2', 'x'),
        within(() => ({ metadata: { labels: { tier: 'open', x: '1' } } })),
      ),
    ).toEqual(['', 0]);
    expect(
      asker.ask(
        pod('web:1'),
        within(() => ({ metadata: { labels: { tier: 'closed' } } })),
      ),
    ).toEqual(['tier', 1]);
    expect(
      asker.ask(
        pod('web:1'),
        within(() => undefined),
      ),
    ).toEqual(['', 1]);
    expect(() =>
      asker.ask(
        pod('web:1'),
        within(() => {
          throw new Error('nobody knows');
        }),
      ),
    ).toThrow('nobody knows');
  });

  test('remembers nothing any more when a watched judgement came to another end', () => {
    let times = 0;
    const moody: Rule = { name: 'moody', breach: () => (times += 1) % 2 === 0 };
    const asker = new Asker([latest, moody]);
    asker.askOften(pod('web:1'));
    for (let round = 0; round < 50; round += 1) asker.ask(pod(`web:${round % 3}`));

    expect(asker.judge.state.contradictions).toBeGreaterThan(0);
    expect(asker.judge.state.entries).toBe(0);
    expect(asker.ask(pod('web:1'))[1]).toBe(2);
  });

  test('is not filled by policies that read names which requests make up', () => {
    const dynamic: Rule = {
      name: 'dynamic',
      breach: ({ object }) => {
        const spec = object?.['spec'] as Readonly<Record<string, string>>;
        return spec[spec['key'] ?? ''] === 'bad';
      },
    };
    const asker = new Asker([dynamic]);
    for (let round = 0; round < 20_000; round += 1) asker.ask(pod('web:1', 'web', { key: `key ${round >> 2}` }));

    expect(asker.judge.state.entries).toBeLessThanOrEqual(limits.entries);
    expect(asker.ask(pod('web:1', 'web', { key: 'a', a: 'bad' }))).toEqual(['dynamic', 1]);
  });

  test('keeps within its limits', () => {
    const asker = new Asker([latest], { entries: 10, characters: 2_000 });
    for (let round = 0; round < 3_000; round += 1) asker.ask(pod(`web:${round % 40}`));

    expect(asker.judge.state.entries).toBeLessThanOrEqual(10);
    const long = 'x'.repeat(1_000);
    expect(asker.askOften(pod(`${long}:1`))).toEqual(['', 1]);
  });

  test('what was asked and told did not count against the memory', () => {
    const [kind, objects] = [{ apiVersion: 'v1', kind: 'Team' }, Array.from({ length: 200 }, () => ({}))];
    const asking: Rule = {
      name: 'asking',
      breach: (_, { cluster, provider }) =>
        cluster.objects(kind)?.length === 7 || provider.configMap('shop', 'x'.repeat(200)).kind === 'found',
    };
    const listing: EngineData = { ...data, cluster: { ...data.cluster, objects: () => [...objects] } };
    const entriesWith = (characters: number): number => {
      const asker = new Asker([asking], { characters });
      asker.askOften(pod('web:1'), listing);
      return asker.judge.state.entries;
    };

    expect(entriesWith(16 * 2_500)).toBe(1);
    expect(entriesWith(16 * 1_700)).toBe(0);
  });

  test('watches one request in so many, however many are new', () => {
    const asker = new Asker([latest]);
    for (let round = 0; round < 6_400; round += 1) asker.ask(pod(`web:${round >> 1}`));

    expect(asker.judge.state.watched).toBeLessThan(64 + 6_400 / 32 + 2);
  });

  test('workloads whose names differ in a digit crowded each other out', () => {
    const asker = new Asker([latest], { entries: 1_000, characters: 1_000_000 });
    const images = Array.from({ length: 90 }, (_, index) => `registry.example/shop/web-${100 + index}:1`);
    for (let round = 0; round < 60; round += 1) for (const image of images) asker.ask(pod(image));

    expect(images.map((image) => asker.ask(pod(image))[1])).toEqual(images.map(() => 0));
  });

  test('long requests are judged each time', () => {
    const every: Rule = { name: 'every', breach: ({ object }) => JSON.stringify(object).includes('bad') };
    const asker = new Asker([every], { values: 50 });
    const many = { tolerations: Array.from({ length: 100 }, (_, index) => ({ key: index })) };

    expect(asker.askOften(pod('web:1', 'web', many))).toEqual(['', 1]);
  });
});
