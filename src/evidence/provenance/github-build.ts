// SPDX-License-Identifier: Apache-2.0
// A build of GitHub Actions as two witnesses tell it: the certificate, which the service wrote, and the predicate, which the signer wrote.
// The certificate counts; the predicate must not contradict it, and adds what the certificate does not have only if the signer is isolated
// from the build.

import { asObject, asString, type JsonObject } from '../../formats/document.ts';
import type { FulcioClaims } from '../../formats/fulcio-extensions.ts';
import type { SlsaProvenance } from '../../formats/slsa-provenance.ts';
import type { CertificateSigner } from '../signatures/identity.ts';
import type { Failure } from './failure.ts';
import { failure } from './failure.ts';
import { sourceLocation } from './source-uri.ts';

/** What the service states in the certificate. */
export interface CertifiedBuild {
  /** The workflow that signed: `https://github.com/owner/repository/.github/workflows/file.yml`, and the ref it ran from. */
  readonly workflow: string;
  readonly workflowRef: string;
  /** `github.com/owner/repository` whose event started the run. */
  readonly source: string;
  readonly ref: string | undefined;
  readonly commit: string | undefined;
  readonly trigger: string | undefined;
  readonly runner: string | undefined;
  readonly run: string | undefined;
}

const host = /^https:\/\/([a-z0-9.-]{1,253})\/([A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100})\//;

/** Reads the certificate; undefined when it is not one of a workflow. */
export function certifiedBuild(signer: CertificateSigner): CertifiedBuild | undefined {
  const [subject] = signer.subjects;
  if (subject === undefined || signer.subjects.length !== 1 || subject.kind !== 'uri') return undefined;
  const { claims } = signer;
  if (claims.buildSignerUri !== undefined && claims.buildSignerUri !== subject.value) return undefined;
  const at = subject.value.indexOf('@');
  const server = host.exec(subject.value)?.[1];
  if (at === -1 || server === undefined) return undefined;
  const source = sourceOf(claims, server);
  if (source === undefined) return undefined;
  return {
    workflow: subject.value.slice(0, at),
    workflowRef: subject.value.slice(at + 1),
    source,
    ref: claims.sourceRepositoryRef ?? claims.workflowRef,
    commit: claims.sourceRepositoryDigest ?? claims.workflowSha,
    trigger: claims.buildTrigger ?? claims.workflowTrigger,
    runner: claims.runnerEnvironment,
    run: claims.runInvocationUri,
  };
}

/** Old certificates name the repository without its host, which is then that of the workflow. Where both stand they must agree. */
function sourceOf(claims: FulcioClaims, server: string): string | undefined {
  const { sourceRepositoryUri: uri, workflowRepository: name } = claims;
  const located = uri === undefined ? undefined : sourceLocation(uri)?.location;
  if (uri !== undefined && located === undefined) return undefined;
  const named = name === undefined ? undefined : `${server}/${name}`;
  return located !== undefined && named !== undefined && located !== named ? undefined : (located ?? named);
}

/** Repository `host/owner/name` that a workflow stands in. */
export function repositoryOfWorkflow(workflow: string): string | undefined {
  const match = host.exec(workflow);
  return match === null ? undefined : `${match[1]}/${match[2]}`;
}

/** What the predicate says about the same build. */
export interface StatedBuild {
  readonly sources: readonly string[];
  readonly commits: readonly string[];
  readonly refs: readonly string[];
  readonly runs: readonly string[];
  readonly trigger: string | undefined;
  /** Branch that a pushed tag was made from, as the event says. */
  readonly baseRef: string | undefined;
  /** Inputs of `workflow_dispatch`. */
  readonly inputs: JsonObject | undefined;
}

/** Reads what builders of GitHub Actions write into predicates. */
export function statedBuild(provenance: SlsaProvenance, server: string): StatedBuild {
  const { environment, parameters, configSource, dependencies } = provenance;
  const variable = (name: string): string | undefined =>
    asString(environment[name]) ?? asString(environment[name.toLowerCase()]);
  const event = asObject(environment['GITHUB_EVENT_PAYLOAD'] ?? environment['github_event_payload']);
  const workflow = asObject(parameters['workflow']);
  const source = asObject(parameters['source']);
  // Dependencies that are no repositories (base images, machines) may stand before the source.
  const first = dependencies.find(({ uri }) => uri.startsWith('git+'));
  const uris = [
    configSource?.uri,
    first?.uri,
    asString(workflow?.['repository']),
    asString(source?.['uri']),
    prefixed(server, variable('GITHUB_REPOSITORY')),
  ].filter((uri) => uri !== undefined);
  const digests = [configSource?.digest, first?.digest].filter((digest) => digest !== undefined);
  return {
    sources: uris,
    commits: [
      ...digests.flatMap((digest) => [digest.get('sha1'), digest.get('gitCommit')]),
      variable('GITHUB_SHA') ?? variable('GITHUB_SHA1'),
    ].filter((commit) => commit !== undefined),
    refs: [...uris.map((uri) => sourceLocation(uri)?.ref), variable('GITHUB_REF'), asString(workflow?.['ref'])].filter(
      (ref) => ref !== undefined,
    ),
    runs: [provenance.invocationId].filter((run) => run?.startsWith('https://') === true) as string[],
    trigger: variable('GITHUB_EVENT_NAME') ?? asString(asObject(environment['github'])?.['event_name']),
    baseRef: asString(event?.['base_ref']),
    inputs: asObject(event?.['inputs']) ?? asObject(parameters['event_inputs']) ?? asObject(workflow?.['inputs']),
  };
}

function prefixed(server: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : `${server}/${name}`;
}

/** Everything in which the predicate contradicts the certificate. */
export function contradictions(certified: CertifiedBuild, stated: StatedBuild): Failure[] {
  const found: Failure[] = [];
  const compare = (what: string, expected: string | undefined, actual: readonly (string | undefined)[]): void => {
    for (const item of new Set(actual))
      if (expected !== undefined && item !== expected)
        found.push(
          failure('SOURCE_CONTRADICTION', `the predicate names another ${what} than the certificate`, {
            expected,
            actual: item ?? 'something that is no address of a repository',
          }),
        );
  };
  compare(
    'source',
    certified.source,
    stated.sources.map((uri) => sourceLocation(uri)?.location),
  );
  compare('commit', certified.commit, stated.commits);
  compare('ref', certified.ref, stated.refs);
  compare('run', certified.run, stated.runs);
  compare('trigger', certified.trigger, stated.trigger === undefined ? [] : [stated.trigger]);
  return found;
}
