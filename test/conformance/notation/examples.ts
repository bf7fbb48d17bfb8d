// SPDX-License-Identifier: Apache-2.0
// Examples of the specification: every one is read by the parser of its kind.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJwsProtectedHeader } from '../../../src/formats/notation/jws.ts';
import { parseNotationPayload } from '../../../src/formats/notation/payload.ts';
import { parseTrustPolicy } from '../../../src/formats/notation/trust-policy.ts';
import type { ConformanceCase } from '../pack.ts';
import { failed, passed } from '../pack.ts';

function withoutComments(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/(^|\s)\/\/.*$/, ''))
    .join('\n');
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** One case for each example. */
export function exampleCases(root: string): ConformanceCase[] {
  const folder = join(root, 'spec-examples');
  return filesIn(folder).map((name) => ({
    id: `spec-examples/${name}`,
    run: () => {
      const text = withoutComments(readFileSync(join(folder, name), 'utf8'));
      const bytes = Buffer.from(text);
      const object = JSON.parse(text) as Record<string, unknown>;
      if ('trustPolicies' in object) {
        const isOci = text.includes('registryScopes');
        const parsed = parseTrustPolicy(bytes, isOci ? 'oci' : 'blob');
        return parsed.kind === 'parsed' ? passed : failed('a trust policy', parsed.reason);
      }
      if ('targetArtifact' in object) {
        const parsed = parseNotationPayload(bytes);
        return parsed.kind === 'parsed' ? passed : failed('a payload', parsed.reason);
      }
      if ('alg' in object) {
        const parsed = parseJwsProtectedHeader(bytes);
        return parsed.kind === 'parsed' ? passed : failed('a protected header', parsed.reason);
      }
      // Templates with placeholders: the names of their members are what they show.
      const unsigned = unsignedNames(object);
      return unsigned.length === 0 ? passed : failed([], unsigned);
    },
  }));
}

const knownMembers = [
  'x5c',
  'io.cncf.notary.timestampSignature',
  'io.cncf.notary.signingAgent',
  'payload',
  'protected',
  'header',
  'signature',
];

function unsignedNames(object: Record<string, unknown>): string[] {
  return Object.keys(object).filter((name) => !knownMembers.includes(name));
}
