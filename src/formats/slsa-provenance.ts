// SPDX-License-Identifier: Apache-2.0
// SLSA provenance predicates v0.1, v0.2 and v1 (slsa.dev/provenance) in one shape. Says what stands in a predicate; which of it may be believed
// depends on who signed it and is decided in src/evidence/provenance.
import type { JsonObject } from './document.ts';
import { asObject, entriesOf } from './document.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';
import { MemberReader } from './strict-json.ts';

export const provenanceTypes = {
  '0.1': 'https://slsa.dev/provenance/v0.1',
  '0.2': 'https://slsa.dev/provenance/v0.2',
  '1': 'https://slsa.dev/provenance/v1',
} as const;

export type ProvenanceVersion = keyof typeof provenanceTypes;

/** A source, dependency or material: where it is from, and digests by algorithm name as they stand. */
export interface ResourceDescriptor {
  readonly uri: string;
  readonly digest: ReadonlyMap<string, string>;
}

export interface SlsaProvenance {
  readonly version: ProvenanceVersion;
  readonly builderId: string;
  readonly buildType: string;
  /** v0.2 `invocation.configSource`: where the instructions of the build came from. */
  readonly configSource: ResourceDescriptor | undefined;
  /** v0.2 `invocation.configSource.entryPoint`, v0.1 `recipe.entryPoint`. */
  readonly entryPoint: string | undefined;
  /** v1 `externalParameters`, v0.2 `invocation.parameters`, v0.1 `recipe.arguments`: under the control of who started the build. */
  readonly parameters: JsonObject;
  /** v1 `internalParameters`, v0.2 `invocation.environment`: stated by the builder. */
  readonly environment: JsonObject;
  /** v1 `resolvedDependencies`, before v1 `materials`. */
  readonly dependencies: readonly ResourceDescriptor[];
  readonly invocationId: string | undefined;
  readonly startedOn: string | undefined;
  readonly finishedOn: string | undefined;
}

const mostDependencies = 100_000;

/** The version that a predicate type names. */
export function provenanceVersion(predicateType: string): ProvenanceVersion | undefined {
  const found = Object.entries(provenanceTypes).find(([, type]) => type === predicateType);
  return found?.[0] as ProvenanceVersion | undefined;
}

/** Reads a predicate of the version that the statement names; fields of other versions are not looked at. */
export function parseSlsaProvenance(version: ProvenanceVersion, predicate: unknown): Parsed<SlsaProvenance> {
  return parsing(() => {
    const object = asObject(predicate);
    if (object === undefined) return malformed('predicate: an object is required');
    const reader = new MemberReader(object, ['predicate']);
    if (version === '1') return readFirst(reader);
    return version === '0.2' ? readSecondDraft(reader) : readFirstDraft(reader);
  });
}

/** slsa.dev/spec/v1.0/provenance */
function readFirst(predicate: MemberReader): SlsaProvenance {
  const definition = predicate.member('buildDefinition');
  const run = predicate.member('runDetails');
  const metadata = run.optionalMember('metadata');
  return {
    version: '1',
    builderId: run.member('builder').text('id'),
    buildType: definition.text('buildType'),
    configSource: undefined,
    entryPoint: undefined,
    parameters: definition.optionalMember('externalParameters')?.object ?? {},
    environment: definition.optionalMember('internalParameters')?.object ?? {},
    dependencies: definition.members('resolvedDependencies', mostDependencies).map(readDescriptor),
    invocationId: metadata?.optionalText('invocationId'),
    startedOn: metadata?.optionalText('startedOn'),
    finishedOn: metadata?.optionalText('finishedOn'),
  };
}

/** slsa.dev/provenance/v0.2 */
function readSecondDraft(predicate: MemberReader): SlsaProvenance {
  const invocation = predicate.optionalMember('invocation');
  const source = invocation?.optionalMember('configSource');
  const metadata = predicate.optionalMember('metadata');
  return {
    version: '0.2',
    builderId: predicate.member('builder').text('id'),
    buildType: predicate.text('buildType'),
    configSource: source === undefined ? undefined : readDescriptor(source),
    entryPoint: source?.optionalText('entryPoint'),
    parameters: invocation?.optionalMember('parameters')?.object ?? {},
    environment: invocation?.optionalMember('environment')?.object ?? {},
    dependencies: predicate.members('materials', mostDependencies).map(readDescriptor),
    // The generators write "ID", the specification says "Id".
    invocationId: metadata?.optionalText('buildInvocationId') ?? metadata?.optionalText('buildInvocationID'),
    startedOn: metadata?.optionalText('buildStartedOn'),
    finishedOn: metadata?.optionalText('buildFinishedOn'),
  };
}

/** slsa.dev/provenance/v0.1 */
function readFirstDraft(predicate: MemberReader): SlsaProvenance {
  const recipe = predicate.optionalMember('recipe');
  const metadata = predicate.optionalMember('metadata');
  return {
    version: '0.1',
    builderId: predicate.member('builder').text('id'),
    buildType: recipe?.optionalText('type') ?? '',
    configSource: undefined,
    entryPoint: recipe?.optionalText('entryPoint'),
    parameters: recipe?.optionalMember('arguments')?.object ?? {},
    environment: recipe?.optionalMember('environment')?.object ?? {},
    dependencies: predicate.members('materials', mostDependencies).map(readDescriptor),
    invocationId: metadata?.optionalText('buildInvocationId'),
    startedOn: metadata?.optionalText('buildStartedOn'),
    finishedOn: metadata?.optionalText('buildFinishedOn'),
  };
}

function readDescriptor(object: MemberReader): ResourceDescriptor {
  const digest = new Map<string, string>();
  for (const [algorithm, value] of entriesOf(object.optionalMember('digest')?.object)) {
    if (typeof value !== 'string') object.fail('digest', 'texts are required');
    else digest.set(algorithm, value);
  }
  return { uri: object.optionalText('uri') ?? '', digest };
}
