// SPDX-License-Identifier: Apache-2.0
// What is expected of provenance, from the flags that people know of slsa-verifier and `gh attestation verify`. Something must be expected of the
// source or the signer: provenance of somebody's build proves nothing.
import type { BuildLevel } from '../../evidence/provenance/builders.ts';
import type { CertificateExpectation, ProvenanceExpectation } from '../../evidence/provenance/expectation.ts';
import { sourceLocation } from '../../evidence/provenance/source-uri.ts';
import type { GithubExpectation } from '../../evidence/signatures/github-policy.ts';
import type { TextMatch } from '../../evidence/signatures/policy.ts';
import type { FlagValues } from './arguments.ts';
import type { FlagName } from './flags.ts';
import { usage } from './usage.ts';

/** Throws USAGE. */
export function expectationOf(values: FlagValues): ProvenanceExpectation {
  refuseUnused(values, {
    key: 'provenance that a key signed is checked with verify-attestation and verify-blob-attestation --key',
    'certificate-oidc-issuer-regexp': 'name the issuer exactly, with --certificate-oidc-issuer',
    'verified-level': 'the level of provenance is asked for with --slsa-level',
    'max-age': 'provenance does not grow old; summaries do',
  });
  const sourceUri = values.text('source-uri');
  const subject = subjectOf(values);
  const github = githubOf(values, subject);
  if (sourceUri === undefined && github === undefined && subject === undefined)
    throw usage(
      'nothing says where the artifact must come from',
      'name the source (--source-uri github.com/OWNER/REPOSITORY), or --owner, --repo or --certificate-identity',
    );
  if (sourceUri !== undefined && sourceLocation(sourceUri) === undefined)
    throw usage(`--source-uri "${sourceUri}" is no address of a source`, 'write it as github.com/OWNER/REPOSITORY');
  const predicateType = values.text('predicate-type');
  const certificate = certificateOf(values, subject);
  const inputs = inputsOf(values);
  const level = levelOf(values.text('slsa-level'));
  return {
    ...(sourceUri === undefined ? {} : { sourceUri }),
    ...texts(values),
    ...(inputs === undefined ? {} : { workflowInputs: inputs }),
    ...(github === undefined ? {} : { github }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(values.isSet('deny-self-hosted-runners') ? { runners: 'hosted' as const } : {}),
    ...(predicateType === undefined ? {} : { predicateTypes: [predicateType] }),
    ...(level === undefined ? {} : { leastLevel: level }),
  };
}

const textFlags = {
  branch: 'source-branch',
  tag: 'source-tag',
  versionedTag: 'source-versioned-tag',
  builderId: 'builder-id',
  packageName: 'package-name',
  packageVersion: 'package-version',
} as const satisfies Partial<Record<keyof ProvenanceExpectation, FlagName>>;

function texts(values: FlagValues): Partial<Record<keyof typeof textFlags, string>> {
  return Object.fromEntries(
    Object.entries(textFlags).flatMap(([name, flag]) => {
      const value = values.text(flag);
      if (value === '') throw usage(`--${flag} is empty`);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function subjectOf(values: FlagValues): TextMatch | undefined {
  const exact = values.text('certificate-identity');
  const expression = values.text('certificate-identity-regexp');
  if (exact !== undefined && expression !== undefined)
    throw usage('--certificate-identity and --certificate-identity-regexp cannot both be given');
  if (exact !== undefined) return { kind: 'exact', value: exact };
  return expression === undefined ? undefined : { kind: 'pattern', expression };
}

function githubOf(values: FlagValues, subject: TextMatch | undefined): GithubExpectation | undefined {
  const owner = values.text('owner');
  const repo = values.text('repo');
  if (owner !== undefined && repo !== undefined) throw usage('--owner and --repo cannot both be given');
  const source = repo ?? owner;
  const workflow = values.text('signer-workflow');
  const repository = values.text('signer-repo');
  if (workflow !== undefined && repository !== undefined)
    throw usage('--signer-workflow and --signer-repo cannot both be given');
  if (source === undefined) {
    if (workflow !== undefined || repository !== undefined)
      throw usage('a signer is named, but neither --owner nor --repo');
    return undefined;
  }
  const host = values.text('hostname');
  return {
    source,
    ...(workflow === undefined ? {} : { signer: { kind: 'workflow' as const, path: workflow } }),
    ...(repository === undefined ? {} : { signer: { kind: 'repository' as const, name: repository } }),
    ...(subject === undefined ? {} : { signer: { kind: 'identity' as const, identity: subject } }),
    ...(host === undefined ? {} : { host }),
  };
}

const certificateFlags = {
  issuer: 'certificate-oidc-issuer',
  sourceDigest: 'source-digest',
  sourceRef: 'source-ref',
  signerDigest: 'signer-digest',
  trigger: 'certificate-github-workflow-trigger',
} as const satisfies Partial<Record<keyof CertificateExpectation, FlagName>>;

function certificateOf(values: FlagValues, subject: TextMatch | undefined): CertificateExpectation | undefined {
  const named = Object.entries(certificateFlags).flatMap(([name, flag]) => {
    const value = values.text(flag);
    return value === undefined ? [] : [[name, value] as const];
  });
  if (subject === undefined && named.length === 0) return undefined;
  return { ...Object.fromEntries(named), ...(subject === undefined ? {} : { subject }) };
}

function inputsOf(values: FlagValues): Readonly<Record<string, string>> | undefined {
  const words = values.list('build-workflow-input');
  if (words.length === 0) return undefined;
  const inputs = new Map<string, string>();
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals < 1) throw usage(`--build-workflow-input takes NAME=VALUE; "${word}" is none`);
    inputs.set(word.slice(0, equals), word.slice(equals + 1));
  }
  return Object.fromEntries(inputs);
}

function levelOf(text: string | undefined): BuildLevel | undefined {
  if (text === undefined) return undefined;
  const level = ([0, 1, 2, 3] as const).find((number) => text === String(number));
  if (level === undefined) throw usage(`--slsa-level takes 0, 1, 2 or 3; "${text}" is none`);
  return level;
}

/** A flag of another action that would go unnoticed here is an expectation that nobody checks. Throws USAGE. */
export function refuseUnused(values: FlagValues, flags: Readonly<Partial<Record<FlagName, string>>>): void {
  for (const [name, hint] of Object.entries(flags))
    if (values.list(name).length > 0 || values.number(name) !== undefined)
      throw usage(`--${name} is not checked by this action`, hint);
}
