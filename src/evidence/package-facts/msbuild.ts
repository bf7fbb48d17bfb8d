// SPDX-License-Identifier: Apache-2.0
// MSBuild files (*.csproj, *.props) as far as packages go: properties and package items. Nothing is evaluated: conditions are taken as
// true, and what cannot be told without running MSBuild stays unresolved.
import type { XmlElement } from '../../formats/xml.ts';
import { childrenOf, decodeXml, parseXml } from '../../formats/xml.ts';
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CompanionFiles } from '../packages/cataloger.ts';

export interface MsbuildItem {
  readonly kind: 'PackageReference' | 'PackageVersion' | 'GlobalPackageReference' | 'PackageDownload';
  /** As written: may hold properties. */
  readonly name: string;
  readonly version: string | undefined;
  readonly versionOverride: string | undefined;
  /** `PrivateAssets`: `all` for what does not flow to those who use the project. */
  readonly privateAssets: string | undefined;
  readonly location: Location;
}

export interface MsbuildFile {
  readonly path: string;
  /** Names in lower case: MSBuild does not tell case apart. */
  readonly properties: ReadonlyMap<string, string>;
  readonly items: readonly MsbuildItem[];
  readonly problems: readonly Problem[];
}

/** Globs of the files that a project inherits from the folders above. */
export const msbuildCompanions: readonly string[] = ['**/Directory.Packages.props', '**/Directory.Build.props'];

const itemKinds = ['PackageReference', 'PackageVersion', 'GlobalPackageReference', 'PackageDownload'] as const;

/** Reads one file. Never throws; a document that is no <Project> is a problem. */
export function parseMsbuild(file: SourceFile): MsbuildFile {
  const { text, problems: encoding } = decodeXml(file.bytes, file.path);
  const { root, problems: syntax } = parseXml(text, file.path);
  const problems: Problem[] = [...encoding, ...syntax];
  const project = root?.name.toLowerCase() === 'project' ? root : undefined;
  if (project === undefined && syntax.length === 0) {
    problems.push({
      kind: 'schema',
      message: 'not an MSBuild file: no <Project>',
      location: { path: file.path, line: 1 },
      hidesFindings: true,
    });
  }
  const properties = groupsOf(project, 'PropertyGroup').flatMap((group) => group.children);
  const items = groupsOf(project, 'ItemGroup').flatMap((group) =>
    itemKinds.flatMap((kind) => childrenOf(group, kind).map((element) => itemOf(element, kind, file.path))),
  );
  return {
    path: file.path,
    properties: new Map(properties.map((element) => [element.name.toLowerCase(), element.text.trim()])),
    items: items.toSorted((a, b) => (a.location.line ?? 0) - (b.location.line ?? 0)),
    problems,
  };
}

/** Groups of the project and of its <Choose><When> and <Otherwise> branches, all of them. */
function groupsOf(project: XmlElement | undefined, name: string): XmlElement[] {
  const branches = childrenOf(project, 'Choose').flatMap((choose) => choose.children);
  return [project, ...branches].flatMap((element) => [...childrenOf(element, name)]);
}

function itemOf(element: XmlElement, kind: MsbuildItem['kind'], path: string): MsbuildItem {
  const value = (name: string): string | undefined => {
    const attribute = Object.entries(element.attributes).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
    const child = element.children.find((item) => item.name.toLowerCase() === name.toLowerCase())?.text;
    return (attribute ?? child)?.trim() || undefined;
  };
  return {
    kind,
    name: value('Include') ?? value('Update') ?? '',
    version: value('Version'),
    versionOverride: value('VersionOverride'),
    privateAssets: value('PrivateAssets'),
    location: { path, line: element.line, endLine: element.endLine },
  };
}

const parsed = new WeakMap<CompanionFiles, Map<string, MsbuildFile>>();

/** The nearest file of that name in a folder or one above it, parsed once per run. */
export function inheritedFile(folder: string, name: string, files: CompanionFiles): MsbuildFile | undefined {
  let known = parsed.get(files);
  if (known === undefined) {
    known = new Map();
    parsed.set(files, known);
  }
  for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const path = at === '' ? name : `${at}/${name}`;
    const file = files.get(path);
    if (file !== undefined) {
      const before = known.get(path) ?? parseMsbuild(file);
      known.set(path, before);
      return before;
    }
    if (at === '') return undefined;
  }
}

/** Replaces `$(Name)`, the first file that has it winning; what is unknown, or goes round in circles, stays. */
export function replaceProperties(text: string, files: readonly (MsbuildFile | undefined)[]): string {
  let current = text;
  for (let round = 0; round < 10 && current.includes('$('); round += 1) {
    const next = current.replace(/\$\(([A-Za-z0-9_.-]{1,200})\)/g, (whole, name: string) => {
      const key = name.toLowerCase();
      return files.find((file) => file?.properties.has(key) === true)?.properties.get(key) ?? whole;
    });
    if (next === current || next.length > 4_096) break;
    current = next;
  }
  return current;
}
