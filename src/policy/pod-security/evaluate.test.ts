// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../formats/document.ts';
import { changePod } from './change.ts';
import type { Level } from './check.ts';
import { podSecurityChecks } from './checks/index.ts';
import { describeViolations, evaluatePod, newestMinor, parseVersion } from './evaluate.ts';
import { namespacePolicy } from './namespace.ts';
import { podOf } from './pod.ts';

function violationsOf(pod: JsonObject, level: Level, version: number | 'latest' = 'latest') {
  const extracted = podOf(pod);
  return extracted === undefined ? [] : evaluatePod(extracted.pod, { level, version });
}

function podWith(container: JsonObject, spec: JsonObject = {}): JsonObject {
  return { kind: 'Pod', spec: { ...spec, containers: [{ name: 'a', image: 'registry.example/a', ...container }] } };
}

describe('evaluatePod', () => {
  it('tells what is missing, for which container, and where', () => {
    const violations = violationsOf(podWith({}), 'restricted');

    expect(violations.map(({ check }) => check)).toEqual([
      'allowPrivilegeEscalation',
      'runAsNonRoot',
      'seccompProfile_restricted',
      'capabilities_restricted',
    ]);
    expect(describeViolations(violations)).toContain(
      'allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false)',
    );
    expect(violations[0]?.at).toEqual([['spec', 'containers', 0, 'securityContext', 'allowPrivilegeEscalation']]);
  });

  it('looks at init and ephemeral containers too', () => {
    const bad = { name: 'debug', securityContext: { privileged: true } };
    const pod = { kind: 'Pod', spec: { containers: [], initContainers: [bad], ephemeralContainers: [bad] } };

    const violations = violationsOf(pod, 'baseline');

    expect(violations).toMatchObject([
      { check: 'privileged', detail: 'containers "debug", "debug" must not set securityContext.privileged=true' },
    ]);
  });

  it('finds the Pod in a CronJob', () => {
    const template = { spec: { hostNetwork: true, containers: [] } };
    const object = { kind: 'CronJob', spec: { jobTemplate: { spec: { template } } } };

    expect(violationsOf(object, 'baseline').map(({ check }) => check)).toEqual(['hostNamespaces']);
  });

  it('has nothing to say at the privileged level', () => {
    expect(violationsOf(podWith({ securityContext: { privileged: true } }), 'privileged')).toEqual([]);
  });

  it('asks for what the version asked for', () => {
    const pod = podWith({ securityContext: { runAsUser: 0 } }, { securityContext: { runAsNonRoot: true } });

    const has = (version: number): boolean =>
      violationsOf(pod, 'restricted', version).some(({ check }) => check === 'runAsUser');

    expect([has(22), has(23), has(9_999)]).toEqual([false, true, true]);
  });

  it('lets Pods with a user namespace run as root inside since 1.35, but not see all of /proc at the restricted level', () => {
    const pod = podWith({ securityContext: { runAsUser: 0, procMount: 'Unmasked' } }, { hostUsers: false });

    const ids = (level: Level, version: number) => violationsOf(pod, level, version).map(({ check }) => check);

    expect(ids('baseline', 34)).toEqual(['procMount']);
    expect(ids('baseline', 35)).toEqual([]);
    expect(ids('restricted', 35)).toContain('procMount_restricted');
    expect(ids('restricted', 35)).not.toContain('runAsUser');
  });

  it('never throws, whatever the Pod is made of', () => {
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom('spec', 'containers', 'securityContext', 'name', 'volumes', 'ports') }),
        (object) => {
          violationsOf({ ...object, kind: 'Pod' }, 'restricted');
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the suggested changes', () => {
  const boolean = fc.option(fc.boolean(), { nil: undefined });
  const context = fc.record(
    {
      privileged: boolean,
      allowPrivilegeEscalation: boolean,
      runAsNonRoot: boolean,
      runAsUser: fc.constantFrom(0, 1_000),
      procMount: fc.constantFrom('Default', 'Unmasked'),
      capabilities: fc.record({ add: fc.subarray(['NET_BIND_SERVICE', 'SYS_ADMIN', 'CHOWN']) }),
      seccompProfile: fc.record({ type: fc.constantFrom('Unconfined', 'RuntimeDefault') }),
      appArmorProfile: fc.record({ type: fc.constantFrom('Unconfined', 'RuntimeDefault') }),
      seLinuxOptions: fc.record({ type: fc.constantFrom('container_t', 'spc_t'), user: fc.constantFrom('', 'u') }),
    },
    { requiredKeys: [] },
  );
  const pods = fc.record({
    kind: fc.constant('Pod'),
    spec: fc.record({
      hostPID: fc.boolean(),
      securityContext: fc.record(
        {
          runAsNonRoot: boolean,
          runAsUser: fc.constantFrom(0, 5),
          sysctls: fc.array(fc.record({ name: fc.constant('kernel.x') })),
        },
        { requiredKeys: [] },
      ),
      containers: fc.array(
        fc.record({
          name: fc.constantFrom('a', 'b'),
          securityContext: context,
          ports: fc.array(fc.record({ hostPort: fc.constantFrom(0, 80) }), { maxLength: 2 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  });

  it.each(['baseline', 'restricted'] as const)('bring any Pod without forbidden volumes to %s', (level) => {
    fc.assert(
      fc.property(pods, (generated) => {
        const pod = generated as unknown as JsonObject;
        const changes = violationsOf(pod, level).flatMap((violation) => violation.changes);

        const changed = changePod(pod, changes);

        expect(describeViolations(violationsOf(changed, level))).toBe('');
      }),
      { numRuns: 200 },
    );
  });

  it('leave the Pod itself as it was', () => {
    const pod = podWith({ securityContext: { privileged: true } });

    changePod(
      pod,
      violationsOf(pod, 'baseline').flatMap(({ changes }) => changes),
    );

    expect(pod).toEqual(podWith({ securityContext: { privileged: true } }));
  });
});

describe('namespacePolicy', () => {
  it('reads level and version of each mode', () => {
    const policy = namespacePolicy({
      'pod-security.kubernetes.io/enforce': 'baseline',
      'pod-security.kubernetes.io/enforce-version': 'v1.30',
      'pod-security.kubernetes.io/warn': 'restricted',
    });

    expect(policy).toEqual({
      enforce: { level: 'baseline', version: 30 },
      audit: { level: 'privileged', version: 'latest' },
      warn: { level: 'restricted', version: 'latest' },
      faults: [],
    });
  });

  it('takes the strictest for a level that there is not, and says so', () => {
    const policy = namespacePolicy({ 'pod-security.kubernetes.io/enforce': 'strict' });

    expect(policy.enforce).toEqual({ level: 'restricted', version: 'latest' });
    expect(policy.faults).toMatchObject([{ label: 'pod-security.kubernetes.io/enforce' }]);
  });
});

describe('the checks', () => {
  it('have ids of their own, known versions and known overrides', () => {
    const ids = podSecurityChecks.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
    expect(podSecurityChecks.every(({ since }) => since >= 0 && since <= newestMinor)).toBe(true);
    expect(podSecurityChecks.flatMap(({ overrides }) => overrides ?? []).every((id) => ids.includes(id))).toBe(true);
  });

  it('know versions by their names', () => {
    expect(['latest', 'v1.0', 'v1.30', '1.30', 'v2.1', 'v1.030'].map(parseVersion)).toEqual([
      'latest',
      0,
      30,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
