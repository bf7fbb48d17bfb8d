// SPDX-License-Identifier: Apache-2.0
// Syft's own JSON, for tools that read it (Grype among them). What the format has no place for is not written: scopes, lines, digests of
// ecosystems other than Java and JavaScript. Ids are hashes of content.
import { hash } from 'node:crypto';
import { canonicalLicense } from '../formats/spdx-license.ts';
import type { Distribution, Package, PackageList } from '../model/package.ts';
import { packageListsOf } from '../model/projection.ts';
import type { ReportTarget } from './report.ts';
import { defineReport } from './report.ts';

const schemaVersion = '16.0.34';

export const syftJson = defineReport({
  id: 'syft-json',
  aliases: ['syft'],
  title: 'Syft JSON',
  extension: 'syft.json',
  commands: ['sbom'],
  write: ({ target, tool, createdAt, graph }) => {
    const lists = packageListsOf(graph);
    const source = sourceOf(target);
    const ids = new ArtifactIds(lists);
    const files = [...new Set(lists.map((list) => list.path))].map((path) => ({
      id: idOf(`file\n${path}`),
      location: { path: `/${path}` },
    }));
    const document = {
      artifacts: lists.flatMap((list) =>
        list.packages.map((item) => artifactOf(item, list, ids.of(list, item.id) ?? '')),
      ),
      artifactRelationships: relationshipsOf(lists, ids, source.id),
      files,
      source,
      distro: distroOf(lists.find((list) => list.distribution !== undefined)?.distribution),
      descriptor: { name: tool.name, version: tool.version, timestamp: createdAt },
      schema: {
        version: schemaVersion,
        url: `https://raw.githubusercontent.com/anchore/syft/main/schema/json/schema-${schemaVersion}.json`,
      },
    };
    return `${JSON.stringify(document, null, 1)}\n`;
  },
});

function idOf(content: string): string {
  return hash('sha256', content).slice(0, 16);
}

/** Package ids are unique in their list; a dependency may name a package of another list of the same SBOM. */
class ArtifactIds {
  readonly #own = new Map<PackageList, ReadonlyMap<string, string>>();
  readonly #everywhere = new Map<string, string>();

