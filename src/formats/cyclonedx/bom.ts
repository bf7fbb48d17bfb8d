// SPDX-License-Identifier: Apache-2.0
// Reads a CycloneDX document of any version and syntax into a tree in JSON form, and says what is wrong with it.
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import { asObject, type DocumentPath } from '../document.ts';
import { parseJson } from '../json.ts';
import { parseXml } from '../xml.ts';
import type { BomObject, Fault } from './faults.ts';
import type { Minor, Syntax } from './notation.ts';
import { printBomJson } from './print-json.ts';
import { printBomXml } from './print-xml.ts';
import { readTextTree } from './read-textproto.ts';
import { readXmlTree } from './read-xml.ts';
import { minorOf } from './specification.ts';
import { parseTextproto } from './textproto.ts';
import { validateBom } from './validate.ts';

export interface BomDocument {
  readonly syntax: Syntax;
  /** Version of the specification; undefined when the document states none that is known. It is then read as the newest. */
  readonly minor: Minor | undefined;
  /** The members of the document as in JSON; undefined when the text is not of the syntax at all. */
  readonly tree: Readonly<BomObject> | undefined;
  /** Syntax errors, and breaches of the schema of the version (kind `schema`, which do not hide findings by themselves). */
  readonly problems: readonly Problem[];
  /** Lines of a member of the tree, as near as the syntax allows. */
  locate(path: DocumentPath): Location;
}

/** Reads JSON, XML or protobuf text, whichever it looks like. Never throws. */
export function readBom(text: string, path: string): BomDocument {
  const first = /^[\s\uFEFF]*(.)/.exec(text.slice(0, 4_096))?.[1];
  if (first === '<') return readBomXml(text, path);
  return first === '{' ? readBomJson(text, path) : readBomTextproto(text, path);
}

/** Prints a tree. Protobuf text is only read. */
export function printBom(tree: Readonly<BomObject>, minor: Minor, syntax: 'json' | 'xml'): string {
  return syntax === 'json' ? printBomJson(tree, minor) : printBomXml(tree, minor);
}

export function readBomJson(text: string, path: string): BomDocument {
  const document = parseJson(text, path);
  const tree = asObject(document.value);
  const stated = tree?.['specVersion'];
  const minor = typeof stated === 'string' ? minorOf(stated) : undefined;
  const faults: Fault[] = document.value === undefined ? [] : validateBom(document.value, minor ?? 7);
  if (document.value !== undefined && minor === undefined) {
    faults.push({
      path: ['specVersion'],
      message: `${JSON.stringify(stated) ?? 'nothing'} is not a known version of CycloneDX`,
      isFatal: true,
    });
  }
  const problems = [...document.problems, ...faults.map((fault) => problemOf(fault, document.locate(fault.path)))];
  return { syntax: 'json', minor, tree, problems, locate: (at) => document.locate(at) };
}

export function readBomXml(text: string, path: string): BomDocument {
  const document = parseXml(text, path);
  const read = document.root === undefined ? undefined : readXmlTree(document.root);
  return fromFaults({ syntax: 'xml', path, read, problems: document.problems });
}

export function readBomTextproto(text: string, path: string): BomDocument {
  const document = parseTextproto(text, path);
  return fromFaults({ syntax: 'textproto', path, read: readTextTree(document.message), problems: document.problems });
}

function fromFaults(parts: {
  readonly syntax: Syntax;
  readonly path: string;
  readonly read:
    | { readonly minor: Minor | undefined; readonly tree: BomObject; readonly faults: readonly Fault[] }
    | undefined;
  readonly problems: readonly Problem[];
}): BomDocument {
  const { syntax, path, read } = parts;
  const schema = (read?.faults ?? []).map((fault) =>
    problemOf(fault, { path, ...(fault.line === undefined ? {} : { line: fault.line }) }),
  );
  return {
    syntax,
    minor: read?.minor,
    tree: read?.tree,
    problems: [...parts.problems, ...schema],
    locate: () => ({ path }),
  };
}

function problemOf(fault: Fault, location: Location): Problem {
  const member = fault.path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
  return {
    kind: fault.isFatal === true ? 'unsupported' : 'schema',
    message: member === '' ? fault.message : `${member} ${fault.message}`,
    location,
    hidesFindings: fault.isFatal === true,
  };
}
