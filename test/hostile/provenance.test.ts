// SPDX-License-Identifier: Apache-2.0
// Provenance that was signed properly and lies, or is shown for something it is not about.
import { describe, expect, it } from 'vitest';
import { artifact, other } from '../support/signing/attempt.ts';
import {
  attested,
  codesOf,
  delegatorWorkflow,
  fromApp,
  generated,
  generatorPredicate,
  generatorWorkflow,
  ownWorkflow,
  signedStatement,
  verifyBuild,
  workflowPredicate,
} from '../support/signing/provenance.ts';
import { statementOf } from '../support/signing/sigstore.ts';

describe('the source', () => {
  it.each([
    'github.com/acme/app-evil',
    'github.com/acme/ap',
    'github.com/acme/App',
    'github.com/acme-evil/app',
    'github.com.evil.example/acme/app',
    'evil.example/github.com/acme/app',
    'github.com/acme/app/..',
    'https://user@github.com/acme/app',
    'github.com/acme/аpp',
    'ssh://github.com/acme/app',
  ])('is not taken for %s', (sourceUri) => {
    expect(codesOf(verifyBuild(generated(), { sourceUri }))).toContain('SOURCE_MISMATCH');
  });

  it('is the one of the certificate, not the one that the predicate claims', () => {
    const bundle = generated(
      { repository: 'https://github.com/mallory/app' },
      { uri: 'git+https://github.com/acme/app@refs/tags/v1.2.3' },
    );

    expect(codesOf(verifyBuild(bundle))).toEqual(expect.arrayContaining(['SOURCE_MISMATCH', 'SOURCE_CONTRADICTION']));
  });

  it('contradicts when external parameters name another repository than the certificate', () => {
    const bundle = attested({}, { uri: 'https://github.com/mallory/app' });

    expect(codesOf(verifyBuild(bundle))).toContain('SOURCE_CONTRADICTION');
  });

  it.each([
    [{ commit: '2'.repeat(40) }],
    [{ ref: 'refs/tags/v9.9.9' }],
    [{ invocation: 'https://github.com/acme/app/actions/runs/8/attempts/1' }],
    [{ trigger: 'push' }],
  ])('contradicts when the predicate says %j and the certificate does not', (lies) => {
    expect(codesOf(verifyBuild(attested({}, lies)))).toContain('SOURCE_CONTRADICTION');
  });
});

describe('branches and tags', () => {
  it.each(['mai', 'main2', 'feature/main', 'refs/heads/main', 'Main', ''])('are compared whole: not %j', (branch) => {
    const bundle = generated({ ref: 'refs/heads/main' });

    expect(codesOf(verifyBuild(bundle, { ...fromApp, branch }))).toContain('BRANCH_MISMATCH');
  });

  it('do not let a branch stand for a tag of its name', () => {
    const bundle = generated({ ref: 'refs/heads/v1.2.3' });

    expect(codesOf(verifyBuild(bundle, { ...fromApp, tag: 'v1.2.3' }))).toEqual(['REF_KIND']);
    expect(codesOf(verifyBuild(bundle, { ...fromApp, versionedTag: 'v1' }))).toEqual(['REF_KIND']);
  });

  it('do not let a tag stand for a branch of its name', () => {
    expect(codesOf(verifyBuild(generated({ ref: 'refs/tags/main' }), { ...fromApp, branch: 'main' }))).toEqual([
      'REF_KIND',
    ]);
  });

  it.each(['v1.2.30', 'v1.2.3-rc.1', 'v10', 'v1.20', '1.2.3', 'v1.2.3.4', 'v01'])(
    'are not of the version %s',
    (versionedTag) => {
      expect(codesOf(verifyBuild(generated(), { ...fromApp, versionedTag }))).toEqual(['VERSIONED_TAG_MISMATCH']);
    },
  );

  it('do not believe the branch that a job of the project states for its tag', () => {
    const claims = { signer: `${ownWorkflow}@refs/tags/v1.2.3` };
    const statement = statementOf(artifact, 'https://slsa.dev/provenance/v0.2');
    const predicate = generatorPredicate(claims, { baseRef: 'refs/heads/main' });
    const bundle = signedStatement(claims, { ...statement, predicate });

    expect(codesOf(verifyBuild(bundle, { ...fromApp, branch: 'main' }))).toContain('REF_KIND');
    expect(codesOf(verifyBuild(generated({}, { baseRef: 'refs/heads/main' }), { ...fromApp, branch: 'main' }))).toBe(
      'verified',
    );
  });
});

