// SPDX-License-Identifier: Apache-2.0
// The chart, rendered by our own reader: it can be known as a whole, it is what a restricted namespace admits, our own checks have nothing of weight against
// it, and what is written down for people without Helm is what it renders to.
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { chartFolder, chartManifests, manifests, renderChart } from '../scripts/chart-manifests.ts';
import { flags } from '../src/apps/cli/flags.ts';
import { webhookRegistration } from '../src/apps/server/admission/webhook-registration.ts';
import type { JsonObject } from '../src/formats/document.ts';
import { asArray, asObject, asString } from '../src/formats/document.ts';
import { parseKubernetesYaml } from '../src/formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../src/formats/kubernetes-yaml/resources.ts';
import { parseYamlDocument } from '../src/formats/yaml.ts';
import { policyEngines } from '../src/policy/engines.ts';
import { evaluatePod } from '../src/policy/pod-security/evaluate.ts';
import { podOf } from '../src/policy/pod-security/pod.ts';
import { compilePolicySet } from '../src/policy/policy-set.ts';
import { runCommand } from './support/command-line.ts';

const everything: JsonObject = {
  admission: { modeFor: ['a@b=warn'], podLabels: { a: 'b' }, tolerations: [{ operator: 'Exists' }] },
  autoscaling: { enabled: true },
  serviceMonitor: { enabled: true },
  events: { enabled: true },
  imagePullSecrets: [{ name: 'pull' }],
  networkPolicy: { apiServerBlocks: ['10.0.0.0/8'] },
  webhooks: {
    failurePolicy: 'Fail',
    exemptNamespaces: ['ci'],
    mutatingRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
  },
  image: { digest: `sha256:${'a'.repeat(64)}` },
};

const installedPolicies: JsonObject = {
  policiesFrom: {
    cluster: true,
    admissionPolicies: true,
    exceptions: ['platform'],
    imagePolicySettings: 'cosign-system',
    services: ['checks.example:8443', 'http://plain.example'],
    servicePorts: [8443],
  },
  serviceMonitor: { enabled: true },
  controller: {
    decisionLog: { enabled: true },
    act: true,
    acts: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'patch'] }],
  },
};

const images: JsonObject = {
  images: {
    verify: true,
    registryPorts: [5000],
    trustedRoot: 'trust',
    keyTransparencyLog: 'not-asked',
    insecureRegistries: ['registry.example:5000'],
    budgetSeconds: 4,
    credentialsSecret: 'registries',
    pullSecrets: { enabled: true, namespaces: ['shop'] },
  },
};

function objectsOf(values: JsonObject): readonly JsonObject[] {
  const { resources, problems, unresolved } = renderChart(values);
  expect(problems).toEqual([]);
  expect(unresolved).toBe(0);
  return resources.map(({ object }) => object);
}

