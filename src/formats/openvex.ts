// SPDX-License-Identifier: Apache-2.0
// OpenVEX 0.0.1 - 0.2.0 (github.com/openvex/spec, OPENVEX-SPEC.md), also as the predicate of an in-toto statement (ATTESTING.md there).
import type { VexStatus } from '../model/decision.ts';
import type { Problem } from '../model/problem.ts';
import type { VexDocument, VexProduct, VexStatement } from '../model/vex.ts';
import { vexJustifications } from '../model/vex.ts';
import type { Document, DocumentPath, JsonObject } from './document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from './document.ts';
import { parseJson } from './json.ts';
import { productOf } from './vex-product.ts';

const statuses: readonly VexStatus[] = ['not_affected', 'affected', 'fixed', 'under_investigation'];

/** Reads one document. A statement that cannot be understood is a problem and does nothing. */
export function readOpenVex(text: string, path: string): VexDocument {
  const document = parseJson(text, path);
  const problems: Problem[] = [...document.problems];
  const outer = asObject(document.value);
  const predicate = asObject(outer?.['predicate']);
  const root = predicate ?? outer;
  const base: DocumentPath = predicate === undefined ? [] : ['predicate'];
  const inherited = {
    timestamp: asString(root?.['timestamp']),
    products: predicate === undefined ? [] : asArray(outer?.['subject']).flatMap(attestedProducts),
  };
  const statements: VexStatement[] = [];
  for (const [index, item] of asArray(root?.['statements']).entries()) {
    const read = readStatement(asObject(item), { document, inherited }, [...base, 'statements', index]);
    if ('message' in read) problems.push(read);
    else statements.push(read);
  }
  if (root !== undefined && !Array.isArray(root['statements'])) {
    problems.push({
      kind: 'schema',
      message: 'no list of statements',
      location: document.locate(base),
      hidesFindings: true,
    });
  }
  const author = asString(root?.['author']);
  const timestamp = asString(root?.['timestamp']);
  return {
    format: 'openvex',
    id: asString(root?.['@id']) ?? '',
    ...(author === undefined ? {} : { author }),
    ...(timestamp === undefined ? {} : { timestamp }),
    statements,
    problems,
  };
}

/** What a statement takes from its document, or from what the document is wrapped in, when it does not say it itself. */
interface Inherited {
  readonly timestamp: string | undefined;
  readonly products: readonly VexProduct[];
}

function readStatement(
  item: JsonObject | undefined,
  from: { readonly document: Document; readonly inherited: Inherited },
  at: DocumentPath,
): VexStatement | Problem {
  const { inherited } = from;
  const location = from.document.locate(at);
  const status = statuses.find((known) => known === item?.['status']);
  const vulnerabilities = vulnerabilityIds(item?.['vulnerability']);
  if (item === undefined || status === undefined || vulnerabilities.length === 0) {
    const what =
      vulnerabilities.length === 0 ? 'no vulnerability' : `unknown status ${JSON.stringify(item?.['status'])}`;
    return { kind: 'schema', message: `statement with ${what}; it is not used`, location, hidesFindings: false };
  }
  const about = asArray(item['products']).flatMap(products);
  if (about.length === 0 && item['products'] !== undefined && !isEmptyList(item['products'])) {
    const message = 'statement whose products cannot be read; it is not used';
    return { kind: 'schema', message, location, hidesFindings: false };
  }
  const written = asString(item['justification']);
  const justification = vexJustifications.find((known) => known === written);
  const statement =
    asString(item['impact_statement']) ?? asString(item['action_statement']) ?? asString(item['status_notes']);
  const timestamp = asString(item['last_updated']) ?? asString(item['timestamp']) ?? inherited.timestamp;
  return {
    vulnerabilities,
    products: about.length === 0 ? inherited.products : about,
    status,
    ...(justification === undefined ? {} : { justification }),
    ...(written === undefined || justification !== undefined ? {} : { originalJustification: written }),
    ...(statement === undefined ? {} : { statement }),
    ...(timestamp === undefined ? {} : { timestamp }),
    location,
  };
}

/** Subjects of an attestation become the products of statements that name none (ATTESTING.md, "The VEX Product and the Attestation's Subject"). */
function attestedProducts(value: unknown): VexProduct[] {
  const subject = asObject(value);
  const name = asString(subject?.['name']);
  const digests = entriesOf(subject?.['digest']).map(([algorithm, hex]) => digestText(algorithm, hex));
  return [...(name === undefined || name === '' ? [] : [name]), ...digests].map((id) => productOf(id, []));
}

function digestText(algorithm: string, hex: unknown): string {
  return `${algorithm.toLowerCase().replace('-', '')}:${String(hex).toLowerCase()}`;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** 0.0.x: a text; 0.2: `{"@id", name, aliases}`. The id can be a page whose last segment is the name. */
function vulnerabilityIds(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  const object = asObject(value);
  const name = asString(object?.['name']);
  const id = asString(object?.['@id']);
  const fromId = name === undefined && id !== undefined ? [id.slice(id.lastIndexOf('/') + 1)] : [];
  return [...new Set([...(name === undefined ? [] : [name]), ...fromId, ...asStrings(object?.['aliases'])])];
}

/** One product can carry several identifiers; each names it equally. */
function products(value: unknown): VexProduct[] {
  if (typeof value === 'string') return [productOf(value, [])];
  const object = asObject(value);
  if (object === undefined) return [];
  const parts = asArray(object['subcomponents']).flatMap(products);
  // Without the parts it is limited to, the statement would hold for the whole product.
  if (parts.length === 0 && asArray(object['subcomponents']).length > 0) return [];
  const ids = [asString(object['@id']), ...entriesOf(object['identifiers']).map(([, id]) => asString(id))];
  const digests = entriesOf(object['hashes']).map(([algorithm, hex]) => digestText(algorithm, hex));
  return [...new Set([...ids, ...digests].filter((id) => id !== undefined))].map((id) => productOf(id, parts));
}