describe('the builder', () => {
  it.each([
    'refs/heads/main',
    'refs/heads/v2.1.0',
    'refs/tags/v2.1',
    'refs/tags/v2.1.0-rc.1',
    'refs/tags/latest',
    'a'.repeat(40),
  ])('is not trusted at %s', (ref) => {
    expect(codesOf(verifyBuild(generated({ signer: `${generatorWorkflow}@${ref}` })))).toEqual(['BUILDER_REF']);
  });

  it('is not another one whose address begins alike', () => {
    const signer = `${generatorWorkflow}-evil@refs/tags/v2.1.0`;

    expect(codesOf(verifyBuild(generated({ signer })))).toEqual(['BUILDER_UNTRUSTED']);
    expect(codesOf(verifyBuild(generated({ signer }), { ...fromApp, builderId: generatorWorkflow }))).toEqual([
      'BUILDER_UNTRUSTED',
    ]);
  });

  it('is not a copy of it in another repository', () => {
    const signer =
      'https://github.com/mallory/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0';

    expect(codesOf(verifyBuild(generated({ signer })))).toEqual(['BUILDER_UNTRUSTED']);
  });

  it('is not another version than the one named, and a branch of that name is no version', () => {
    const tagged = generated();
    const branch = generated({ signer: `${generatorWorkflow}@refs/heads/v2.1.0` });

    expect(codesOf(verifyBuild(tagged, { ...fromApp, builderId: `${generatorWorkflow}@v2.1.0` }))).toBe('verified');
    expect(codesOf(verifyBuild(tagged, { ...fromApp, builderId: `${generatorWorkflow}@v2.0.0` }))).toContain(
      'BUILDER_MISMATCH',
    );
    expect(codesOf(verifyBuild(branch, { ...fromApp, builderId: `${generatorWorkflow}@v2.1.0` }))).toContain(
      'BUILDER_MISMATCH',
    );
  });

  it('is the signer, whatever the predicate says', () => {
    const bundle = attested({}, { builder: `${generatorWorkflow}@refs/tags/v2.1.0` });

    expect(codesOf(verifyBuild(bundle))).toContain('BUILDER_CONTRADICTION');
  });

  it('behind a delegator must be in the table or be named', () => {
    const bundle = generated(
      { signer: `${delegatorWorkflow}@refs/tags/v2.1.0` },
      { builder: 'https://github.com/mallory/b/.github/workflows/b.yml@refs/tags/v1.0.0' },
    );

    expect(codesOf(verifyBuild(bundle))).toEqual(['BUILDER_UNTRUSTED']);
  });

  it('cannot borrow a delegator from a branch', () => {
    const builder =
      'https://github.com/slsa-framework/slsa-github-generator/.github/workflows/builder_maven_slsa3.yml@refs/tags/v2.1.0';
    const bundle = generated({ signer: `${delegatorWorkflow}@refs/heads/main` }, { builder });

    expect(codesOf(verifyBuild(bundle))).toEqual(['BUILDER_REF']);
  });
});

describe('levels', () => {
  function levelOf(...parts: Parameters<typeof verifyBuild>): unknown {
    const result = verifyBuild(...parts);
    return result.kind === 'verified' ? result.level.level : codesOf(result);
  }

  it('come from the table and not from a claim in the predicate', () => {
    const claims = { signer: `${ownWorkflow}@refs/tags/v1.2.3` };
    const predicate = { ...workflowPredicate(claims), slsaLevel: 4, verifiedLevels: ['SLSA_BUILD_LEVEL_3'] };
    const bundle = signedStatement(claims, { ...statementOf(artifact), predicate });

    expect(levelOf(bundle)).toBe(2);
    expect(levelOf(bundle, { ...fromApp, leastLevel: 3 })).toEqual(['LEVEL_TOO_LOW']);
    expect(levelOf(generated(), { ...fromApp, leastLevel: 3 })).toBe(3);
  });

  it('end at 1 on a machine that the service does not host', () => {
    expect(levelOf(attested({ runner: 'self-hosted' }))).toBe(1);
    expect(levelOf(generated({ runner: 'self-hosted' }))).toBe(1);
    expect(levelOf(attested({ runner: 'self-hosted' }), { ...fromApp, runners: 'hosted' })).toEqual([
      'RUNNER_SELF_HOSTED',
    ]);
  });

  it('end at 2 for a builder that only its user trusts, however it is named', () => {
    const id = 'https://github.com/other/builder/.github/workflows/b.yml';

    expect(levelOf(generated({ signer: `${id}@refs/tags/v1.0.0` }), { ...fromApp, builderId: id })).toBe(2);
    expect(
      levelOf(generated({ signer: `${id}@refs/heads/main` }), { ...fromApp, builderId: `${id}@refs/heads/main` }),
    ).toBe(2);
  });
});

