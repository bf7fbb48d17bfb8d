// SPDX-License-Identifier: Apache-2.0
// What flags say of the world that policies judge in: values in place of look-ups, who asks, what is done, which objects are there.

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Operation } from '../../policy/admission-policy/request.ts';
import type { DataProvider } from '../../policy/data-provider.ts';
import type { Applied, ApplyOptions, SettlingProvider } from '../policy/apply.ts';
import { applyPolicies, applyPoliciesAsking } from '../policy/apply.ts';
import { unmetValues, valuesFaults } from '../policy/check-values.ts';
import { knownObjectsProvider } from '../policy/known-objects.ts';
import type { KyvernoValues } from '../policy/kyverno-values.ts';
import { noValues, readValues } from '../policy/kyverno-values.ts';
import type { ManifestReading } from '../policy/manifest-files.ts';
import { readManifests } from '../policy/manifest-files.ts';
import type { UserFile } from '../policy/user-info.ts';
import { readUserFile } from '../policy/user-info.ts';
import { blobSignatures } from '../signatures/blob-signatures.ts';
import { pinnedTrustRoot, trustRootFile } from '../signatures/trust-roots.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import type { PolicyInputs } from './policy-inputs.ts';
import { usage } from './usage.ts';

export type PolicySurroundings = Required<Pick<ApplyOptions, 'provider' | 'known' | 'values'>> &
  Pick<ApplyOptions, 'operation' | 'userInfo'>;

/** Throws USAGE for a file that does not hold what it is named for, and for a value without a name. */
export function policySurroundings(
  context: CommandContext,
  values: FlagValues,
  { set, resources, known }: PolicyInputs,
): PolicySurroundings {
  const stated = statedValues(context, values);
  const documents = set.engines.flatMap(({ documents: own }) => own);
  const policies = documents.map(({ object }) => object);
  for (const message of unmetValues(stated, policies)) context.log.warn(`${values.text('values') ?? ''}: ${message}`);
  const objects = [...[...resources, ...known, ...documents].map(({ object }) => object), ...stated.namespaces];
  const user = userOf(context, values);
  const root = values.text('trusted-root');
  const provider: DataProvider = {
    ...knownObjectsProvider({ objects: () => objects, knowledge: 'partial' }),
    ...(user === undefined ? {} : { rolesOf: () => user }),
    ...blobSignatures({
      defaultRoot: () => (root === undefined ? pinnedTrustRoot() : trustRootFile(root, context.cwd)),
      time: context.clock.now(),
    }),
  };
  return {
    provider,
    known,
    values: stated,
    operation: values.text('operation') as Operation | undefined,
    ...(user === undefined ? {} : { userInfo: user.userInfo }),
  };
}

interface Judging {
  readonly inputs: PolicyInputs;
  readonly options: ApplyOptions & Pick<PolicySurroundings, 'provider'>;
}

/** What the policies say of each object. Registries are asked only where somebody said so (`--registry`). */
export async function judgeObjects(
  context: CommandContext,
  values: FlagValues,
  { inputs: { set, resources }, options }: Judging,
): Promise<Applied> {
  if (!values.isSet('registry')) return applyPolicies(set, resources, options);
  const { openImageLookups } = await import('./image-policy-lookups.ts');
  const provider: SettlingProvider = { ...options.provider, ...openImageLookups(context, values) };
  return applyPoliciesAsking(set, resources, { ...options, provider });
}

/** The file, with what `--set` says over its global values. */
function statedValues(context: CommandContext, values: FlagValues): KyvernoValues {
  const pairs = values.list('set').flatMap(pairsIn);
  const read = valuesFile(context, values.text('values'));
  return pairs.length === 0 ? read : { ...read, global: { ...read.global, ...Object.fromEntries(pairs) } };
}

/** `a=b,c=d`; a comma that belongs to a value is written `\,`. */
function pairsIn(word: string): readonly (readonly [string, string])[] {
  return word.split(/(?<!\\),/).map((pair) => {
    const equals = pair.indexOf('=');
    if (equals < 1) throw usage(`--set takes NAME=VALUE; "${pair}" is none`, 'a comma in a value is written \\,');
    return [pair.slice(0, equals).trim(), pair.slice(equals + 1).replaceAll('\\,', ',')] as const;
  });
}

function valuesFile(context: CommandContext, name: string | undefined): KyvernoValues {
  if (name === undefined) return noValues;
  const { documents, problems } = readOwn(context, name);
  const [fault] = [
    ...problems.map(({ message }) => message),
    ...(documents.length > 1 ? [`it holds ${documents.length} documents, not one`] : []),
    ...valuesFaults(documents[0]?.value),
  ];
  if (fault !== undefined) throw usage(`${name} cannot be used as values: ${fault}`, 'docs/kyverno.md shows the form');
  return readValues(documents[0]?.value);
}

function userOf(context: CommandContext, values: FlagValues): UserFile | undefined {
  const name = values.text('userinfo');
  if (name === undefined) return undefined;
  const { documents, problems } = readOwn(context, name);
  const user = readUserFile(documents);
  if (user !== undefined) return user;
  throw usage(`${name} does not say who asks: ${problems[0]?.message ?? 'it needs userInfo.username'}`);
}

function readOwn({ cwd }: CommandContext, name: string): ManifestReading {
  const path = resolve(cwd, name);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw usage(`there is no file ${name}`);
  return readManifests(path);
}
