// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { allSigned, imageValidating, keyAttestor } from '../../../test/support/image-validating.ts';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import { repository, writable } from '../../../test/support/signing/image-proofs.ts';
import { signOlder } from '../../../test/support/signing/key-signatures.ts';
import {
  image,
  judgePhase,
  keys,
  named,
  outcomes,
  pinned,
  registryWith,
  signedRegistry,
  strangers,
} from '../../../test/support/verified-image.ts';
import { judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';

closeAfterEach();

const unsigned = imageOf({ layers: ['nobody signed this'] });
const other = `registry.example/team/other:v1`;
const unpinned = { mutateDigest: false, verifyDigest: false };

async function twoImages() {
  const registry = await signedRegistry();
  registry.put('team/other', unsigned, 'v1');
  return registry;
}

async function linesOf(policies: JsonObject | readonly JsonObject[], object: JsonObject = podWith(named)) {
  const list = Array.isArray(policies) ? (policies as readonly JsonObject[]) : [policies as JsonObject];
  const { lines } = await judge(await twoImages(), setOf(list), object);
  return lines.map((line) => line.replace(/^(\w+) .*?(?:Pod|Deployment|CronJob|Report) [^ ]+/, '$1'));
}

describe('which images a policy is about', () => {
  const only = (...matchImageReferences: readonly JsonObject[]) => imageValidating({ matchImageReferences });
  const both = podWith(named, other);

  it('are all of them where nothing is said', async () => {
    expect(await linesOf(imageValidating(), both)).toEqual([expect.stringMatching(/^fail.*there is no signature/)]);
  });

  it.each([
    [[{ glob: 'registry.example/team/app:*' }], 'pass'],
    [[{ glob: '*/other*' }, { expression: 'ref.contains("/app")' }], 'fail'],
    [[{ expression: 'image.repository == "team/app"' }], 'pass'],
    [[{ expression: 'parseImageReference(ref).repository() == "team/other"' }], 'fail'],
    [[{ glob: 'elsewhere.example/*' }], 'skip'],
  ])('are those of %j', async (references, expected) => {
    expect(await linesOf(only(...references), both)).toEqual([expect.stringMatching(new RegExp(`^${expected}`))]);
  });

  it('are not told by an expression that fails', async () => {
    expect(await linesOf(only({ expression: 'image.nothing == "x"' }))).toEqual([expect.stringMatching(/^error/)]);
  });

  it('count as unsigned when they are handed to a function all the same', async () => {
    const expression = `verifyImageSignatures("${named}", [attestors.signer]) == 0`;
    const policy = imageValidating({
      matchImageReferences: [{ glob: 'elsewhere.example/*' }],
      validations: [{ expression }],
    });

    expect(await linesOf(policy)).toEqual([expect.stringMatching(/^skip/)]);
  });
});

describe('where images stand', () => {
  it('is told for containers of every kind', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'shop' },
      spec: { initContainers: [{ name: 'i', image: other }], containers: [{ name: 'c', image: named }] },
    };
    const validations = [{ expression: allSigned.replace('images.containers', 'images.initContainers') }];

    expect(await linesOf(imageValidating({ validations }), pod)).toEqual([expect.stringMatching(/^fail/)]);
    const sizes = 'images.initContainers.size() == 1 && images.ephemeralContainers.size() == 0';
    const counting = imageValidating({
      validations: [{ expression: sizes }],
      validationConfigurations: { required: false },
    });
    expect(await linesOf(counting, pod)).toEqual([expect.stringMatching(/^pass/)]);
  });

  it('is told for what makes Pods, which is changed in its template', async () => {
    const spec = { template: { spec: { containers: [{ name: 'c', image: named }] } } };
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd', namespace: 'shop' }, spec };
    const cronJob = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'j', namespace: 'shop' },
      spec: { jobTemplate: { spec } },
    };
    const registry = await signedRegistry();
    const changed = await judgePhase(registry, setOf([imageValidating()]), deployment, 'mutate');

    expect(changed.patch).toEqual([{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: pinned }]);
    expect(await linesOf(imageValidating(), deployment)).toEqual([expect.stringMatching(/^pass/)]);
    expect(await linesOf(imageValidating(), cronJob)).toEqual([expect.stringMatching(/^pass/)]);
    const none = imageValidating({ autogen: { podControllers: { controllers: [] } } });
    expect(await linesOf(none, deployment)).toEqual([]);
  });

  it('is told by the policy for objects of other kinds', async () => {
    const matchConstraints = {
      resourceRules: [
        { apiGroups: ['example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['reports'] },
      ],
    };
    const report = (text: unknown) => ({
      apiVersion: 'example.com/v1',
      kind: 'Report',
      metadata: { name: 'r', namespace: 'shop' },
      spec: { images: [text] },
    });
    const policy = imageValidating({
      matchConstraints,
      images: [{ name: 'own', expression: 'object.spec.images' }],
      validations: [{ expression: allSigned.replace('images.containers', 'images.own') }],
    });

    expect(await linesOf(policy, report(pinned))).toEqual([expect.stringMatching(/^pass/)]);
    expect(await linesOf(policy, report(named))).toEqual([expect.stringMatching(/^fail.*does not have a digest/)]);
    expect(await linesOf(policy, report(3))).toEqual([expect.stringMatching(/^error.*must be a list of strings/)]);
  });
});

