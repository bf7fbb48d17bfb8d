// SPDX-License-Identifier: Apache-2.0
// policy-controller's own ConfigMap, `config-policy-controller` (pkg/config): what holds for all image policies of a cluster. A word that it does not know counts as the
// strictest one, and is told.
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';
import type { Problem } from '../../model/problem.ts';
import type { EngineDocument } from '../engine.ts';
import type { EmptyAuthorities } from './parse.ts';

/** What the cluster does with an image that no policy is about. `unstated`: there is no ConfigMap, so that nobody knows. */
export type NoMatch = 'allow' | 'warn' | 'deny' | 'unstated';

export interface ImagePolicySettings {
  readonly noMatch: NoMatch;
  readonly emptyAuthorities: EmptyAuthorities;
  readonly problems: readonly Problem[];
}

export const settingsName = 'config-policy-controller';

/** Whoever's namespace: files state none. */
export function isImagePolicySettings(object: JsonObject): boolean {
  return object['kind'] === 'ConfigMap' && asObject(object['metadata'])?.['name'] === settingsName;
}

const strictness: readonly NoMatch[] = ['unstated', 'allow', 'warn', 'deny'];
/** Go's strconv.ParseBool, by which policy-controller reads it. */
const booleans: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'TRUE', 'true', 'True'].map((word) => [word, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'FALSE', 'false', 'False'].map((word) => [word, false])),
};

/** Of all documents that are such; where several say something, the strictest word counts. Never throws. */
export function imagePolicySettings(documents: readonly EngineDocument[]): ImagePolicySettings {
  const read = documents.map(readOne);
  const [first = 'unstated', ...others] = read.map(({ noMatch }) => noMatch);
  const noMatch = others.reduce((a, b) => (strictness.indexOf(a) >= strictness.indexOf(b) ? a : b), first);
  const isAllowed = read.length > 0 && read.every(({ emptyAuthorities }) => emptyAuthorities === 'allowed');
  return {
    noMatch,
    emptyAuthorities: isAllowed ? 'allowed' : 'fault',
    problems: read.flatMap(({ problems }) => problems),
  };
}

function readOne(document: EngineDocument): ImagePolicySettings {
  const data = asObject(document.object['data']);
  const problems: Problem[] = [];
  const remark = (path: DocumentPath, message: string): void => {
    const location = document.locate(path);
    problems.push({ kind: 'schema', message: `${path.join('.')}: ${message}`, location, hidesFindings: false });
  };
  const word = data?.['no-match-policy'] ?? 'deny';
  const isKnown = word === 'allow' || word === 'warn' || word === 'deny';
  if (!isKnown) remark(['data', 'no-match-policy'], 'allow, warn or deny is required; deny counts');
  const empty = data?.['fail-on-empty-authorities'] ?? 'true';
  const fails = typeof empty === 'string' && Object.hasOwn(booleans, empty) ? booleans[empty] : undefined;
  if (fails === undefined) remark(['data', 'fail-on-empty-authorities'], 'true or false is required; true counts');
  return { noMatch: isKnown ? word : 'deny', emptyAuthorities: fails === false ? 'allowed' : 'fault', problems };
}
