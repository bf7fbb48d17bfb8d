// SPDX-License-Identifier: Apache-2.0
// Pages of a line of a file in a commit, at the hosts of repositories. Matches gitleaks' links, its order of escaping included.
import { posix } from 'node:path';

export const repositoryHosts = ['github', 'gitlab', 'azuredevops', 'gitea', 'bitbucket'] as const;
export type RepositoryHost = (typeof repositoryHosts)[number];

export interface LinkedPlace {
  readonly commit: string;
  /** `outer.zip!inner.txt` links to the archive. */
  readonly file: string;
  /** 0: no line. */
  readonly startLine: number;
  readonly endLine: number;
}

/** `url` is the address of the repository without `.git`. The empty text without a commit. */
export function commitLink(host: RepositoryHost, url: string, place: LinkedPlace): string {
  if (place.commit === '') return '';
  const inner = place.file.indexOf('!');
  const file = (inner === -1 ? place.file : place.file.slice(0, inner)).replaceAll('%', '%25').replaceAll(' ', '%20');
  const lines = inner === -1 ? place : undefined;
  const isShownAsPage = ['.ipynb', '.md'].includes(posix.extname(file).toLowerCase());
  switch (host) {
    case 'github':
      return `${url}/blob/${place.commit}/${file}${lines === undefined ? '' : `${isShownAsPage ? '?plain=1' : ''}${range(lines, '#L', '-L')}`}`;
    case 'gitlab':
      return `${url}/blob/${place.commit}/${file}${lines === undefined ? '' : range(lines, '#L', '-')}`;
    case 'gitea':
      return `${url}/src/commit/${place.commit}/${file}${lines === undefined ? '' : `${isShownAsPage ? '?display=source' : ''}${range(lines, '#L', '-L')}`}`;
    case 'bitbucket':
      return `${url}/src/${place.commit}/${file}${lines === undefined ? '' : range(lines, '#lines-', ':')}`;
    default:
      return `${url}/commit/${place.commit}?path=/${file}${lines === undefined ? '' : `${range(lines, '&line=', '&lineEnd=')}&lineStartColumn=1&lineEndColumn=10000000&type=2&lineStyle=plain&_a=files`}`;
  }
}

function range({ startLine, endLine }: LinkedPlace, start: string, end: string): string {
  return `${startLine === 0 ? '' : `${start}${startLine}`}${endLine === startLine ? '' : `${end}${endLine}`}`;
}

/** What host an address is at; undefined for one that is not known. */
export function hostOf(address: string): RepositoryHost | undefined {
  const name = URL.canParse(address) ? new URL(address).hostname.toLowerCase() : '';
  const known: Readonly<Record<string, RepositoryHost>> = {
    'github.com': 'github',
    'gitlab.com': 'gitlab',
    'dev.azure.com': 'azuredevops',
    'visualstudio.com': 'azuredevops',
    'gitea.com': 'gitea',
    'code.forgejo.org': 'gitea',
    'codeberg.org': 'gitea',
    'bitbucket.org': 'bitbucket',
  };
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

/** The page of a remote: `git@host:owner/name.git` as https, without user and `.git`; undefined for a path. */
export function pageOfRemote(remote: string): string | undefined {
  const ssh = /^git@([a-zA-Z0-9.-]{1,255}):(?:\d{1,5}\/)?([\w/.-]{1,1000})$/.exec(remote);
  const address = (ssh === null ? remote : `https://${ssh[1]}/${ssh[2]}`).replace(/\.git$/, '');
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:' && url.protocol !== 'ssh:') return undefined;
  url.username = '';
  url.password = '';
  return url.href.replace(/\/$/, '');
}