describe('validationConfigurations', () => {
  it('put digests in while the object is changed, and judge when everybody has changed it', async () => {
    const registry = await signedRegistry();
    const set = setOf([imageValidating()]);

    const changed = await judgePhase(registry, set, podWith(named), 'mutate');
    const after = await judgePhase(registry, set, changed.object ?? {}, 'validate');
    const before = await judgePhase(registry, set, podWith(named), 'validate');

    expect(changed.decisions).toEqual([]);
    expect(changed.patch).toEqual([{ op: 'replace', path: '/spec/containers/0/image', value: pinned }]);
    expect(outcomes(after)).toEqual(['pass deny']);
    expect(before.decisions[0]?.message).toContain('does not have a digest');
  });

  it('leave names alone where mutateDigest is false', async () => {
    const policy = imageValidating({ validationConfigurations: unpinned });

    const judged = await judge(await signedRegistry(), setOf([policy]), podWith(named));

    expect(judged.images).toEqual([named]);
    expect(judged.lines).toEqual([expect.stringMatching(/^pass /)]);
  });

  it('tell once why a digest could not be put in', async () => {
    const gone = podWith('registry.example/team/gone:v1');
    const lax = imageValidating({ validationConfigurations: { verifyDigest: false } });

    expect(await linesOf(imageValidating(), gone)).toEqual([expect.stringMatching(/^error.*there is no such image/)]);
    expect((await linesOf(lax, gone)).every((line) => line.startsWith('error'))).toBe(true);
    const registry = await signedRegistry();
    expect(outcomes(await judgePhase(registry, setOf([imageValidating()]), gone, 'mutate'))).toEqual(['error deny']);
  });

  it('want every image verified by somebody, whatever the expressions say', async () => {
    const blind = imageValidating({ validations: [{ expression: 'true' }] });
    const tolerant = imageValidating({ validations: [{ expression: allSigned.replace('e > 0', 'e >= 0') }] });

    expect(await linesOf(blind)).toEqual([expect.stringMatching(/^fail.*is not verified: no policy asked/)]);
    expect(await linesOf(tolerant, podWith(other))).toEqual([expect.stringMatching(/^fail.*failed the verification/)]);
    const optional = {
      ...blind,
      spec: { ...(blind['spec'] as JsonObject), validationConfigurations: { required: false } },
    };
    expect(await linesOf(optional)).toEqual([expect.stringMatching(/^pass/)]);
  });

  it('take what another policy has verified, but not one of a namespace', async () => {
    const blind = imageValidating({ validations: [{ expression: 'true' }] }, { metadata: { name: 'every-image' } });
    const namespaced = {
      ...imageValidating(),
      kind: 'NamespacedImageValidatingPolicy',
      metadata: { name: 'own', namespace: 'shop' },
    };
    const ownBlind = {
      ...blind,
      kind: 'NamespacedImageValidatingPolicy',
      metadata: { name: 'own-blind', namespace: 'shop' },
    };

    expect(await linesOf([blind, imageValidating()])).toEqual([
      expect.stringMatching(/^pass/),
      expect.stringMatching(/^pass/),
    ]);
    expect((await linesOf([blind, namespaced])).map((line) => line.slice(0, 4)).sort()).toEqual(['fail', 'pass']);
    expect((await linesOf([ownBlind, namespaced])).map((line) => line.slice(0, 4))).toEqual(['pass', 'pass']);
  });
});

