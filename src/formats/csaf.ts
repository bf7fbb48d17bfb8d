// SPDX-License-Identifier: Apache-2.0
// CSAF 2.0 (OASIS) as VEX: product statuses of each vulnerability, resolved through the product tree and its relationships.
import type { VexStatus } from '../model/decision.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';
import type { VexDocument, VexProduct, VexStatement } from '../model/vex.ts';
import { vexJustifications } from '../model/vex.ts';
import type { Document, JsonObject } from './document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from './document.ts';
import { parseJson } from './json.ts';
import { productOf } from './vex-product.ts';

/** Section 3.2.3.9 (product status): which of its groups means what in VEX terms. */
const statusOfGroup: Readonly<Record<string, VexStatus>> = {
  known_not_affected: 'not_affected',
  fixed: 'fixed',
  first_fixed: 'fixed',
  known_affected: 'affected',
  first_affected: 'affected',
  last_affected: 'affected',
  under_investigation: 'under_investigation',
};

/** Reads one document. A product id that the tree does not define is a problem: the statement about it does nothing. */
export function readCsaf(text: string, path: string): VexDocument {
  const document = parseJson(text, path);
  const problems: Problem[] = [...document.problems];
  const root = asObject(document.value);
  const meta = asObject(root?.['document']);
  const tracking = asObject(meta?.['tracking']);
  const tree = readTree(asObject(root?.['product_tree']));
  const timestamp = asString(tracking?.['current_release_date']);
  const author = asString(asObject(meta?.['publisher'])?.['name']);
  const statements: VexStatement[] = [];
  if (root !== undefined && meta === undefined) {
    problems.push({
      kind: 'schema',
      message: 'no document section',
      location: document.locate([]),
      hidesFindings: true,
    });
  }
  for (const [index, item] of asArray(root?.['vulnerabilities']).entries()) {
    const vulnerability = asObject(item);
    if (vulnerability !== undefined)
      statements.push(...readVulnerability(vulnerability, { document, index, tree, timestamp, problems }));
  }
  return {
    format: 'csaf',
    id: asString(tracking?.['id']) ?? '',
    ...(author === undefined ? {} : { author }),
    ...(timestamp === undefined ? {} : { timestamp }),
    statements,
    problems,
  };
}

interface Tree {
  readonly products: ReadonlyMap<string, readonly VexProduct[]>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

interface Place {
  readonly document: Document;
  readonly index: number;
  readonly tree: Tree;
  readonly timestamp: string | undefined;
  readonly problems: Problem[];
}

function readVulnerability(item: JsonObject, place: Place): VexStatement[] {
  const { document, index, tree, timestamp, problems } = place;
  const ids = [asString(item['cve']), ...asArray(item['ids']).map((id) => asString(asObject(id)?.['text']))].filter(
    (id) => id !== undefined,
  );
  const statements: VexStatement[] = [];
  if (ids.length === 0) return statements;
  for (const [group, list] of entriesOf(item['product_status'])) {
    const status = statusOfGroup[group];
    if (status === undefined) continue;
    const location = document.locate(['vulnerabilities', index, 'product_status', group]);
    const byReason = Map.groupBy(asStrings(list), (id) => JSON.stringify(reasonOf(item, id, tree)));
    for (const [reason, productIds] of byReason) {
      const products = productIds.flatMap((id) => {
        const found = tree.products.get(id);
        if (found !== undefined) return found;
        problems.push({
          kind: 'unresolved',
          message: `product "${id}" is not in the product tree`,
          location,
          hidesFindings: false,
        });
        return [];
      });
      if (products.length === 0) continue;
      const parts = JSON.parse(reason) as ReturnType<typeof reasonOf>;
      statements.push({
        vulnerabilities: ids,
        products,
        status,
        ...parts,
        ...(timestamp === undefined ? {} : { timestamp }),
        location,
      });
    }
  }
  return statements;
}

/** Flag label and impact text that stand for one product, directly or through a group. */
function reasonOf(
  item: JsonObject,
  product: string,
  tree: Tree,
): Pick<VexStatement, 'justification' | 'originalJustification' | 'statement'> {
  const concerns = (entry: JsonObject | undefined): boolean =>
    asStrings(entry?.['product_ids']).includes(product) ||
    asStrings(entry?.['group_ids']).some((group) => tree.groups.get(group)?.includes(product) === true);
  const label = asArray(item['flags']).map(asObject).find(concerns)?.['label'];
  const threats = asArray(item['threats']).map(asObject);
  const details = asString(
    threats.find((threat) => threat?.['category'] === 'impact' && concerns(threat))?.['details'],
  );
  const justification = vexJustifications.find((known) => known === label);
  return {
    ...(justification === undefined ? {} : { justification }),
    ...(typeof label !== 'string' || justification !== undefined ? {} : { originalJustification: label }),
    ...(details === undefined ? {} : { statement: details }),
  };
}

function readTree(tree: JsonObject | undefined): Tree {
  const products = new Map<string, readonly VexProduct[]>();
  const add = (product: JsonObject | undefined): void => {
    const id = asString(product?.['product_id']);
    if (id !== undefined) products.set(id, identifiersOf(product, id));
  };
  const walk = (branches: unknown, depth: number): void => {
    if (depth > defaultLimits.depth) return;
    for (const branch of asArray(branches).map(asObject)) {
      add(asObject(branch?.['product']));
      walk(branch?.['branches'], depth + 1);
    }
  };
  walk(tree?.['branches'], 0);
  for (const product of asArray(tree?.['full_product_names'])) add(asObject(product));
  for (const relation of asArray(tree?.['relationships']).map(asObject)) {
    const whole = asObject(relation?.['full_product_name']);
    const id = asString(whole?.['product_id']);
    const part = products.get(asString(relation?.['product_reference']) ?? '') ?? [];
    const host = products.get(asString(relation?.['relates_to_product_reference']) ?? '') ?? [];
    if (id !== undefined) products.set(id, combine(host, part, identifiersOf(whole, id)));
  }
  const groups = new Map<string, readonly string[]>();
  for (const group of asArray(tree?.['product_groups']).map(asObject)) {
    const id = asString(group?.['group_id']);
    if (id !== undefined) groups.set(id, asStrings(group?.['product_ids']));
  }
  return { products, groups };
}

/** "part as a component of host": the host limited to the part. A host without any identifier limits nothing. */
function combine(
  host: readonly VexProduct[],
  part: readonly VexProduct[],
  whole: readonly VexProduct[],
): readonly VexProduct[] {
  const named = host.filter((product) => product.kind !== 'reference');
  const parts = part.filter((product) => product.kind !== 'reference');
  if (parts.length === 0) return whole;
  return named.length === 0 ? parts : named.map((product) => ({ ...product, subcomponents: parts }));
}

function identifiersOf(product: JsonObject | undefined, id: string): readonly VexProduct[] {
  const help = asObject(product?.['product_identification_helper']);
  const ids = [asString(help?.['purl']), ...asStrings(help?.['purls']), asString(help?.['cpe'])].filter(
    (item) => item !== undefined,
  );
  const hashes = asArray(help?.['hashes'])
    .flatMap((hash) => asArray(asObject(hash)?.['file_hashes']))
    .map((hash) => `${asString(asObject(hash)?.['algorithm']) ?? ''}:${asString(asObject(hash)?.['value']) ?? ''}`);
  const all = [...ids, ...hashes];
  return (all.length === 0 ? [id] : all).map((item) => productOf(item, []));
}
