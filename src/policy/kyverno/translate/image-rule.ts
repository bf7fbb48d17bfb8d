// SPDX-License-Identifier: Apache-2.0
// The entries of a verifyImages rule, each as the part of an ImageValidatingPolicy that says which images, whose signatures and what besides. Not carried
// over: conditions on what attestations say, because all of them count there and a CEL policy reads one.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../../formats/document.ts';
import { hasVariables } from '../substitute.ts';
import { allOf, CannotCarryOver, isIdentifier, quote } from './cel-text.ts';
import { Attestors } from './image-attestors.ts';
import { imageReferencesToCel } from './image-references.ts';
import type { Scope } from './jmespath.ts';

export interface ImageEntries {
  /** For each entry its part of a spec; variables of the rule come before its own. */
  readonly specs: readonly JsonObject[];
  readonly remarks: readonly string[];
}

/** Throws CannotCarryOver. */
export function imageRuleToCel(rule: JsonObject, scope: Scope): ImageEntries {
  const remarks = new Set<string>();
  const extracted = extractorsToCel(rule['imageExtractors']);
  const categories = extracted?.names ?? ['containers', 'initContainers', 'ephemeralContainers'];
  // Lists without images are not there in older versions.
  const all = categories.map((name) => `images.?${name}.orValue([])`).join(' + ');
  const specs = asArray(rule['verifyImages']).map((item) => {
    const entry = asObject(item) ?? {};
    const own = entryToCel(entry, { scope, remarks, rule: asString(rule['name']) ?? '' });
    return {
      ...own,
      variables: [{ name: 'allImages', expression: all }],
      ...(extracted === undefined ? {} : { images: extracted.images }),
    };
  });
  return { specs, remarks: [...remarks] };
}

interface EntryScope {
  readonly scope: Scope;
  readonly remarks: Set<string>;
  readonly rule: string;
}

const legacyKeyless = ['issuer', 'subject', 'roots', 'additionalExtensions'] as const;

function entryToCel(entry: JsonObject, { scope, remarks, rule }: EntryScope): JsonObject {
  if (asObject(entry['validate'])?.['deny'] !== undefined)
    throw new CannotCarryOver('verifyImages.validate.deny, conditions on what several attestations say');
  for (const item of asArray(entry['attestations'])) refuseConditions(asObject(item) ?? {});
  // Those of keys have expressions; attestors look after theirs themselves.
  const { attestors: _, key: __, ...rest } = entry;
  if (hasVariables(rest)) throw new CannotCarryOver('variables in verifyImages, other than for a key');
  const type = asString(entry['type']) ?? 'Cosign';
  if (type === 'SigstoreBundle') remarks.add('signatures of the older layout count besides bundles');
  if (entry['useCache'] === false) remarks.add('useCache: ImageValidatingPolicies cannot turn the memory off');
  const attestors = new Attestors({ type, repository: asString(entry['repository']), scope });
  const attestations: JsonObject[] = [];
  const demand = allOf([
    attestors.setsToCel(setsOf(entry), (list) => `verifyImageSignatures(image, ${list})`),
    ...asArray(entry['attestations']).map((item) => {
      const { name, type: predicateType, sets } = attestationOf(asObject(item) ?? {}, attestations.length, entry);
      attestations.push({ name, [type === 'Notary' ? 'referrer' : 'intoto']: { type: predicateType } });
      return attestors.setsToCel(sets, (list) => `verifyAttestationSignatures(image, attestations.${name}, ${list})`);
    }),
  ]);
  const isUnsigned = demand === 'true';
  const configurations = ['mutateDigest', 'verifyDigest', 'required'].flatMap((name) => {
    // Where nobody has to have signed, nothing is verified.
    const isOff = entry[name] === false || (name === 'required' && isUnsigned);
    return isOff ? [[name, false] as const] : [];
  });
  return {
    matchImageReferences: imageReferencesToCel(
      [
        ...(asString(entry['image']) === undefined ? [] : [asString(entry['image']) ?? '']),
        ...asStrings(entry['imageReferences']),
      ],
      asStrings(entry['skipImageReferences']),
    ),
    ...credentialsOf(asObject(entry['imageRegistryCredentials']), remarks),
    attestors: attestors.list,
    ...(attestations.length === 0 ? {} : { attestations }),
    ...(configurations.length === 0 ? {} : { validationConfigurations: Object.fromEntries(configurations) }),
    validations: [
      {
        expression: isUnsigned ? 'true' : `variables.allImages.all(image, ${demand})`,
        message: `images must be signed as the rule ${rule} demands`,
      },
    ],
  };
}