  constructor(lists: readonly PackageList[]) {
    for (const list of lists) {
      const own = new Map(
        list.packages.map((item) => [item.id, idOf(`package\n${list.cataloger}\n${list.path}\n${item.id}`)]),
      );
      this.#own.set(list, own);
      for (const [id, artifact] of own) if (!this.#everywhere.has(id)) this.#everywhere.set(id, artifact);
    }
  }

  of(list: PackageList, id: string): string | undefined {
    return this.#own.get(list)?.get(id) ?? this.#everywhere.get(id);
  }
}

interface SyftRelationship {
  readonly parent: string;
  readonly child: string;
  readonly type: 'contains' | 'dependency-of' | 'evident-by';
}

function relationshipsOf(lists: readonly PackageList[], ids: ArtifactIds, source: string): readonly SyftRelationship[] {
  return lists.flatMap((list) =>
    list.packages.flatMap((item) => {
      const own = ids.of(list, item.id) ?? '';
      const needs = [...new Set(item.dependsOn)].map((id) => ids.of(list, id)).filter((id) => id !== undefined);
      return [
        { parent: source, child: own, type: 'contains' as const },
        { parent: own, child: idOf(`file\n${list.path}`), type: 'evident-by' as const },
        ...needs.map((parent) => ({ parent, child: own, type: 'dependency-of' as const })),
      ];
    }),
  );
}

interface SyftType {
  readonly type: string;
  readonly language: string;
}

/** Type of package URLs to Syft's type and language. */
const types: Readonly<Record<string, SyftType>> = {
  alpm: { type: 'alpm', language: '' },
  apk: { type: 'apk', language: '' },
  bitnami: { type: 'bitnami', language: '' },
  cargo: { type: 'rust-crate', language: 'rust' },
  cocoapods: { type: 'pod', language: 'swift' },
  composer: { type: 'php-composer', language: 'php' },
  conan: { type: 'conan', language: 'c++' },
  conda: { type: 'conda', language: '' },
  cran: { type: 'R-package', language: 'R' },
  deb: { type: 'deb', language: '' },
  ebuild: { type: 'portage', language: '' },
  gem: { type: 'gem', language: 'ruby' },
  github: { type: 'github-action', language: '' },
  githubactions: { type: 'github-action', language: '' },
  golang: { type: 'go-module', language: 'go' },
  hackage: { type: 'hackage', language: 'haskell' },
  hex: { type: 'hex', language: 'elixir' },
  brew: { type: 'homebrew', language: '' },
  nix: { type: 'nix', language: '' },
  otp: { type: 'erlang-otp', language: 'erlang' },
  pear: { type: 'php-pear', language: 'php' },
  pecl: { type: 'php-pear', language: 'php' },
  swiplpack: { type: 'swiplpack', language: 'swipl' },
  luarocks: { type: 'lua-rocks', language: 'lua' },
  maven: { type: 'java-archive', language: 'java' },
  npm: { type: 'npm', language: 'javascript' },
  nuget: { type: 'dotnet', language: 'dotnet' },
  opam: { type: 'opam', language: 'ocaml' },
  pub: { type: 'dart-pub', language: 'dart' },
  pypi: { type: 'python', language: 'python' },
  rpm: { type: 'rpm', language: '' },
  swift: { type: 'swift', language: 'swift' },
  terraform: { type: 'terraform', language: '' },
};

/** Names of generic packages that have a type of their own in Syft. */
const namedTypes: ReadonlySet<string> = new Set(['linux-kernel', 'linux-kernel-module']);

function typeOf(item: Package): SyftType | undefined {
  if (item.type === 'generic' && namedTypes.has(item.name)) return { type: item.name, language: '' };
  return Object.hasOwn(types, item.type) ? types[item.type] : undefined;
}

function artifactOf(item: Package, list: PackageList, id: string): Readonly<Record<string, unknown>> {
  const known = typeOf(item);
  const paths = [
    ...new Set([
      ...item.locations.map((location) => location.path),
      ...(item.locations.length === 0 ? [list.path] : []),
    ]),
  ];
  const layer = item.locations[0]?.layer;
  return {
    id,
    name: item.name,
    version: item.version,
    type: known?.type ?? 'UnknownPackage',
    foundBy: list.cataloger,
    locations: paths.map((path) => ({
      path: `/${path}`,
      ...(layer === undefined ? {} : { layerID: layer }),
      accessPath: `/${path}`,
      annotations: { evidence: 'primary' },
    })),
    licenses: item.licenses.map((value) => ({
      value,
      spdxExpression: canonicalLicense(value) ?? '',
      type: 'declared',
      urls: [],
      locations: [],
    })),
    language: known?.language ?? '',
    cpes: (item.cpes ?? []).map((cpe) => ({ cpe, source: 'declared' })),
    purl: item.purl ?? '',
    ...metadataOf(item),
  };
}

/** Only what a reader needs to match: source packages and digests, in the shapes of the format. */
function metadataOf(item: Package): Readonly<Record<string, unknown>> {
  const { facts = {} } = item;
  const source = item.sources?.[0];
  const described = (
    metadataType: string,
    metadata: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>> => ({
    metadataType,
    metadata: Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined)),
  });
  switch (item.type) {
    case 'deb':
      return described('dpkg-db-entry', {
        package: item.name,
        source: source?.name ?? '',
        version: item.version,
        sourceVersion: source === undefined || source.version === item.version ? '' : source.version,
        architecture: facts.architecture ?? '',
        maintainer: facts.author ?? '',
        installedSize: 0,
        files: [],
      });
    case 'rpm': {
      const { epoch, version, release } = rpmVersion(item.version);
      return described('rpm-db-entry', {
        name: item.name,
        version,
        epoch: facts.epoch ?? epoch,
        architecture: facts.architecture ?? '',
        release,
        sourceRpm: source === undefined ? '' : `${source.name}-${source.version.replace(/^\d+:/, '')}.src.rpm`,
        size: 0,
        vendor: facts.vendor ?? '',
        modularityLabel: facts.modularity,
        files: [],
      });
    }
    case 'apk':
      return described('apk-db-entry', {
        package: item.name,
        originPackage: source?.name ?? '',
        maintainer: facts.author ?? '',
        version: item.version,
        architecture: facts.architecture ?? '',
        url: facts.homepage ?? '',
        description: facts.description ?? '',
      });
    case 'npm':
      return described('javascript-npm-package-lock-entry', {
        resolved: facts.downloadUrl ?? '',
        integrity: item.digests.map(integrityOf).join(' '),
      });
    case 'maven':
      return item.digests.length === 0
        ? {}
        : described('java-archive', { virtualPath: '', digest: item.digests.map(digestParts) });
    case 'golang':
      return facts.goSymbols === undefined
        ? {}
        : described('go-module-buildinfo-entry', { architecture: facts.architecture, symbols: facts.goSymbols });
    default:
      return {};
  }
}

function rpmVersion(text: string): {
  readonly epoch: number | undefined;
  readonly version: string;
  readonly release: string;
} {
  const colon = text.indexOf(':');
  const epoch = colon > 0 ? Number(text.slice(0, colon)) : undefined;
  const rest = text.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  const version = dash === -1 ? rest : rest.slice(0, dash);
  return {
    epoch: Number.isSafeInteger(epoch) ? epoch : undefined,
    version,
    release: dash === -1 ? '' : rest.slice(dash + 1),
  };
}

function digestParts(digest: string): { readonly algorithm: string; readonly value: string } {
  const colon = digest.indexOf(':');
  return { algorithm: digest.slice(0, colon), value: digest.slice(colon + 1) };
}

/** Subresource integrity, as lock files of npm have it. */
function integrityOf(digest: string): string {
  const { algorithm, value } = digestParts(digest);
  return `${algorithm}-${Buffer.from(value, 'hex').toString('base64')}`;
}

function sourceOf(target: ReportTarget): { readonly id: string } & Readonly<Record<string, unknown>> {
  const { kind, name, version } = target;
  const type = kind === 'image' || kind === 'file' ? kind : 'directory';
  const place = target.target.replace(/^[a-z-]+:/, '');
  const metadata = type === 'image' ? { userInput: place } : { path: place };
  return { id: hash('sha256', `source\n${target.subject}`), name, version, type, metadata };
}

function distroOf(distribution: Distribution | undefined): Readonly<Record<string, unknown>> {
  if (distribution === undefined) return {};
  const { id, idLike, versionId, name, codename } = distribution;
  return {
    prettyName: name,
    name,
    id,
    ...(idLike.length === 0 ? {} : { idLike }),
    ...(versionId === '' ? {} : { versionID: versionId }),
    ...(codename === undefined ? {} : { versionCodename: codename }),
  };
}
