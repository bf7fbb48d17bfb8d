// SPDX-License-Identifier: Apache-2.0
// The same material before this verifier and before @sigstore/verify. What is accepted here must be accepted there: the other direction is not asked
// for, because this verifier refuses more (docs/signatures.md, "What is stricter than elsewhere").
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifact, codeOf, leaf, verify, world } from '../support/signing/attempt.ts';
import type { BundleJson } from '../support/signing/sigstore.ts';
import {
  issuer,
  makeLeaf,
  messageBundle,
  minute,
  secondLogBundle,
  signedAt,
  statementBundle,
  statementOf,
  subject,
  trustedRootJson,
} from '../support/signing/sigstore.ts';

const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(trustedRootJson(world))), {
  tlogThreshold: 1,
  ctlogThreshold: 1,
  timestampThreshold: 1,
});

/** Whether the other verifier accepts; it throws for all that it does not. */
function oracleAccepts(bundle: BundleJson): boolean {
  try {
    const parsed = bundleFromJSON(bundle);
    const isMessage = parsed.content.$case === 'messageSignature';
    const policy = { subjectAlternativeName: subject, extensions: { issuer } };
    verifier.verify(isMessage ? toSignedEntity(parsed, artifact) : toSignedEntity(parsed), policy);
    return true;
  } catch {
    return false;
  }
}

const valid: Readonly<Record<string, BundleJson>> = {
  'plain signature': messageBundle(world, { artifact, leaf }),
  'plain signature in the second log': secondLogBundle(world, { artifact, leaf }),
  statement: statementBundle(world, { leaf, payload: statementOf(artifact) }),
};

/** Every text of a bundle, by its path. */
function textsOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value === 'string') return [path];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) =>
    textsOf(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function changed(bundle: BundleJson, path: readonly (string | number)[], change: (text: string) => string): BundleJson {
  const copy: BundleJson = structuredClone(bundle);
  let at: Record<string | number, unknown> = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  at[last] = change(String(at[last]));
  return copy;
}

/** One octet of base64 turned, or one character of another text. */
function turned(text: string, where: number): string {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length > 0 && bytes.toString('base64') === text) {
    const index = where % bytes.length;
    bytes[index] = (bytes[index] ?? 0) ^ (1 << (where % 8));
    return bytes.toString('base64');
  }
  const index = where % Math.max(1, text.length);
  return `${text.slice(0, index)}${text[index] === '7' ? '8' : '7'}${text.slice(index + 1)}`;
}

describe('@sigstore/verify', () => {
  it.each(Object.entries(valid))('agrees that a %s is good', (_, bundle) => {
    const [ours, theirs] = [codeOf(verify(bundle)), oracleAccepts(bundle)];

    expect(ours).toBe('verified');
    expect(theirs).toBe(true);
  });

  it('accepts every changed bundle that is accepted here', () => {
    const bundles = Object.values(valid).map((bundle) => ({ bundle, paths: textsOf(bundle) }));

    fc.assert(
      fc.property(fc.nat(bundles.length - 1), fc.nat(10_000), fc.nat(100_000), (which, path, where) => {
        const { bundle, paths } = bundles[which] ?? { bundle: {} as BundleJson, paths: [] };
        const mutated = changed(bundle, paths[path % paths.length] ?? [], (text) => turned(text, where));
        return codeOf(verify(mutated)) !== 'verified' || oracleAccepts(mutated);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['a certificate that was not valid at the time of the log', { notAfter: signedAt - minute / 2 }],
    ['a certificate that no log vouches for', { log: undefined }],
  ])('agrees that %s is refused', (_, parts) => {
    const bundle = messageBundle(world, { artifact, leaf: makeLeaf(world, parts) });

    const [ours, theirs] = [codeOf(verify(bundle)), oracleAccepts(bundle)];

    expect(ours).not.toBe('verified');
    expect(theirs).toBe(false);
  });
});