/** `attestors`, or what the older fields mean (../verify-images/verification.ts). */
function setsOf(entry: JsonObject): readonly JsonObject[] {
  const { annotations } = entry;
  if (entry['key'] !== undefined) return [{ entries: [{ keys: { publicKeys: entry['key'] }, annotations }] }];
  const keyless = legacyKeyless.flatMap((name) => (entry[name] === undefined ? [] : [[name, entry[name]] as const]));
  if (keyless.length > 0) return [{ entries: [{ keyless: Object.fromEntries(keyless), annotations }] }];
  return asArray(entry['attestors']).map((item) => asObject(item) ?? {});
}

function refuseConditions({ conditions }: JsonObject): void {
  if (asArray(conditions).length > 0 || entriesOf(conditions).length > 0)
    throw new CannotCarryOver('conditions on what attestations say: all of them count, and CEL policies read one');
}

function attestationOf(
  item: JsonObject,
  index: number,
  entry: JsonObject,
): { readonly name: string; readonly type: string; readonly sets: readonly JsonObject[] } {
  const written = asString(item['name']) ?? '';
  const own = asArray(item['attestors']).map((set) => asObject(set) ?? {});
  const isLegacy = entry['key'] !== undefined || legacyKeyless.some((name) => entry[name] !== undefined);
  const anybody = [{ entries: [{ keyless: {} }] }];
  return {
    name: isIdentifier(written) ? written : `attestation${index + 1}`,
    type: asString(item['type']) ?? asString(item['predicateType']) ?? '',
    sets: own.length > 0 ? own : isLegacy ? setsOf(entry) : anybody,
  };
}

/** Kyverno's own namespace, where Secrets are that a policy names without one. */
const ownNamespace = 'kyverno/';

function credentialsOf(credentials: JsonObject | undefined, remarks: Set<string>): JsonObject {
  remarks.add('pull Secrets of Pods are not used; name them under credentials.secrets');
  if (credentials === undefined) return {};
  const secrets = asStrings(credentials['secrets']).map((name) => {
    const bare = name.startsWith(ownNamespace) ? name.slice(ownNamespace.length) : name;
    if (bare.includes('/'))
      throw new CannotCarryOver(`the Secret ${name}: ImageValidatingPolicies read Secrets of Kyverno's own namespace`);
    return bare;
  });
  const { allowInsecureRegistry, providers } = credentials;
  return {
    credentials: {
      ...(allowInsecureRegistry === undefined ? {} : { allowInsecureRegistry }),
      ...(providers === undefined ? {} : { providers }),
      ...(secrets.length === 0 ? {} : { secrets }),
    },
  };
}

/** Images in objects of other kinds. Of several kinds each has a list of its own, which is empty for the others. */
function extractorsToCel(
  value: unknown,
): { readonly names: readonly string[]; readonly images: readonly JsonObject[] } | undefined {
  const kinds = entriesOf(value);
  if (kinds.length === 0) return undefined;
  const images = kinds.flatMap(([kind, list]) =>
    asArray(list).map((item, index): JsonObject => {
      const extractor = asObject(item) ?? {};
      if (asString(extractor['jmesPath']) !== undefined) throw new CannotCarryOver('imageExtractors with jmesPath');
      const path = (asString(extractor['path']) ?? '').split('/').filter((part) => part !== '');
      const own = asString(extractor['value']);
      const name = `${kind.slice(0, 1).toLowerCase()}${kind.slice(1)}${index === 0 ? '' : index + 1}`;
      const found = pathToCel(own === undefined ? path : [...path, own]);
      return { name, expression: `object.kind == ${quote(kind)} ? ${found} : []` };
    }),
  );
  return { names: images.map(({ name }) => asString(name) ?? ''), images };
}

/** The texts at a path with at most one `*`, as a list; what is missing is passed over. */
function pathToCel(path: readonly string[]): string {
  const [before, after, ...more] = path.join('/').split('*');
  if (more.length > 0) throw new CannotCarryOver('imageExtractors with several * in a path');
  const at = (root: string, text = ''): string =>
    text
      .split('/')
      .filter((part) => part !== '')
      .reduce((place, part) => (isIdentifier(part) ? `${place}.?${part}` : `${place}[?${quote(part)}]`), root);
  const place = at('object', before);
  if (after === undefined) return `[dyn(${place}.orValue(dyn("")))].filter(text, type(text) == string && text != "")`;
  const inner = at('item', after);
  const value = inner === 'item' ? 'dyn(item)' : `${inner}.orValue(dyn(""))`;
  return `dyn(${place}.orValue(dyn([]))).map(item, ${value}).filter(text, type(text) == string && text != "")`;
}