describe('inputs', () => {
  const workflowInputs = { release: 'yes' };

  it('of an isolated builder are compared', () => {
    expect(codesOf(verifyBuild(generated({}, { inputs: { release: 'yes' } }), { ...fromApp, workflowInputs }))).toBe(
      'verified',
    );
    expect(codesOf(verifyBuild(generated({}, { inputs: { release: 'no' } }), { ...fromApp, workflowInputs }))).toEqual([
      'INPUT_MISMATCH',
    ]);
    expect(
      codesOf(verifyBuild(generated({}, { inputs: {} }), { ...fromApp, workflowInputs: { toString: '' } })),
    ).toEqual(['INPUT_MISMATCH']);
  });

  it('that the job itself writes prove nothing', () => {
    expect(codesOf(verifyBuild(attested({}, { inputs: { release: 'yes' } }), { ...fromApp, workflowInputs }))).toEqual([
      'NOT_STATED',
    ]);
  });
});

describe('the statement', () => {
  const predicate = generatorPredicate();
  const base = statementOf(artifact, 'https://slsa.dev/provenance/v0.2');

  it('is refused for another artifact', () => {
    expect(codesOf(verifyBuild(generated(), fromApp, { artifact: other }))).toEqual(['DIGEST_MISMATCH']);
  });

  it('does not join the digests of two subjects to one', () => {
    const [first] = base['subject'] as { digest: { sha256: string } }[];
    const subject = [
      { name: 'a', digest: { ...first?.digest, sha512: '0'.repeat(128) } },
      { name: 'b', digest: { sha256: '0'.repeat(64) } },
    ];
    const bundle = signedStatement({}, { ...base, subject, predicate });

    expect(codesOf(verifyBuild(bundle))).toEqual(['DIGEST_MISMATCH']);
  });

  it('is refused when it is no provenance', () => {
    const bundle = signedStatement({}, { ...base, predicateType: 'https://spdx.dev/Document', predicate });

    expect(codesOf(verifyBuild(bundle))).toEqual(['PREDICATE_TYPE']);
  });

  it('is read by the rules of the version it names', () => {
    const bundle = signedStatement({}, { ...base, predicateType: 'https://slsa.dev/provenance/v1', predicate });

    expect(codesOf(verifyBuild(bundle))).toEqual(['PREDICATE_MALFORMED']);
  });

  it('is refused when a name stands in it twice', () => {
    const text = JSON.stringify({ ...base, predicate }).replace('"builder":', '"builder":{"id":"x"},"builder":');
    const bundle = signedStatement({}, Buffer.from(text));

    expect(codesOf(verifyBuild(bundle))).toEqual(['NOT_PROVED']);
  });

  it('is refused without log entry unless the log is not asked for, and then shows level 1', () => {
    const { dsseEnvelope, verificationMaterial } = generated() as unknown as {
      dsseEnvelope: { payloadType: string; payload: string; signatures: object[] };
      verificationMaterial: { certificate: { rawBytes: string } };
    };
    const body = verificationMaterial.certificate.rawBytes.replaceAll(/.{64}/g, '$&\n');
    const cert = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
    const envelope = JSON.stringify({ ...dsseEnvelope, signatures: [{ ...dsseEnvelope.signatures[0], cert }] });

    const strict = verifyBuild(envelope);
    const relaxed = verifyBuild(envelope, fromApp, { log: 'not-asked-for' });

    expect(strict.kind === 'refused' && strict.failures[0].refusal).toBe('LOG_MISSING');
    expect(relaxed.kind === 'verified' && relaxed.level.level).toBe(1);
  });

  it('that is good does not cover for a file of which another line cannot be read', () => {
    expect(codesOf(verifyBuild(`${JSON.stringify(generated())}\n{"mediaType":`))).toEqual(['DOCUMENT_MALFORMED']);
  });

  it('counts when another line of the file is about something else', () => {
    const stranger = generated({ repository: 'https://github.com/mallory/app' });

    expect(codesOf(verifyBuild(`${JSON.stringify(stranger)}\n${JSON.stringify(generated())}\n`))).toBe('verified');
  });
});
