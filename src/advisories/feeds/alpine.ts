// SPDX-License-Identifier: Apache-2.0
// Alpine's secdb: per release and repository, which package version fixes which CVE. JSON and the older YAML have one shape, and so have the
// security.json of Wolfi, Chainguard and MinimOS, which roll.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import { affectedPackage, cveOf } from '../feed-facts.ts';

export const alpine = defineFeed({
  id: 'alpine',
  title: 'Alpine secdb, JSON or YAML; security.json of Wolfi, Chainguard and MinimOS',
  recognises: ({ value }) => {
    const record = asObject(value);
    return record !== undefined && Array.isArray(record['packages']) && systemOf(record) !== undefined;
  },
  read: readRecord,
});

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  const record = asObject(value);
  const system = systemOf(record ?? {});
  if (system === undefined) {
    output.malformed(path, 'not a secdb document: no known distroversion');
    return;
  }
  for (const item of asArray(record?.['packages'])) {
    const pkg = asObject(asObject(item)?.['pkg']);
    const name = asString(pkg?.['name']);
    if (name === undefined) output.malformed(path, 'a package of the secdb has no name');
    else {
      for (const [version, ids] of entriesOf(pkg?.['secfixes']))
        readFixes(output, { ...system, name, version, ids: asStrings(ids) });
    }
  }
}

interface System {
  /** The OSV ecosystem. */
  readonly release: string;
  readonly source: string;
}

/** Rolling systems state no version: the address of their packages tells. */
const rolling: readonly (readonly [RegExp, System])[] = [
  [/(?:^|[/.])wolfi\.dev(?:\/|$)/, { release: 'Wolfi', source: 'chainguard' }],
  [/(?:^|[/.])cgr\.dev(?:\/|$)/, { release: 'Chainguard', source: 'chainguard' }],
  [/(?:^|[/.])(?:mini|minimus|minimos)\.(?:dev|io)(?:\/|$)/, { release: 'MinimOS', source: 'minimos' }],
];

function systemOf(record: JsonObject): System | undefined {
  const release = releaseOf(asString(record['distroversion']));
  if (release !== undefined) return { release, source: 'alpine' };
  const address = asString(record['urlprefix']) ?? '';
  return rolling.find(([pattern]) => pattern.test(address))?.[1];
}

/** `v3.19` and `3.19` are `Alpine:v3.19` in OSV; edge keeps its name. */
function releaseOf(version: string | undefined): string | undefined {
  const release = version?.trim().toLowerCase() ?? '';
  if (release === 'edge' || release === 'edge-main') return 'Alpine:edge';
  const digits = /^v?(\d{1,3}\.\d{1,3})$/.exec(release)?.[1];
  return digits === undefined ? undefined : `Alpine:v${digits}`;
}

interface Fixes extends System {
  readonly name: string;
  readonly version: string;
  readonly ids: readonly string[];
}

function readFixes(output: FeedOutput, { release, source, name, version, ids }: Fixes): void {
  // Version 0 says that the package was never affected.
  if (version === '0') {
    output.skip('not affected', ids.length);
    return;
  }
  const affected = affectedPackage({ ecosystem: release, name, ranges: [{ fixed: version }] });
  if (affected === undefined) return;
  for (const entry of ids) {
    // `CVE-2017-2616 (+ regression fix)`, `CVE-2019-1 XSA-7 GHSA-...`: the CVE stands first, others are names for the same.
    const names = entry.split(/[\s(),]+/);
    const id =
      names.map(cveOf).find((item) => item !== undefined) ?? names.find((name) => /^GHSA-[\w-]{14}$/.test(name));
    if (id === undefined) {
      output.skip('no identifier');
      continue;
    }
    output.combine({ id, aliases: [], source, severities: [], cwes: [], affected: [affected] });
  }
}
