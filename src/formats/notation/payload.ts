// SPDX-License-Identifier: Apache-2.0
// The signed payload: which artifact a signature is about (notaryproject/specifications, signature-specification.md, "Payload").
import type { Digest } from '../../model/digest.ts';
import { entriesOf } from '../document.ts';
import { parseContentDigest } from '../oci/reference.ts';
import type { Parsed } from '../parsed.ts';
import { parsing, required } from '../parsed.ts';
import { MemberReader, parseStrictJson } from '../strict-json.ts';

export interface TargetArtifact {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  /** Signed remarks of the signer ("user metadata"). */
  readonly annotations: ReadonlyMap<string, string>;
}

const limits = { bytes: 1024 * 1024, depth: 16 };

/** Reads `{"targetArtifact": {...}}`. */
export function parseNotationPayload(bytes: Uint8Array): Parsed<TargetArtifact> {
  return parsing(() => {
    const root = new MemberReader(required(parseStrictJson(bytes, limits), 'payload'));
    const target = root.member('targetArtifact');
    const annotations = new Map<string, string>();
    for (const [name, value] of entriesOf(target.optionalMember('annotations')?.object ?? {})) {
      if (typeof value === 'string') annotations.set(name, value);
      else target.fail('annotations', 'texts are required');
    }
    const size = target.object['size'];
    return {
      mediaType: target.text('mediaType') || target.fail('mediaType', 'a type is required'),
      digest: parseContentDigest(target.text('digest')) ?? target.fail('digest', 'a digest is required'),
      size:
        typeof size === 'number' && Number.isSafeInteger(size) && size >= 0
          ? size
          : target.fail('size', 'a number of bytes is required'),
      annotations,
    };
  });
}

/** The payload as it is signed. */
export function encodeNotationPayload(target: TargetArtifact): Buffer {
  const { mediaType, digest, size, annotations } = target;
  const signed = annotations.size === 0 ? {} : { annotations: Object.fromEntries(annotations) };
  return Buffer.from(JSON.stringify({ targetArtifact: { mediaType, digest, size, ...signed } }));
}
