// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../formats/document.ts';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import type { AdmissionRequest } from '../admission-policy/request.ts';
import { requestFor } from '../admission-policy/request.ts';
import type { DataProvider } from '../data-provider.ts';
import { noData } from '../data-provider.ts';
import type { EngineData } from '../engine.ts';
import { policyEngines } from '../engines.ts';
import type { SignatureDemand } from '../image-policy/demand.ts';
import type { PolicySet, SetOutcome } from '../policy-set.ts';
import { compilePolicySet } from '../policy-set.ts';

const rule = (name: string, body: string, more = ''): string => `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: ${name} }
spec:
  validationFailureAction: Enforce
  background: false
  rules:
    - name: rule
      match: { any: [{ resources: { kinds: [Pod] } }] }
      ${more}
      ${body}
`;

const cel = (name: string, expression: string, more = ''): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: ${name} }
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods] }]
    ${more}
  variables: [{ name: all, expression: 'object.spec.containers' }]
  validations: [{ expression: ${JSON.stringify(expression)} }]
`;

const policies = [
  rule('tag', "validate: { pattern: { spec: { containers: [{ image: '!*:latest' }] } } }"),
  rule('host', "validate: { pattern: { spec: { =(hostNetwork): false, X(hostPID): 'null' } } }"),
  rule(
    'conditional',
    "validate: { pattern: { spec: { containers: [{ (name): 'a*', securityContext: { privileged: false } }] } } }",
  ),
  rule(
    'any',
    "validate: { anyPattern: [{ metadata: { labels: { team: a } } }, { spec: { priorityClassName: '?*' } }] }",
  ),
  rule('wild', "validate: { pattern: { metadata: { =(annotations): { =(x*): '?*' } } } }"),
  rule(
    'deny',
    `validate: { message: 'no', deny: { conditions: { any: [{ key: '{{ request.object.spec.containers[].name }}', operator: AnyIn, value: [bad] }] } } }`,
  ),
  rule(
    'foreach',
    `validate: { foreach: [{ list: request.object.spec.containers, pattern: { image: '*' }, preconditions: { all: [{ key: '{{ element.name }}', operator: Equals, value: b }] } }] }`,
  ),
  rule(
    'named',
    `validate: { message: 'no', deny: { conditions: { any: [{ key: '{{ request.object.metadata.name }}', operator: Equals, value: p3 }] } } }`,
  ),
  rule(
    'user',
    `validate: { message: 'no', deny: { conditions: { any: [{ key: '{{ request.userInfo.username }}', operator: Equals, value: eve }] } } }`,
  ),
  rule(
    'settings',
    `validate: { message: 'no', deny: { conditions: { any: [{ key: '{{ settings.data.closed }}', operator: Equals, value: 'yes' }] } } }`,
    'context: [{ name: settings, configMap: { name: settings, namespace: shop } }]',
  ),
  rule('standard', 'validate: { podSecurity: { level: baseline, version: latest } }'),
  rule(
    'selector',
    "validate: { pattern: { spec: { containers: [{ image: 'web*' }] } } }",
    "exclude: { any: [{ resources: { namespaceSelector: { matchLabels: { free: 'yes' } } } }] }",
  ),
  rule('excepted', "validate: { pattern: { spec: { containers: [{ image: '*:1*' }] } } }"),
  `
apiVersion: kyverno.io/v2
kind: PolicyException
metadata: { name: some, namespace: shop }
spec:
  exceptions: [{ policyName: excepted, ruleNames: [rule] }]
  match: { any: [{ resources: { kinds: [Pod], names: [p1, 'p2*'] } }] }
`,
  cel('cel-image', "variables.all.all(c, !c.image.endsWith(':latest'))"),
  cel('cel-labels', "!has(object.metadata.labels) || object.metadata.labels.all(k, k != 'bad')"),
  cel('cel-name', "object.metadata.name != 'p2'"),
  cel('cel-request', "request.operation == 'CREATE' || request.userInfo.username != 'eve'"),
  cel('cel-old', 'oldObject == null || object.spec == oldObject.spec'),
  cel('cel-namespace', "namespaceObject.metadata.name != 'other'"),
  cel('cel-rights', "authorizer.group('').resource('secrets').check('get').allowed()"),
  cel('cel-selected', 'size(variables.all) < 3', "namespaceSelector: { matchLabels: { free: 'no' } }"),
  cel('cel-object', "object.spec.containers.exists(c, c.name == 'a')", 'objectSelector: { matchLabels: { team: a } }'),
  `
apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata: { name: validating }
spec:
  validationActions: [Deny]
  matchConstraints:
    resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods] }]
  validations: [{ expression: "object.spec.containers.all(c, c.image != 'web:2') || request.namespace == 'other'" }]
`,
  `
apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata: { name: signed }
spec:
  images: [{ glob: '**' }]
  authorities: [{ key: { hashAlgorithm: sha256, data: "-----BEGIN PUBLIC KEY-----\\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEb7ZUjWTqPXJ8Q8M8J2i3Q0Gm5Bq3\\nH1YqUVfWvQw7b7ZUjWTqPXJ8Q8M8J2i3Q0Gm5Bq3H1YqUVfWvQw7bw==\\n-----END PUBLIC KEY-----" } }]
`,
].join('---');

/** What the world says, which changes now and then. */
interface World {
  readonly isClosed: boolean;
  readonly isSigned: boolean;
  readonly mayRead: boolean;
  readonly free: 'yes' | 'no';
  readonly knows: 'all' | 'nothing';
}

class Surroundings {
  world: World = { isClosed: false, isSigned: true, mayRead: true, free: 'no', knows: 'all' };
  #settings = { data: { closed: 'no' } };

  become(world: World): void {
    if (world.isClosed !== this.world.isClosed) this.#settings = { data: { closed: world.isClosed ? 'yes' : 'no' } };
    this.world = world;
  }

  get data(): EngineData {
    const pending = { kind: 'pending' } as const;
    const provider: DataProvider = {
      ...noData,
      configMap: () => (this.world.knows === 'all' ? { kind: 'found', value: this.#settings } : pending),
      imageSignature: ({ image }: SignatureDemand) =>
        this.world.knows === 'all'
          ? this.world.isSigned && !image.includes('evil')
            ? signed
            : unsigned
          : { kind: 'failed', message: 'the registry does not answer' },
    };
    return {
      phase: 'validate',
      tell: 'breaches',
      provider,
      cluster: {
        objects: () => [],
        namespace: (name) => ({ metadata: { name, labels: { free: this.world.free } } }),
        authorize: () => ({ decision: this.world.mayRead ? 'allow' : 'deny' }),
      },
    };
  }
}

const signed = { kind: 'found', value: { outcome: 'pass', message: 'signed' } } as const;
const unsigned = { kind: 'found', value: { outcome: 'fail', message: 'not signed' } } as const;

const pinned = `web:1@sha256:${'a'.repeat(64)}`;
const container = fc.record(
  {
    name: fc.constantFrom('a', 'ab', 'b', 'bad'),
    image: fc.constantFrom(pinned, 'web:1', 'web:2', 'web:latest', 'evil:1'),
    securityContext: fc.record({ privileged: fc.boolean(), runAsUser: fc.nat(1) }, { requiredKeys: [] }),
    env: fc.constant([{ name: 'A', value: 'b' }]),
  },
  { requiredKeys: ['name', 'image'] },
);
const text = (...words: string[]): fc.Arbitrary<Record<string, string>> =>
  fc.dictionary(fc.constantFrom(...words), fc.constantFrom('a', 'b', ''), { maxKeys: 2 });
const pod = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('Pod'),
  metadata: fc.record(
    {
      name: fc.constantFrom('p1', 'p2', 'p3', 'p4'),
      namespace: fc.constantFrom('shop', 'other'),
      labels: text('team', 'bad', 'app'),
      annotations: text('x1', 'y'),
      uid: fc.constantFrom('1', '2'),
    },
    { requiredKeys: ['name', 'namespace'] },
  ),
  spec: fc.record(
    {
      containers: fc.array(container, { minLength: 1, maxLength: 3 }),
      hostNetwork: fc.boolean(),
      hostPID: fc.boolean(),
      priorityClassName: fc.constantFrom('high', ''),
      nodeName: fc.constantFrom('n1', 'n2'),
    },
    { requiredKeys: ['containers'] },
  ),
});
const request: fc.Arbitrary<AdmissionRequest> = fc
  .tuple(pod, fc.constantFrom('CREATE' as const, 'UPDATE' as const), fc.constantFrom('alice', 'eve'), fc.option(pod))
  .map(([object, operation, username, old]) => ({
    ...requestFor(object, operation),
    uid: 'u',
    userInfo: { username, groups: ['system:authenticated'] },
    ...(operation === 'UPDATE' && old !== null ? { oldObject: old } : {}),
  }));
const world: fc.Arbitrary<World> = fc.record({
  isClosed: fc.boolean(),
  isSigned: fc.boolean(),
  mayRead: fc.boolean(),
  free: fc.constantFrom('yes' as const, 'no' as const),
  knows: fc.constantFrom('all' as const, 'all' as const, 'nothing' as const),
});

const documents = resourcesOf(parseKubernetesYaml(policies, 'policies.yaml')).resources;

function compiled(remember: boolean): PolicySet {
  return compilePolicySet(documents, policyEngines, { unbound: 'apply', ...(remember ? { remember: 'passes' } : {}) });
}

/** What a webhook tells of it. */
function told({ decisions, auditAnnotations, patch }: SetOutcome): unknown {
  const breaches = decisions.filter(({ outcome }) => outcome === 'fail' || outcome === 'error');
  return {
    patch,
    auditAnnotations,
    breaches: breaches.map(({ policy, rule: name, outcome, message, effect }) => [
      policy,
      name,
      outcome,
      effect,
      message,
    ]),
  };
}

/** Nothing that is refused when it is judged anew may pass when it comes again, and the other way round. */
function judgedAsAnew(policy: string, requests: readonly AdmissionRequest[]): readonly unknown[] {
  const own = resourcesOf(parseKubernetesYaml(policy, 'policies.yaml')).resources;
  const { data } = new Surroundings();
  const [plain, remembering] = [
    compilePolicySet(own, policyEngines, { unbound: 'apply' }),
    compilePolicySet(own, policyEngines, { unbound: 'apply', remember: 'passes' }),
  ];
  expect(remembering.problems).toEqual([]);
  return requests.map((each) => {
    const outcome = told(remembering.judge(each, data));
    expect(outcome).toEqual(told(plain.judge(each, data)));
    return (outcome as { readonly breaches: readonly unknown[] }).breaches.length;
  });
}

const created = (spec: JsonObject, metadata: JsonObject = {}): AdmissionRequest => ({
  ...requestFor({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop', ...metadata }, spec }),
  uid: 'u',
  userInfo: { username: 'alice', groups: [] },
});

describe('what was remembered wrongly', () => {
  test('policies after the first one were taken for passed where an engine judges as a whole', () => {
    const mutating = `
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: { name: mutating }
spec:
  failurePolicy: Fail
  reinvocationPolicy: Never
  matchConstraints:
    resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods] }]
  mutations: [{ patchType: ApplyConfiguration, applyConfiguration: { expression: 'Object{}' } }]
