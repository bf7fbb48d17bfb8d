// SPDX-License-Identifier: Apache-2.0
// The policy for GitHub artifact attestations: what `gh attestation verify` asks for by owner, repository and workflow, as a signature policy.
// Names of GitHub do not differ in case. Unlike gh, the workflow must be named to its end: ".../attest.yml" does not let ".../attest.yml-evil" in.
import { RE2JS } from 're2js';
import type { CertificateIdentity, SignaturePolicy, TextMatch } from './policy.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';

export interface GithubExpectation {
  /** `owner`, or `owner/repository`: where the artifact was built from. */
  readonly source: string;
  /** Who signed: by default a workflow of the source. */
  readonly signer?:
    | { readonly kind: 'repository'; readonly name: string }
    /** `owner/repository/.github/workflows/file.yml`, with or without host. */
    | { readonly kind: 'workflow'; readonly path: string }
    | { readonly kind: 'identity'; readonly identity: TextMatch };
  /** Host of the instance; github.com by default. */
  readonly host?: string;
  /** Issuer of the token; that of the public instance by default. */
  readonly issuer?: string;
  readonly runners?: 'hosted-by-github' | 'any';
  /** SLSA provenance v1 by default. */
  readonly predicateType?: string;
}

const publicIssuer = 'https://token.actions.githubusercontent.com';
const provenanceType = 'https://slsa.dev/provenance/v1';
const name = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/;

/** The policy, or why the expectation is none. */
export function githubPolicy(expectation: GithubExpectation): SignaturePolicy | Refusal {
  const { source, host = 'github.com', issuer = publicIssuer, predicateType = provenanceType } = expectation;
  const parts = source.split('/');
  if (parts.length > 2 || !parts.every((part) => name.test(part)))
    return refuse('POLICY_INVALID', 'the source is named as owner or as owner/repository');
  if (!/^[A-Za-z0-9.-]{1,253}$/.test(host)) return refuse('POLICY_INVALID', 'the host is not a host name');
  const subject = subjectOf(expectation, `https://${host}`);
  if (subject === undefined)
    return refuse('POLICY_INVALID', 'the signer is named as owner/repository, or as the path of a workflow in one');
  const claims: NonNullable<CertificateIdentity['claims']> = {
    sourceRepositoryOwnerUri: ignoringCase(`https://${host}/${parts[0]}`),
    ...(parts.length === 2 ? { sourceRepositoryUri: ignoringCase(`https://${host}/${source}`) } : {}),
    ...(expectation.runners === 'hosted-by-github'
      ? { runnerEnvironment: { kind: 'exact', value: 'github-hosted' } as const }
      : {}),
  };
  return {
    mode: 'public-good-keyless',
    identities: [{ subject, issuer: { kind: 'exact', value: issuer }, claims }],
    predicateTypes: [predicateType],
  };
}

function subjectOf({ source, signer }: GithubExpectation, base: string): TextMatch | undefined {
  if (signer === undefined) return below(`${base}/${source}`);
  if (signer.kind === 'identity') return signer.identity;
  if (signer.kind === 'repository') {
    const parts = signer.name.split('/');
    return parts.length === 2 && parts.every((part) => name.test(part)) ? below(`${base}/${signer.name}`) : undefined;
  }
  const host = base.slice('https://'.length);
  const path = signer.path.startsWith(`${host}/`) ? signer.path.slice(host.length + 1) : signer.path;
  if (!/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}\/\S{1,400}$/.test(path)) return undefined;
  return { kind: 'pattern', expression: `(?i)${RE2JS.quote(`${base}/${path}`)}@.+` };
}

function below(url: string): TextMatch {
  return { kind: 'pattern', expression: `(?i)${RE2JS.quote(`${url}/`)}.+` };
}

function ignoringCase(text: string): TextMatch {
  return { kind: 'pattern', expression: `(?i)${RE2JS.quote(text)}` };
}
