// SPDX-License-Identifier: Apache-2.0
// Brings addresses of licence texts into one form, so that `http://www.apache.org/licenses/LICENSE-2.0.txt` and
// `https://apache.org/licenses/LICENSE-2.0` are the same. Which licence an address names stands in spdx-license.ts.

/** Without http(s), `www.`, trailing slash and file type; the host in lower case; snapshots of the web archive are unwrapped once. */
export function normaliseLicenseUrl(address: string): string {
  let url = address
    .trim()
    .slice(0, 2_000)
    .replace(/^https?:\/\//i, '');
  const snapshot = /^web\.archive\.org\/web\/[0-9]{4,14}(?:[a-z]{2}_)?\/(?:https?:\/\/)?(.+)$/.exec(url);
  if (snapshot !== null) url = snapshot[1] ?? '';
  const slash = url.indexOf('/');
  const host = (slash === -1 ? url : url.slice(0, slash)).toLowerCase().replace(/^www\./, '');
  const path = slash === -1 ? '' : url.slice(slash);
  return `${host}${path}`
    .replace(/\/+$/, '')
    .replace(/\.(?:txt|html?|php|md|rst|pdf)$/i, '')
    .replace('opensource.org/licenses/', 'opensource.org/license/');
}