`;
    const set = [mutating, cel('first', 'true'), cel('second', 'object.spec.hostNetwork == false')].join('---');
    const refused = created({ hostNetwork: true, containers: [] });

    expect(judgedAsAnew(set, [refused, refused, refused, refused])).toEqual([1, 1, 1, 1]);
  });

  test('a member that was read on after the names beside it had been listed was not compared', () => {
    const policy = cel(
      'secure',
      "type(object.spec.securityContext) == map && object.spec.all(k, k != 'x') && object.spec.securityContext.runAsNonRoot",
    );
    const pods = [true, true, true, false].map((runAsNonRoot) => created({ securityContext: { runAsNonRoot } }));

    expect(judgedAsAnew(policy, pods)).toEqual([0, 0, 0, 1]);
  });
});

describe('what cannot be looked up', () => {
  const broken = (): never => {
    throw new Error('the API server is down');
  };
  const { data } = new Surroundings();

  test.each([
    [
      'roles in a match',
      rule(
        'm',
        "validate: { pattern: { spec: { hostNetwork: 'false' } } }",
        "exclude: { any: [{ clusterRoles: ['cluster-admin'] }] }",
      ),
      { ...data, provider: { ...data.provider, rolesOf: broken } },
    ],
    [
      'roles in a variable',
      rule(
        'v',
        "validate: { deny: { conditions: { all: [{ key: cluster-admin, operator: AllNotIn, value: '{{ request.clusterRoles }}' }] } } }",
      ),
      { ...data, provider: { ...data.provider, rolesOf: broken } },
    ],
    [
      'the namespace',
      cel('n', "namespaceObject.metadata.name == 'x' || true"),
      { ...data, cluster: { ...data.cluster, namespace: broken } },
    ],
    [
      'rights',
      cel('r', "authorizer.group('').resource('secrets').check('get').allowed() || true"),
      { ...data, cluster: { ...data.cluster, authorize: broken } },
    ],
  ] satisfies [string, string, EngineData][])('ends the judgement each time: %s', (_, policy, without) => {
    const own = resourcesOf(parseKubernetesYaml(policy, 'policies.yaml')).resources;
    const set = compilePolicySet(own, policyEngines, { unbound: 'apply', remember: 'passes' });
    const asked = created({ containers: [], hostNetwork: true });

    expect(set.problems).toEqual([]);
    for (let time = 0; time < 5; time += 1) expect(() => set.judge(asked, without)).toThrow('the API server is down');
    for (let time = 0; time < 5; time += 1) set.judge(asked, data);
    expect(() => set.judge(asked, without)).toThrow('the API server is down');
  });
});

describe('policies of all dialects, remembered', () => {
  test('all of them are judged', () => {
    expect(compiled(true).problems).toEqual([]);
    expect(
      compiled(true)
        .engines.map(({ engine }) => engine.id)
        .toSorted(),
    ).toEqual(['admission-policy', 'image-policy', 'kyverno', 'pod-security']);
  });

  test('say the same as those that are judged anew, whatever comes in whatever order', () => {
    let known = 0;
    fc.assert(
      fc.property(
        fc.array(request, { minLength: 3, maxLength: 12 }),
        fc.array(fc.tuple(fc.nat(11), fc.option(world, { freq: 6 })), { minLength: 40, maxLength: 80 }),
        (requests, order) => {
          const [plain, remembering, surroundings] = [compiled(false), compiled(true), new Surroundings()];
          for (const [place, next] of order) {
            if (next !== null) surroundings.become(next);
            const asked = requests[place % requests.length] as AdmissionRequest;
            const { data } = surroundings;

            expect(told(remembering.judge(asked, data))).toEqual(told(plain.judge(asked, data)));
          }
          expect(remembering.remembering?.state.contradictions).toBe(0);
          known += remembering.remembering?.state.known ?? 0;
        },
      ),
      { numRuns: 60 },
    );
    expect(known).toBeGreaterThan(300);
  }, 60_000);

  test('judge only what reads the name of a Pod that comes again under another one', () => {
    const [set, surroundings] = [compiled(true), new Surroundings()];
    const named = (name: string): AdmissionRequest => ({
      ...requestFor({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'shop', labels: { team: 'a' } },
        spec: { containers: [{ name: 'a', image: pinned, securityContext: { privileged: false } }] },
      }),
      uid: name,
      userInfo: { username: 'alice', groups: [] },
    });
    for (let index = 0; index < 20; index += 1) set.judge(named(`web-${index}`), surroundings.data);

    expect(told(set.judge(named('web'), surroundings.data))).toMatchObject({ breaches: [] });
    expect(set.remembering?.state).toMatchObject({ contradictions: 0 });
    expect(set.remembering?.state.known).toBeGreaterThan(10);
    expect(told(set.judge(named('p2'), surroundings.data))).toMatchObject({
      breaches: [['cel-name', '', 'fail', 'deny', "failed expression: object.metadata.name != 'p2'"]],
    });
    expect(told(set.judge(named('p3'), surroundings.data))).toMatchObject({
      breaches: [['named', 'rule', 'fail', 'deny', 'no']],
    });
  });

  test('only callers who ask for breaches alone are told by what was remembered', () => {
    const [set, surroundings] = [compiled(true), new Surroundings()];
    const asked = requestFor({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { containers: [{ name: 'a', image: 'web:1' }] },
    });
    for (let index = 0; index < 20; index += 1) set.judge(asked, surroundings.data);
    const { tell: _tell, ...all } = surroundings.data;

    const passed = set.judge(asked, all).decisions.filter(({ outcome }) => outcome === 'pass');
    expect(passed.map(({ policy }) => policy)).toContain('tag');
    expect(set.judge(asked, { ...surroundings.data, phase: 'mutate' }).decisions).toEqual([]);
  });
});
