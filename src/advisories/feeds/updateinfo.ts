// SPDX-License-Identifier: Apache-2.0
// updateinfo.xml of rpm repositories: errata with the builds that repair them (Amazon Linux, Bottlerocket, Oracle Linux, AlmaLinux, Rocky
// Linux, Fedora, SUSE). The release follows from the erratum's id and from the mark that builds bear.
import type { XmlPart } from '../../formats/xml-parts.ts';
import { eachXmlPart, partOf, partsOf, partText } from '../../formats/xml-parts.ts';
import type { AffectedPackage } from '../../model/advisory.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import {
  affectedPackage,
  aliasesOrFixes,
  cveOf,
  dateTimeOf,
  isIdentifier,
  severitiesOf,
  severityOfWord,
} from '../feed-facts.ts';

export const updateinfo = defineFeed({
  id: 'updateinfo',
  title: 'updateinfo.xml of rpm repositories (Amazon Linux, Bottlerocket, Oracle Linux ...)',
  recognises: ({ value }) => typeof value === 'string' && /<updates[\s>]/.test(value.slice(0, 2_000)),
  read: readDocument,
});

interface Publisher {
  /** Beginning of the ids of its errata. */
  readonly ids: RegExp;
  readonly source: string;
  /** Mark of the release in a build, and the ecosystem of that release. */
  readonly mark: RegExp;
  readonly ecosystem: (release: string) => string;
}

const enterpriseMark = /[._+]el(\d{1,3})(?!\d)/;

const publishers: readonly Publisher[] = [
  {
    ids: /^ALAS/,
    source: 'amazon',
    mark: /\.amzn(\d{1,4})(?!\d)/,
    ecosystem: (release) => `Amazon Linux:${release}`,
  },
  { ids: /^BRSA-/, source: 'bottlerocket', mark: /\.br(\d)(?!\d)/, ecosystem: () => 'Bottlerocket' },
  { ids: /^EL[SBE]A-/, source: 'oracle', mark: enterpriseMark, ecosystem: (release) => `Oracle Linux:${release}` },
  { ids: /^AL[SBE]A-/, source: 'almalinux', mark: enterpriseMark, ecosystem: (release) => `AlmaLinux:${release}` },
  { ids: /^R[LX][SBE]A-/, source: 'rocky', mark: enterpriseMark, ecosystem: (release) => `Rocky Linux:${release}` },
  { ids: /^RH[SBE]A-/, source: 'redhat', mark: enterpriseMark, ecosystem: (release) => `Red Hat:${release}` },
  { ids: /^FEDORA-/, source: 'fedora', mark: /\.fc(\d{1,3})(?!\d)/, ecosystem: (release) => `Fedora:${release}` },
];

function readDocument({ path, value }: FeedRecord, output: FeedOutput): void {
  if (typeof value !== 'string') {
    output.malformed(path, 'not an updateinfo.xml');
    return;
  }
  const problems = eachXmlPart(value, path, {
    depth: 1,
    onPart: (part) => {
      if (part.name === 'update') readUpdate(part, path, output);
    },
  });
  for (const problem of problems) output.problem(problem);
}

function readUpdate(update: XmlPart, path: string, output: FeedOutput): void {
  const id = partText(update, 'id');
  if (update.attributes['type'] !== 'security') {
    output.skip('not security');
    return;
  }
  const publisher = publishers.find(({ ids }) => ids.test(id));
  if (publisher === undefined || !isIdentifier(id)) {
    if (isIdentifier(id)) output.skip('unknown release');
    else output.malformed(path, 'an update has no id');
    return;
  }
  const affected = packagesOf(update, publisher, output);
  if (affected.length === 0) return;
  const references = partsOf(partOf(update, 'references'), 'reference');
  const published = dateTimeOf(dateOf(partOf(update, 'issued')));
  const modified = dateTimeOf(dateOf(partOf(update, 'updated')));
  const { source } = publisher;
  output.combine({
    id,
    ...aliasesOrFixes(
      id,
      references.map((reference) => cveOf(reference.attributes['id'])),
    ),
    source,
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
    severities: severitiesOf([severityOfWord(partText(update, 'severity'), source)]),
    cwes: [],
    affected,
  });
}

/** `2018-01-07 18:00`, also with seconds, as an attribute or in the element. */
function dateOf(element: XmlPart | undefined): string {
  const text = (element?.attributes['date'] ?? element?.text ?? '').trim();
  return /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/.test(text) ? `${text}:00` : text;
}

/** One entry per name, version and module, with the architectures it was built for. */
function packagesOf(update: XmlPart, { mark, ecosystem }: Publisher, output: FeedOutput): readonly AffectedPackage[] {
  const builds = new Map<string, { parts: Parameters<typeof affectedPackage>[0]; architectures: Set<string> }>();
  for (const collection of partsOf(partOf(update, 'pkglist'), 'collection')) {
    const module = partOf(collection, 'module')?.attributes;
    const modularity = module === undefined ? undefined : `${module['name'] ?? ''}:${module['stream'] ?? ''}`;
    for (const { attributes } of partsOf(collection, 'package')) {
      const { name = '', version = '', release = '', arch = '', epoch = '0' } = attributes;
      if (arch === 'src' || name === '' || version === '') continue;
      const found = mark.exec(`.${release}`)?.[1];
      if (found === undefined) {
        output.skip('unknown release');
        continue;
      }
      const fixed = `${epoch === '0' || epoch === '' ? '' : `${epoch}:`}${version}${release === '' ? '' : `-${release}`}`;
      const key = [name, fixed, modularity ?? ''].join('\n');
      const known = builds.get(key) ?? {
        parts: {
          ecosystem: ecosystem(found),
          name,
          ranges: [withFloor(partText(update, 'id'), fixed)],
          ...(modularity === undefined ? {} : { modularity }),
        },
        architectures: new Set<string>(),
      };
      if (arch !== '') known.architectures.add(arch);
      builds.set(key, known);
    }
  }
  return [...builds.values()]
    .map(({ parts, architectures }) =>
      affectedPackage({ ...parts, ...(architectures.has('noarch') ? {} : { architectures: [...architectures] }) }),
    )
    .filter((item) => item !== undefined);
}

/** Amazon has an erratum per line of the kernel (`ALASKERNEL-5.10-2022-005`): it does not speak of the lines before. */
function withFloor(id: string, fixed: string): { readonly introduced?: string; readonly fixed: string } {
  const line = /^ALAS2?KERNEL-(\d{1,2}\.\d{1,3})-/.exec(id)?.[1];
  return line === undefined ? { fixed } : { introduced: line, fixed };
}
