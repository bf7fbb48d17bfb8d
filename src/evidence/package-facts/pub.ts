// SPDX-License-Identifier: Apache-2.0
// Package URLs of Dart packages.
import { formatPurl } from '../../model/purl.ts';

export interface PubOrigin {
  /** URL of the server, for a hosted package. */
  readonly host?: string | undefined;
  /** URL and commit, for a package from git. */
  readonly repository?: string | undefined;
  readonly commit?: string | undefined;
}

/** A package of a server of one's own carries it as `hosted_url`, one from git as `vcs_url`, both as Syft writes them. */
export function pubPurl(name: string, version: string, origin: PubOrigin = {}): string | undefined {
  const { host, repository, commit } = origin;
  const server =
    host === undefined || isDefaultPubHost(host) ? undefined : host.replace(/^https?:\/\//, '').replace(/\/$/, '');
  const vcs = repository === undefined || commit === undefined ? undefined : `${repository}@${commit}`;
  return formatPurl({ type: 'pub', name, version, qualifiers: { hosted_url: server, vcs_url: vcs } });
}

/** The public server: its old and its new name are the only `pub.` hosts directly under the language's own domains. */
export function isDefaultPubHost(url: string): boolean {
  return /^(?:https?:\/\/)?pub\.(?:dev|dartlang\.[a-z]{2,3})\/?$/.test(url);
}
