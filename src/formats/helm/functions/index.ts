// SPDX-License-Identifier: Apache-2.0
// All functions that templates of Helm have. What hangs on chance, the clock, keys or a cluster is not known.
import type { Dictionary } from '../value.ts';
import { HelmRefusal, unknown } from '../value.ts';
import type { Functions, TemplateFunction } from './arguments.ts';
import { collectionFunctions } from './collections.ts';
import { encodingFunctions } from './encodings.ts';
import { logicFunctions, tolerantFunctions } from './logic.ts';
import { numberFunctions } from './numbers.ts';
import { textFunctions } from './texts.ts';
import { versionFunctions } from './versions.ts';

/** Exist, and give what nobody can know beforehand. */
const unknowable = [
  'randAlphaNum randAlpha randAscii randNumeric randBytes randInt shuffle uuidv4 genPrivateKey derivePassword bcrypt htpasswd',
  'buildCustomCert genCA genCAWithKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey encryptAES decryptAES',
  'now ago date date_in_zone date_modify dateInZone dateModify duration durationRound htmlDate htmlDateInZone must_date_modify mustDateModify',
  'mustToDate toDate unixEpoch toToml mustToToml',
].flatMap((line) => line.trim().split(' '));

/** What they are given may hold what is not known: it stays where it is. */
const carriers = new Set(
  [
    'list tuple dict set append push mustAppend mustPush prepend mustPrepend merge mustMerge mergeOverwrite mustMergeOverwrite toYaml mustToYaml',
  ].flatMap((line) => line.split(' ')),
);

const plain: Functions = {
  ...textFunctions,
  ...collectionFunctions,
  ...numberFunctions,
  ...logicFunctions,
  ...encodingFunctions,
  ...versionFunctions,
  include: ([name, dot], place) => (typeof name === 'string' ? place.include(name, dot) : unknown),
  tpl: ([text, dot], place) => (typeof text === 'string' ? place.render(text, dot) : unknown),
  // Without a cluster nothing is found, as in `helm template`.
  lookup: (): Dictionary => ({}),
  getHostByName: () => '',
  call: () => {
    throw new HelmRefusal('error calling call: non-function');
  },
  ...Object.fromEntries(unknowable.map((name) => [name, () => unknown])),
};

function guarded(name: string, operate: TemplateFunction): TemplateFunction {
  if (name === 'include') return operate;
  return (values, place) => {
    const hasUnknown = carriers.has(name) ? isUnknownTarget(name, values) : values.includes(unknown);
    return hasUnknown ? unknown : operate(values, place);
  };
}

/** A dictionary or list that is not known itself cannot be added to; members of it may well be unknown. */
function isUnknownTarget(name: string, values: readonly unknown[]): boolean {
  if (name === 'list' || name === 'tuple' || name === 'dict') return false;
  return name.toLowerCase().includes('merge') ? values.includes(unknown) : values[0] === unknown;
}

/** By name; each gives `unknown` for what it cannot know, and throws HelmRefusal where Helm would end. */
export const functions: Functions = Object.freeze({
  ...Object.fromEntries(Object.entries(plain).map(([name, operate]) => [name, guarded(name, operate)])),
  ...tolerantFunctions,
});