describe('what a breach does', () => {
  const effectsOf = async (spec: JsonObject, object = podWith(other)): Promise<readonly string[]> =>
    outcomes(
      await judgePhase(
        await twoImages(),
        setOf([imageValidating({ validationConfigurations: unpinned, ...spec })]),
        object,
        'both',
      ),
    );

  it.each([
    [{}, ['fail deny']],
    [{ validationActions: ['Deny'] }, ['fail deny']],
    [{ validationActions: ['Audit'] }, ['fail audit']],
    [{ validationActions: ['Warn', 'Audit'] }, ['fail warn']],
    [{ evaluation: { admission: { enabled: false } } }, ['fail audit']],
    [{ failurePolicy: 'Ignore' }, ['fail deny']],
  ])('is said by %j', async (spec, expected) => {
    expect(await effectsOf(spec)).toEqual(expected);
  });

  it.each([
    [{}, ['error deny']],
    [{ validationActions: ['Audit'] }, ['error audit']],
    [{ failurePolicy: 'Ignore' }, ['error audit']],
  ])('of what could not be judged is said by %j', async (spec, expected) => {
    expect(await effectsOf(spec, podWith('registry.example/team/gone:v1'))).toEqual(expected);
  });
});

describe('an expression that holds whatever the signatures are', () => {
  const careless = imageValidating({
    validations: [{ expression: allSigned.replace('> 0', '>= 0') }],
    validationConfigurations: { ...unpinned, required: false },
  });

  it.each([
    ['parity', 'pass'],
    ['strict', 'fail'],
  ] as const)('with %s hardening: %s', async (hardening, expected) => {
    const { lines } = await judge(await twoImages(), setOf([careless], { hardening }), podWith(other));

    expect(lines).toEqual([expect.stringMatching(new RegExp(`^${expected}`))]);
  });
});