function named(objects: readonly JsonObject[], kind: string, name: string): JsonObject {
  const found = objects.find((object) => object['kind'] === kind && asObject(object['metadata'])?.['name'] === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

describe.each([
  ['with its default values', {}],
  ['with everything switched on', everything],
  [
    'with certificates of cert-manager',
    { certificate: { from: 'certManager', issuerRef: { name: 'ca', kind: 'Issuer' } } },
  ],
  ['with policies that are installed in the cluster', installedPolicies],
  ['with images that are verified', images],
] as const)('the chart %s', (_name, values) => {
  test('renders as a whole', () => {
    expect(objectsOf(values).length).toBeGreaterThan(10);
  });

  test('has only Pods that a restricted namespace admits', () => {
    for (const object of objectsOf(values)) {
      const found = podOf(object);
      if (found === undefined) continue;

      expect(evaluatePod(found.pod, { level: 'restricted', version: 'latest' })).toEqual([]);
    }
  });

  test('gives nobody a right to everything', () => {
    for (const object of objectsOf(values))
      for (const rule of asArray(object['rules'])) expect(JSON.stringify(rule)).not.toContain('"*"');
  });

  test('calls the program with flags that it has', () => {
    const texts = objectsOf(values).flatMap((object) =>
      (podOf(object)?.pod.containers ?? []).flatMap(({ container }) => asArray(container['args']).map(String)),
    );

    for (const text of texts.filter((word) => word.startsWith('--')))
      expect(Object.keys(flags)).toContain(text.slice(2).split('=')[0]);
  });
});

describe('the chart', () => {
  test('selects its own Pods, by labels that no other Pod of it has', () => {
    const objects = objectsOf(everything);
    const deployment = asObject(named(objects, 'Deployment', 'landwaiter-admission')['spec']);
    const labels = asObject(asObject(asObject(deployment?.['template'])?.['metadata'])?.['labels']);
    const selector = asObject(asObject(named(objects, 'Service', 'landwaiter-admission')['spec'])?.['selector']);
    const job = asObject(named(objects, 'Job', 'landwaiter-certificates-1')['spec']);
    const jobLabels = asObject(asObject(asObject(job?.['template'])?.['metadata'])?.['labels']);

    expect(labels).toMatchObject(selector ?? {});
    expect(asObject(deployment?.['selector'])?.['matchLabels']).toEqual(selector);
    expect(jobLabels).not.toMatchObject(selector ?? {});
  });

  test('has the metrics of the controller read at its own Pods, where somebody wants them', () => {
    const objects = objectsOf(installedPolicies);
    const deployment = asObject(named(objects, 'Deployment', 'landwaiter-controller')['spec']);
    const labels = asObject(asObject(asObject(deployment?.['template'])?.['metadata'])?.['labels']);
    const service = named(objects, 'Service', 'landwaiter-controller');
    const monitor = (name: string): JsonObject =>
      asObject(asObject(asObject(named(objects, 'ServiceMonitor', name)['spec'])?.['selector'])?.['matchLabels']) ?? {};
    const without = { ...installedPolicies, controller: { service: { enabled: false } } };

    expect(labels).toMatchObject(asObject(asObject(service['spec'])?.['selector']) ?? {});
    const ofService = asObject(asObject(service['metadata'])?.['labels']);
    expect(ofService).toMatchObject(monitor('landwaiter-controller'));
    expect(ofService).not.toMatchObject(monitor('landwaiter-admission'));
    for (const values of [without, everything])
      expect(
        objectsOf(values).filter(
          ({ kind, metadata }) =>
            asObject(metadata)?.['name'] === 'landwaiter-controller' && /^Service(?:Monitor)?$/.test(String(kind)),
        ),
      ).toEqual([]);
  });

  test('keeps what scans find where it is wanted', () => {
    const text = (values: JsonObject): string =>
      JSON.stringify(named(objectsOf(values), 'Deployment', 'landwaiter-controller'));

    expect(text(installedPolicies)).toMatch(
      /--decision-log=\/var\/lib\/landwaiter\/decisions.*"emptyDir":{"sizeLimit":"96Mi"}/,
    );
    expect(text({ policiesFrom: { cluster: true } })).not.toContain('decision');
  });

  test('is as strict in scans as in reviews', () => {
    const strict = { ...installedPolicies, admission: { strict: true } };
    const text = (values: JsonObject, name: string): string =>
      JSON.stringify(named(objectsOf(values), 'Deployment', `landwaiter-${name}`));

    for (const name of ['admission', 'controller']) {
      expect(text(strict, name)).toMatch(/--exceptions-from=platform.*"--strict"/);
      expect(text(installedPolicies, name)).not.toContain('--strict');
    }
    expect(text({ admission: { strict: true }, policiesFrom: { exceptions: ['platform'] } }, 'admission')).toContain(
      '--exceptions-from=platform',
    );
  });

  test('verifies images in scans as in reviews: by the same trust, at the same registries', () => {
    const objects = objectsOf({
      ...installedPolicies,
      images: { ...asObject(images['images']), revocation: 'network' },
    });
    const trusting = (name: string): unknown => {
      const { containers, spec } = podOf(named(objects, 'Deployment', `landwaiter-${name}`))?.pod ?? {};
      const args = asArray(containers?.[0]?.container['args']).map(String);
      const mounted = asArray(spec?.['volumes']).map((volume) => asObject(volume) ?? {});
      return [
        args.filter((word) => /^--(?:trusted-root|key-transparency-log|insecure-registry|revocation)=/.test(word)),
        mounted.filter(({ name: volume }) => volume === 'trust' || volume === 'registries'),
      ];
    };
    const egress = JSON.stringify(named(objects, 'NetworkPolicy', 'landwaiter-controller')['spec']);

    expect(trusting('controller')).toEqual(trusting('admission'));
    expect(JSON.stringify(trusting('controller'))).toMatch(/trusted_root.json.*registry.example:5000.*config.json/);
    expect(egress).toMatch(/:5000\b.*:80\b/);
  });

  test('registers webhooks as the program itself would', () => {
    const [rendered] = asArray(
      named(objectsOf({}), 'ValidatingWebhookConfiguration', 'landwaiter-validate')['webhooks'],
    );
    const [made] = webhookRegistration({
      policies: [{ name: 'a', kind: 'b', location: { path: 'c' }, interests: [], mutates: false }],
      service: { name: 'landwaiter-admission', namespace: 'landwaiter-system', port: 443 },
      caBundle: '',
      failurePolicy: 'Ignore',
      timeoutSeconds: 10,
      exemptNamespaces: [],
    }) as readonly { readonly webhooks: readonly JsonObject[] }[];
    const settings = ({ rules: _rules, clientConfig: _client, namespaceSelector, ...rest }: JsonObject): unknown => {
      const [expression] = asArray(asObject(namespaceSelector)?.['matchExpressions']);
      const { values, ...other } = asObject(expression) ?? {};
      return { ...rest, namespaces: asArray(values).map(String).sort(), ...other };
    };

    expect(settings(asObject(rendered) ?? {})).toEqual(settings(made?.webhooks[0] ?? {}));
  });

  test('gives the webhook nothing to write, and takes the registration from the controller, where policies are installed', () => {
    const objects = objectsOf(installedPolicies);
    const rulesOf = (account: string): readonly JsonObject[] =>
      objects
        .filter((object) => asString(object['kind'])?.endsWith('RoleBinding'))
        .filter((binding) => asArray(binding['subjects']).some((subject) => asObject(subject)?.['name'] === account))
        .flatMap((binding) => {
          const { kind, name } = asObject(binding['roleRef']) ?? {};
          return asArray(named(objects, asString(kind) ?? '', asString(name) ?? '')['rules']);
        })
        .map((rule) => asObject(rule) ?? {});
    const verbs = (rules: readonly JsonObject[]): readonly unknown[] => rules.flatMap((rule) => asArray(rule['verbs']));

    expect(new Set(verbs(rulesOf('landwaiter-admission')))).toEqual(new Set(['get', 'list', 'watch']));
    expect(JSON.stringify(rulesOf('landwaiter-admission'))).not.toContain('secrets');
    const writing = rulesOf('landwaiter-controller').filter((rule) =>
      verbs([rule]).some((verb) => verb === 'update' || verb === 'delete'),
    );
    for (const rule of writing)
      expect([rule['apiGroups'], asArray(rule['resourceNames']).length > 0]).toEqual(
        JSON.stringify(rule).includes('report') ? [rule['apiGroups'], false] : [rule['apiGroups'], true],
      );
    expect(objects.some(({ kind }) => asString(kind)?.endsWith('WebhookConfiguration'))).toBe(false);
    expect(objectsOf({}).some((object) => asObject(object['metadata'])?.['name'] === 'landwaiter-controller')).toBe(
      false,
    );
  });

  test('lets both components write Events where they are wanted, and read none', () => {
    const bound = (values: JsonObject): readonly unknown[] =>
      objectsOf(values)
        .filter(({ kind, metadata }) => kind !== 'ClusterRole' && asObject(metadata)?.['name'] === 'landwaiter-events')
        .flatMap(({ subjects }) => asArray(subjects).map((subject) => asObject(subject)?.['name']));
    const told = { events: { enabled: true } };

    expect(bound(installedPolicies)).toEqual([]);
    expect(bound(told)).toEqual(['landwaiter-admission']);
    expect(bound({ ...installedPolicies, ...told })).toEqual(['landwaiter-admission', 'landwaiter-controller']);
    expect(named(objectsOf(told), 'ClusterRole', 'landwaiter-events')['rules']).toEqual([
      { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
    ]);
    const spec = podOf(named(objectsOf(told), 'Deployment', 'landwaiter-admission'))?.pod.spec;
    expect(spec?.['automountServiceAccountToken']).toBe(true);
    expect(JSON.stringify(spec)).toContain('"--events"');
    expect(JSON.stringify(named(objectsOf(told), 'NetworkPolicy', 'landwaiter-admission'))).toContain('6443');
  });

  test('lets the webhook read pull Secrets by name only, and only where it is told to', () => {
    const rolesOf = (values: JsonObject): readonly JsonObject[] =>
      objectsOf(values).filter((object) => asObject(object['metadata'])?.['name'] === 'landwaiter-pull-secrets');
    const everywhere = { images: { pullSecrets: { enabled: true } } };

    expect(rolesOf({})).toEqual([]);
    expect(rolesOf(images).map(({ kind, metadata }) => [kind, asObject(metadata)?.['namespace']])).toEqual([
      ['Role', 'shop'],
      ['RoleBinding', 'shop'],
    ]);
    expect(rolesOf(everywhere).map(({ kind }) => kind)).toEqual(['ClusterRole', 'ClusterRoleBinding']);
    for (const object of [...rolesOf(images), ...rolesOf(everywhere)])
      for (const rule of asArray(object['rules'])) expect(asObject(rule)?.['verbs']).toEqual(['get']);
  });

  test('lets the controller read and write Secrets by name only, and only those that are named', () => {
    const secrets = { read: [{ namespace: 'platform', name: 'regcred' }], write: ['regcred', 'other'] };
    const rights = (controller: JsonObject): readonly unknown[] =>
      objectsOf({ policiesFrom: { cluster: true }, controller })
        .filter(({ metadata }) => String(asObject(metadata)?.['name']).startsWith('landwaiter-copies'))
        .flatMap(({ kind, metadata, rules }) =>
          asArray(rules).map((rule) => [kind, asObject(metadata)?.['namespace'], rule]),
        );
    const rule = (verbs: readonly string[], resourceNames?: readonly string[]): JsonObject => ({
      apiGroups: [''],
      resources: ['secrets'],
      verbs,
      ...(resourceNames === undefined ? {} : { resourceNames }),
    });

    expect(rights({ act: false, secrets })).toEqual([]);
    expect(rights({ act: true })).toEqual([]);
    expect(rights({ act: true, secrets })).toEqual([
      ['Role', 'platform', rule(['get', 'list', 'watch'], ['regcred'])],
      ['ClusterRole', undefined, rule(['create'])],
      ['ClusterRole', undefined, rule(['get', 'patch', 'delete'], ['regcred', 'other'])],
    ]);
  });

  test('opens no way out for a webhook that asks nobody, and one to registries for one that verifies images', () => {
    const egress = (values: JsonObject): string =>
      JSON.stringify(asObject(named(objectsOf(values), 'NetworkPolicy', 'landwaiter-admission')['spec'])?.['egress']);

    expect(egress({})).toBe('[]');
    expect(egress({ images: { verify: true } })).not.toContain('6443');
    expect(egress(images)).toMatch(/443.*6443.*5000/);
    expect(egress(images)).not.toMatch(/:80\b/);
    expect(egress({ images: { verify: true, revocation: 'network' } })).toMatch(/:80\b/);
  });

  test('registers both webhooks where images are verified: one pins what the other verifies', () => {
    const rulesOf = (kind: string, name: string): unknown =>
      asObject(asArray(named(objectsOf({ images: { verify: true } }), kind, name)['webhooks'])[0])?.['rules'];

    expect(rulesOf('MutatingWebhookConfiguration', 'landwaiter-mutate')).toEqual(
      rulesOf('ValidatingWebhookConfiguration', 'landwaiter-validate'),
    );
  });

  test.each([
    ['self', { from: 'self' }, 'secret'],
    ['cert-manager', { from: 'certManager', issuerRef: { name: 'ca' } }, 'secret'],
    ['somebody else', { from: 'provided', caBundle: 'pem' }, 'configMap'],
  ])('gives the controller the authority of a certificate by %s, and never the key', (_name, certificate, kind) => {
    const deployment = named(objectsOf({ ...installedPolicies, certificate }), 'Deployment', 'landwaiter-controller');
    const volumes = asArray(podOf(deployment)?.pod.spec['volumes']).map((volume) => asObject(volume) ?? {});
    const authority = volumes.find(({ name }) => name === 'authority');

    expect(authority).toHaveProperty(kind);
    expect(JSON.stringify(deployment)).toContain('--ca-bundle=/etc/landwaiter/authority/ca.crt');
    expect(JSON.stringify(deployment)).not.toContain('tls.key');
  });

  test('brings policies that compile', () => {
    const data = asObject(named(objectsOf({}), 'ConfigMap', 'landwaiter-policies')['data']) ?? {};
    const documents = Object.entries(data).flatMap(
      ([name, text]) => resourcesOf(parseKubernetesYaml(asString(text) ?? '', name)).resources,
    );

    const { problems, engines } = compilePolicySet(documents, policyEngines, { unbound: 'apply' });

    expect(problems).toEqual([]);
    expect(engines.flatMap(({ policies }) => policies.map(({ name }) => name))).toContain('no-privileged-containers');
  });

  test('has values that its schema describes, all of them', () => {
    const schema = JSON.parse(readFileSync(`${chartFolder}/values.schema.json`, 'utf8')) as object;
    const { value } = parseYamlDocument(readFileSync(`${chartFolder}/values.yaml`, 'utf8'), 'values.yaml');
    const validate = new Ajv({ strict: false }).compile(schema);

    expect(validate(value) ? [] : validate.errors).toEqual([]);
    expect(validate({ admission: { mode: 'nothing' } })).toBe(false);
    expect(validate({ replicas: 3 })).toBe(false);
  });

  test('takes the registrations away before it is removed', () => {
    const job = named(objectsOf({}), 'Job', 'landwaiter-unregister');

    expect(asObject(asObject(job['metadata'])?.['annotations'])?.['helm.sh/hook']).toBe('pre-delete');
  });

  test('stands up to our own checks', async () => {
    const { stdout, status } = await runCommand(['manifests', '--fail-on', 'high', 'deploy'], { cwd: process.cwd() });

    expect(status).toBe(0);
    expect(stdout).not.toMatch(/^(?:critical|high)\s/m);
  });

  test('is written down for people without Helm as it renders', () => {
    for (const path of Object.keys(manifests)) expect(readFileSync(path, 'utf8')).toBe(chartManifests(path));
  });

  test('has no template that Helm would not take', () => {
    for (const name of readdirSync(`${chartFolder}/templates`)) {
      const text = readFileSync(`${chartFolder}/templates/${name}`, 'utf8');
      const opened = text.match(/\{\{-? *(?:if|with|range|define) /g)?.length ?? 0;

      expect([name, text.match(/\{\{-? *end *-?\}\}/g)?.length ?? 0]).toEqual([name, opened]);
    }
  });
});
