// SPDX-License-Identifier: Apache-2.0
// What the header of an rpm tells of its package, for the database and for .rpm files alike: names, versions, where it comes from.

import { readOpenPgpSignature } from '../../formats/openpgp-signature.ts';
import { sourceOfRpm } from '../../formats/purl-package.ts';
import { parseReleaseLine } from '../../formats/release-file.ts';
import type { RpmHeader } from '../../formats/rpmdb/header.ts';
import { rpmTags } from '../../formats/rpmdb/tags.ts';
import { decodeText } from '../../formats/text.ts';
import { digestOf } from '../../model/digest.ts';
import type { Distribution, Package, PackageFacts, SourcePackage } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { CompanionFiles } from '../packages/cataloger.ts';
import { distributionIn, osReleaseFiles } from './distribution.ts';

/** The parts that a header and a line of a manifest have in common. */
export interface RpmParts {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  /** Undefined when none is stated, which rpm takes for 0. */
  readonly epoch: number | undefined;
  readonly architecture: string;
  /** `bash-5.1.8-6.el9.src.rpm`; empty for source packages and for keys. */
  readonly sourceRpm: string;
  readonly vendor: string;
  readonly modularity: string;
  /** Bytes on disk when installed. */
  readonly size: number | undefined;
  /** Seconds since 1970. */
  readonly installedAt: number | undefined;
}

/** Files that name the distribution of an rpm system, the newer ones first. */
export const rpmReleaseFiles: readonly string[] = [
  ...osReleaseFiles,
  'etc/{almalinux,centos,fedora,oracle,redhat,rocky,system}-release',
];

/** os-release, else the line of a release file of old systems. */
export function rpmDistributionIn(tree: CompanionFiles): Distribution | undefined {
  const found = distributionIn(tree);
  if (found !== undefined) return found;
  for (const path of tree.match(rpmReleaseFiles.at(-1) ?? '')) {
    const file = tree.get(path);
    const distribution = file === undefined ? undefined : parseReleaseLine(decodeText(file.bytes, path).text);
    if (distribution !== undefined) return distribution;
  }
  return undefined;
}

/** Undefined when the header lacks name, version or release. */
export function rpmPartsOf(header: RpmHeader): RpmParts | undefined {
  const name = header.string(rpmTags.name) ?? '';
  const version = header.string(rpmTags.version) ?? '';
  const release = header.string(rpmTags.release) ?? '';
  if (name === '' || version === '') return undefined;
  const isSource = header.has(rpmTags.sourcePackage) && !header.has(rpmTags.sourceRpm);
  return {
    name,
    version,
    release,
    epoch: header.number(rpmTags.epoch),
    // The header of a source package states the machine it was built on.
    architecture: isSource ? 'src' : (header.string(rpmTags.architecture) ?? ''),
    sourceRpm: header.string(rpmTags.sourceRpm) ?? '',
    vendor: header.string(rpmTags.vendor) ?? '',
    modularity: header.string(rpmTags.modularityLabel) ?? '',
    size: header.number(rpmTags.longSize) ?? header.number(rpmTags.size),
    installedAt: header.number(rpmTags.installTime),
  };
}

export interface RpmPlace {
  readonly path: string;
  readonly distribution: Distribution | undefined;
}

/** The package of a header, without dependencies; undefined when the header names none. */
export function packageOfRpm(header: RpmHeader, place: RpmPlace): Package | undefined {
  const parts = rpmPartsOf(header);
  if (parts === undefined) return undefined;
  const license = header.string(rpmTags.license) ?? '';
  const md5 = header.binary(rpmTags.signatureMd5);
  const digest = md5 === undefined ? undefined : digestOf('md5', Buffer.from(md5).toString('hex'));
  const described = { description: header.string(rpmTags.summary), homepage: header.string(rpmTags.url) };
  const found = packageOfRpmParts(parts, place);
  const signature = signatureOf(header);
  return {
    ...found,
    licenses: license === '' ? [] : [license],
    digests: digest === undefined ? [] : [digest],
    facts: {
      ...stated(described),
      ...found.facts,
      other: { ...found.facts?.other, ...(signature === undefined ? {} : { signature }) },
    },
  };
}