describe('conditions, variables, messages and exceptions', () => {
  it('keep a policy from judging', async () => {
    const when = (expression: string) =>
      imageValidating({ matchConditions: [{ name: 'c', expression }], validationConfigurations: unpinned });

    expect(await linesOf(when('object.metadata.name == "q"'), podWith(other))).toEqual([
      expect.stringMatching(/^skip/),
    ]);
    expect(await linesOf(when('object.metadata.name == "p"'), podWith(other))).toEqual([
      expect.stringMatching(/^fail/),
    ]);
    expect(await linesOf(when('object.nothing == 1'), podWith(other))).toEqual([expect.stringMatching(/^error/)]);
  });

  it('see images and functions', async () => {
    const policy = imageValidating({
      variables: [
        { name: 'all', expression: 'images.containers + images.initContainers' },
        { name: 'counts', expression: 'variables.all.map(i, verifyImageSignatures(i, [attestors.signer]))' },
      ],
      validations: [
        {
          expression: 'variables.counts.all(c, c > 0)',
          messageExpression: '"unsigned: " + variables.counts.map(c, string(c)).join(",")',
        },
      ],
    });

    expect(await linesOf(policy)).toEqual([expect.stringMatching(/^pass/)]);
    expect(await linesOf(policy, podWith(named, other))).toEqual([expect.stringMatching(/^(?:fail|error)/)]);
  });

  it('have a message of their own', async () => {
    const validations = [{ expression: allSigned, messageExpression: '"unsigned in " + object.metadata.name' }];

    expect(await linesOf(imageValidating({ validations }), podWith(other))).toEqual([
      expect.stringMatching(/^fail.*unsigned in p/),
    ]);
    expect(await linesOf(imageValidating({ validations: [{ expression: allSigned }] }), podWith(other))).toEqual([
      expect.stringMatching(/^fail.*failed at index 0/),
    ]);
  });

  it('let exceptions in', async () => {
    const exception = (more: JsonObject = {}) => ({
      apiVersion: 'policies.kyverno.io/v1',
      kind: 'PolicyException',
      metadata: { name: 'x', namespace: 'shop' },
      spec: { policyRefs: [{ name: 'images', kind: 'ImageValidatingPolicy' }], ...more },
    });

    expect(await linesOf([imageValidating(), exception()], podWith(other))).toEqual([expect.stringMatching(/^skip/)]);
    expect(await linesOf([imageValidating(), exception({ images: ['elsewhere.example/*'] })], podWith(other))).toEqual([
      expect.stringMatching(/^fail/),
    ]);
  });

  it('write into the audit log', async () => {
    const policy = imageValidating({
      auditAnnotations: [{ key: 'images', valueExpression: 'string(images.containers.size())' }],
    });

    const outcome = await judgePhase(await signedRegistry(), setOf([policy]), podWith(pinned), 'validate');

    expect(outcome.auditAnnotations).toEqual({ 'images/images': '1' });
    const broken = imageValidating({ auditAnnotations: [{ key: 'k', valueExpression: 'object.nothing' }] });
    expect(await linesOf(broken, podWith(named))).toEqual([expect.stringMatching(/^error.*auditAnnotation k/)]);
    expect(await linesOf(broken, podWith(other))).toEqual([expect.stringMatching(/^fail/)]);
  });
});

describe('credentials', () => {
  it('of Secrets open registries', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys }));
    const policy = imageValidating({
      credentials: { secrets: ['pull'], providers: ['default'], allowInsecureRegistry: true },
    });
    const set = setOf([policy]);

    expect(set.problems).toMatchObject([
      { hidesFindings: false, message: expect.stringContaining('no difference') as string },
    ]);
    expect((await judge(registry, set, podWith(named))).lines).toEqual([expect.stringMatching(/^pass /)]);
  });
});

describe('a policy of a namespace', () => {
  const own = (namespace: string) => ({
    ...imageValidating(),
    kind: 'NamespacedImageValidatingPolicy',
    metadata: { name: 'own', namespace },
  });

  it('judges objects of that namespace', async () => {
    expect(await linesOf(own('shop'), podWith(other))).toEqual([expect.stringMatching(/^fail/)]);
    expect(await linesOf(own('elsewhere'), podWith(other))).toEqual([]);
  });
});

describe('annotations of an object that say it was verified', () => {
  it('are not believed', async () => {
    const annotations = {
      'kyverno.io/image-verification-outcomes': JSON.stringify({ images: { status: 'pass' } }),
      'kyverno.io/verify-images': JSON.stringify({ [other]: 'pass' }),
    };
    const pod = podWith(other);
    const marked = { ...pod, metadata: { ...(pod['metadata'] as JsonObject), annotations } };

    expect(await linesOf(imageValidating(), marked)).toEqual([expect.stringMatching(/^fail/)]);
  });
});

describe('many containers', () => {
  it('are asked about in few rounds', async () => {
    const registry = await registryWith();
    const images = Array.from({ length: 30 }, (_, index) => `registry.example/${repository}:t${index}`);
    for (const [index] of images.entries()) registry.put(repository, image, `t${index}`);
    await signOlder(writable(registry), image, { keys });

    const judged = await judge(registry, setOf([imageValidating()]), podWith(...images));
    const refused = await judge(
      registry,
      setOf([imageValidating({ attestors: [keyAttestor(strangers)] })]),
      podWith(...images),
    );

    expect(judged.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(refused.lines).toEqual([expect.stringMatching(/^fail /)]);
  });
});
