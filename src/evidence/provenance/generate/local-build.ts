// SPDX-License-Identifier: Apache-2.0
// A build on somebody's machine. It is said to be one: provenance about it exists, and that is all it shows.
import type { BuildDescription, GitRevision } from './ci-system.ts';
import { present, withoutCredentials } from './ci-system.ts';

export interface LocalBuild {
  readonly source: GitRevision | undefined;
  /** What was run, as the user says. */
  readonly command: string | undefined;
  readonly invocationId: string | undefined;
}

export function describeLocalBuild({ source, command, invocationId }: LocalBuild): BuildDescription {
  const repository = source?.repository === undefined ? undefined : withoutCredentials(source.repository);
  return {
    buildType: 'https://landwaiter.dev/buildtypes/local/v1',
    builderId: 'https://landwaiter.dev/builders/local',
    externalParameters: present({ source: repository, ref: source?.ref, command }),
    internalParameters: {},
    source: source === undefined ? undefined : { ...source, repository },
    invocationId,
    startedOn: undefined,
    level:
      source === undefined
        ? { most: 0, reason: 'a local build, and nothing says from which source' }
        : { most: 1, reason: 'a local build: whoever has the machine writes what it likes' },
  };
}