/** Who signed the header, as it says itself: `RSA/SHA256, key 702d426d350d275d, 2024-02-29T17:37:22.000Z`. Not verified. */
export function signatureOf(header: RpmHeader): string | undefined {
  const packet = header.binary(rpmTags.rsaSignature) ?? header.binary(rpmTags.dsaSignature);
  const signature = packet === undefined ? undefined : readOpenPgpSignature(packet);
  if (signature === undefined) return undefined;
  const key = signature.keyId === undefined ? [] : [`key ${signature.keyId}`];
  const time = signature.createdAt === undefined ? [] : [signature.createdAt];
  return [`${signature.keyAlgorithm}/${signature.hash}`, ...key, ...time].join(', ');
}

/** The same from parts. The epoch is part of the version unless it is 0: that is how versions of advisories are written. */
export function packageOfRpmParts(parts: RpmParts, { path, distribution }: RpmPlace): Package {
  const plain = parts.release === '' ? parts.version : `${parts.version}-${parts.release}`;
  const { name, architecture, sourceRpm, vendor, modularity, epoch = 0 } = parts;
  const version = epoch === 0 ? plain : `${epoch}:${plain}`;
  const purl = rpmPurl(parts, plain, distribution);
  const sources = sourcesOf(sourceRpm, epoch);
  const other = {
    sourceRpm,
    installedSize: parts.size === undefined ? '' : String(parts.size),
    installedAt: timeOf(parts.installedAt),
  };
  const facts: PackageFacts = {
    ...stated({ architecture, vendor, supplier: vendor }),
    epoch,
    modularity,
    other: stated(other),
  };
  return packageOf({
    name,
    version,
    type: 'rpm',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path }],
    ...(sources.length === 0 ? {} : { sources }),
    facts,
  });
}

/** RFC 3339; empty for what no calendar holds. */
function timeOf(seconds: number | undefined): string {
  return seconds === undefined || seconds > 8.64e12 ? '' : new Date(seconds * 1000).toISOString();
}

function stated<T extends Readonly<Record<string, string | undefined>>>(values: T): Partial<Record<keyof T, string>> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(entries) as Partial<Record<keyof T, string>>;
}

/** The source package has the epoch of its binaries in nearly every case; its file name does not tell. */
function sourcesOf(sourceRpm: string, epoch: number): readonly SourcePackage[] {
  const sources = sourceOfRpm(sourceRpm) ?? [];
  if (epoch === 0) return sources;
  return sources.map((source) => ({ name: source.name, version: `${epoch}:${source.version}` }));
}

/** Vendors as package URLs name them, where that is not the ID in os-release. */
function namespaceOf(distribution: Distribution): string {
  if (distribution.id === 'rhel' || distribution.id === 'hummingbird') return 'redhat';
  return distribution.id.startsWith('opensuse') ? 'opensuse' : distribution.id;
}

/** `pkg:rpm/redhat/bash@5.1.8-6.el9?arch=x86_64&distro=rhel-9.2&upstream=bash-5.1.8-6.el9.src.rpm`; an epoch only where one is stated. */
function rpmPurl(parts: RpmParts, version: string, distribution: Distribution | undefined): string | undefined {
  const { name, epoch, architecture, sourceRpm, modularity } = parts;
  const release = distribution === undefined || distribution.versionId === '' ? '' : `-${distribution.versionId}`;
  return formatPurl({
    type: 'rpm',
    ...(distribution === undefined ? {} : { namespace: namespaceOf(distribution) }),
    name,
    version,
    qualifiers: {
      arch: architecture,
      distro: distribution === undefined ? undefined : `${distribution.id}${release}`,
      epoch: epoch === undefined ? undefined : String(epoch),
      // Syft and Grype call it rpmmod.
      rpmmod: modularity,
      upstream: sourceRpm,
    },
  });
}
