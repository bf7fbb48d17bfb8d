// SPDX-License-Identifier: Apache-2.0
// What this program shows an API server, now: tokens and certificates are read again while a long run goes on, because a pod's token is renewed every
// hour and programs print credentials that end. Keeps the last good ones when a file cannot be read for a moment.
import type { ClusterAccess } from '../../formats/kubeconfig.ts';
import { LandwaiterError, messageOf } from '../../model/error.ts';
import type { Environment } from '../registry/proxy.ts';
import { sourceText } from './access.ts';
import { printCredential } from './exec-credential.ts';
import { KubeError } from './outcome.ts';

export interface ShownCredentials {
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly client: { readonly certificate: string; readonly key: string } | undefined;
  /** PEM; undefined: the authorities of this machine. */
  readonly authority: string | undefined;
}

export interface KubeCredentials {
  /** Throws KubeError (`unauthorized`) when there never were any and none can be had. */
  current(): Promise<ShownCredentials>;
  /** The server did not take these (401): the next call of `current` looks for newer ones. */
  refused(shown: ShownCredentials): void;
}

export interface CredentialOptions {
  readonly environment: Environment;
  readonly now: () => number;
}

/** Files are looked at again after this time (client-go has the same minute for tokens). */
const freshFor = 60_000;
/** A printed credential is renewed this long before its end. */
const margin = 10_000;

export function kubeCredentials(access: ClusterAccess, options: CredentialOptions): KubeCredentials {
  const { environment, now } = options;
  const impersonated = impersonationHeaders(access);
  let known: ShownCredentials | undefined;
  let until = 0;
  let pending: Promise<ShownCredentials> | undefined;
  const read = async (): Promise<ShownCredentials> => {
    const printed =
      access.program === undefined ? undefined : await printCredential(access.program, access, environment);
    const token = printed?.token ?? (access.token === undefined ? undefined : sourceText(access.token).trim());
    // A line break in a token would end the header.
    if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
      throw new LandwaiterError({ code: 'CONFIG_INVALID', message: 'the token is empty or not one word' });
    const written =
      access.client === undefined
        ? undefined
        : { certificate: sourceText(access.client.certificate), key: sourceText(access.client.key) };
    until = printed?.expires === undefined ? now() + freshFor : Math.max(printed.expires - margin, now() + 1_000);
    // A program that states no end is asked again only when the server refuses what it printed.
    if (access.program !== undefined && printed?.expires === undefined) until = Number.POSITIVE_INFINITY;
    return {
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...impersonated },
      client: printed?.client ?? written,
      authority: access.authority === undefined ? undefined : sourceText(access.authority),
    };
  };
  const renew = async (): Promise<ShownCredentials> => {
    try {
      known = await read();
      return known;
    } catch (error) {
      if (!(error instanceof LandwaiterError)) throw error;
      if (known === undefined)
        throw new KubeError(
          { fault: 'unauthorized', reason: `there are no credentials for the cluster: ${messageOf(error)}` },
          error,
        );
      // Not at every request: whoever renews the file is at it.
      until = now() + 1_000;
      return known;
    }
  };
  return {
    current: async () => {
      if (known !== undefined && now() < until) return known;
      pending ??= renew().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    refused: (shown) => {
      if (shown === known) until = 0;
    },
  };
}

function impersonationHeaders({ impersonation }: ClusterAccess): Record<string, string | readonly string[]> {
  if (impersonation === undefined) return {};
  const { user, groups } = impersonation;
  return { 'impersonate-user': user, ...(groups.length === 0 ? {} : { 'impersonate-group': groups }) };
}
