// SPDX-License-Identifier: Apache-2.0
// A description of a build as SLSA provenance v1 (slsa.dev/spec/v1.2/build-provenance), and as an in-toto statement about subjects.
import { asObject, type JsonObject } from '../../../formats/document.ts';
import { provenanceTypes } from '../../../formats/slsa-provenance.ts';
import type { Digest } from '../../../model/digest.ts';
import type { BuildDescription } from './ci-system.ts';
import { present } from './ci-system.ts';

export interface ProvenanceSubject {
  readonly name: string;
  readonly digests: readonly Digest[];
}

export interface PredicateParts {
  readonly build: BuildDescription;
  /** Instead of the one of the CI system. */
  readonly builderId?: string;
  /** Name and version of this program. */
  readonly generator: { readonly name: string; readonly version: string };
  /** RFC 3339, UTC. */
  readonly finishedOn: string;
}

export function provenancePredicate({ build, builderId, generator, finishedOn }: PredicateParts): JsonObject {
  const { source } = build;
  const ref = source?.ref === undefined ? '' : `@${source.ref}`;
  return {
    buildDefinition: {
      buildType: build.buildType,
      externalParameters: build.externalParameters,
      internalParameters: build.internalParameters,
      resolvedDependencies:
        source === undefined
          ? []
          : [
              present({
                uri: source.repository === undefined ? undefined : `git+${source.repository}${ref}`,
                digest: { gitCommit: source.commit },
              }),
            ],
    },
    runDetails: {
      builder: { id: builderId ?? build.builderId, version: { [generator.name]: generator.version } },
      metadata: present({ invocationId: build.invocationId, startedOn: build.startedOn, finishedOn }),
    },
  };
}

/** The statement; subjects in the order given, each once. */
export function provenanceStatement(subjects: readonly ProvenanceSubject[], predicate: JsonObject): JsonObject {
  return statementAbout(subjects, provenanceTypes['1'], predicate);
}

/** A statement of any type. */
export function statementAbout(
  subjects: readonly ProvenanceSubject[],
  predicateType: string,
  predicate: JsonObject,
): JsonObject {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: subjects.map(({ name, digests }) => ({
      name,
      digest: Object.fromEntries(digests.map((digest) => digest.split(':') as [string, string])),
    })),
    predicateType,
    predicate: asObject(predicate) ?? {},
  };
}
