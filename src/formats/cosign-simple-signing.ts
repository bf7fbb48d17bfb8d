// SPDX-License-Identifier: Apache-2.0
// The payload that Cosign signs for images in its older layout ("simple signing", cosign specs/SIGNATURE_SPEC.md). Its manifest digest is the
// only link to the image: the reference is a remark of the signer.
import type { Digest } from '../model/digest.ts';
import { parseDigest } from '../model/digest.ts';
import type { JsonObject } from './document.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import { MemberReader, parseStrictJson } from './strict-json.ts';

export interface SimpleSigning {
  readonly manifestDigest: Digest;
  readonly reference: string | undefined;
  /** Signed annotations. */
  readonly annotations: JsonObject;
}

const limits = { bytes: 1024 * 1024, depth: 32 };

/** Types that stand in `critical.type`: Cosign's own, and that of the older "atomic" signatures. */
const types = new Set(['cosign container image signature', 'atomic container signature']);

export function parseSimpleSigning(payload: Uint8Array): Parsed<SimpleSigning> {
  return parsing(() => {
    const root = new MemberReader(required(parseStrictJson(payload, limits), 'payload'));
    const critical = root.member('critical');
    if (!types.has(critical.text('type'))) critical.fail('type', 'not a container image signature');
    const manifestDigest = parseDigest(critical.member('image').text('docker-manifest-digest'));
    return {
      manifestDigest: manifestDigest ?? malformed('critical.image.docker-manifest-digest: a digest is required'),
      reference: critical.optionalMember('identity')?.optionalText('docker-reference'),
      annotations: root.optionalMember('optional')?.object ?? {},
    };
  });
}
