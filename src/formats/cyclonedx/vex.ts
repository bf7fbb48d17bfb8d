// SPDX-License-Identifier: Apache-2.0
// VEX statements of a CycloneDX document: the vulnerabilities with an analysis. Those without one say only that a vulnerability exists.
import type { VexStatus } from '../../model/decision.ts';
import type { VexDocument, VexJustification, VexProduct, VexStatement } from '../../model/vex.ts';
import { asArray, asObject, type JsonObject } from '../document.ts';
import { productOf } from '../vex-product.ts';
import { type BomDocument, readBom } from './bom.ts';
import { text } from './component.ts';

/** Reads the statements of a VEX document or of an SBOM that carries its own. Never throws. */
export function readCycloneDxVex(source: string, path: string): VexDocument {
  const bom = readBom(source, path);
  const tree = bom.tree ?? {};
  const metadata = asObject(tree['metadata']) ?? {};
  const author = [
    asObject(asArray(metadata['authors'])[0]),
    asObject(metadata['manufacturer']),
    asObject(metadata['supplier']),
  ]
    .map((party) => text(party?.['name']))
    .find((name) => name !== '');
  const timestamp = text(metadata['timestamp']);
  const reader = new StatementReader(bom, timestamp);
  return {
    format: 'cyclonedx',
    id: text(tree['serialNumber']),
    ...(author === undefined ? {} : { author }),
    ...(timestamp === '' ? {} : { timestamp }),
    statements: asArray(tree['vulnerabilities']).flatMap(
      (item, index) => reader.read(asObject(item) ?? {}, index) ?? [],
    ),
    problems: bom.problems,
  };
}

const statuses: Readonly<Record<string, VexStatus>> = {
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  exploitable: 'affected',
  in_triage: 'under_investigation',
  false_positive: 'not_affected',
  not_affected: 'not_affected',
};

/** The nearest word of OpenVEX; `originalJustification` keeps what it loses. */
const justifications: Readonly<Record<string, VexJustification>> = {
  code_not_present: 'vulnerable_code_not_present',
  code_not_reachable: 'vulnerable_code_not_in_execute_path',
  requires_configuration: 'vulnerable_code_not_in_execute_path',
  requires_dependency: 'vulnerable_code_not_in_execute_path',
  requires_environment: 'vulnerable_code_not_in_execute_path',
  protected_by_compiler: 'inline_mitigations_already_exist',
  protected_at_runtime: 'inline_mitigations_already_exist',
  protected_at_perimeter: 'inline_mitigations_already_exist',
  protected_by_mitigating_control: 'inline_mitigations_already_exist',
};

class StatementReader {
  readonly #bom: BomDocument;
  readonly #timestamp: string;
  readonly #components = new Map<string, JsonObject>();
  readonly #root: JsonObject | undefined;

  constructor(bom: BomDocument, timestamp: string) {
    this.#bom = bom;
    this.#timestamp = timestamp;
    this.#root = asObject(asObject(bom.tree?.['metadata'])?.['component']);
    const open = [this.#root, ...asArray(bom.tree?.['components']).map(asObject)];
    for (let component = open.pop(); component !== undefined || open.length > 0; component = open.pop()) {
      if (component === undefined) continue;
      const ref = text(component['bom-ref']);
      if (ref !== '' && !this.#components.has(ref)) this.#components.set(ref, component);
      for (const inner of asArray(component['components'])) open.push(asObject(inner));
    }
  }

  read(vulnerability: JsonObject, index: number): VexStatement | undefined {
    const analysis = asObject(vulnerability['analysis']);
    const state = text(analysis?.['state']);
    const status = Object.hasOwn(statuses, state) ? statuses[state] : undefined;
    const aliases = asArray(vulnerability['references']).map((item) => text(asObject(item)?.['id']));
    const ids = [...new Set([text(vulnerability['id']), ...aliases])].filter((id) => id !== '');
    if (status === undefined || ids.length === 0) return undefined;
    const written = text(analysis?.['justification']);
    const justification = Object.hasOwn(justifications, written) ? justifications[written] : undefined;
    const original = written !== '' ? written : state === 'not_affected' || status !== 'not_affected' ? '' : state;
    const detail = text(analysis?.['detail']);
    const timestamp = text(analysis?.['lastUpdated']) || text(analysis?.['firstIssued']) || this.#timestamp;
    return {
      vulnerabilities: ids,
      products: this.#products(asArray(vulnerability['affects']), status),
      status,
      ...(justification === undefined ? {} : { justification }),
      ...(original === '' ? {} : { originalJustification: original }),
      ...(detail === '' ? {} : { statement: detail }),
      ...(timestamp === '' ? {} : { timestamp }),
      location: this.#bom.locate(['vulnerabilities', index]),
    };
  }

  /** What is affected; where that is not said, what the document describes. */
  #products(affects: readonly unknown[], status: VexStatus): readonly VexProduct[] {
    if (affects.length === 0)
      return this.#root === undefined ? [] : [productOfComponent(this.#root, text(this.#root['bom-ref']))];
    return affects.flatMap((item) => {
      const target = asObject(item);
      const ref = text(target?.['ref']);
      if (ref === '') return [];
      const versions = versionsOf(asArray(target?.['versions']), status);
      return [{ ...this.#productOfRef(ref), ...(versions.length === 0 ? {} : { versions }) }];
    });
  }

  /** A bom-ref of this document, or a BOM-Link: `urn:cdx:serial/version#bom-ref`. */
  #productOfRef(ref: string): VexProduct {
    const link = /^(?<document>urn:cdx:[^/#]{1,100}\/[^#]{1,20})(?:#(?<element>.*))?$/s.exec(ref);
    if (link?.groups === undefined) {
      const component = this.#components.get(ref);
      return component === undefined ? productOf(ref, []) : productOfComponent(component, ref);
    }
    const { document = '', element = '' } = link.groups;
    // Package URLs are used as bom-ref; in a BOM-Link they should be percent-encoded as a whole, and mostly are not.
    const id = element.startsWith('pkg%3A') || element.startsWith('pkg%3a') ? decoded(element) : element;
    return id === ''
      ? { id: document, kind: 'reference', subcomponents: [], document }
      : { ...productOf(id, []), document };
  }
}

function productOfComponent(component: JsonObject, ref: string): VexProduct {
  return productOf(text(component['purl']) || text(component['cpe']) || ref || text(component['name']), []);
}

/**
 * The versions a statement is about: those whose own status fits it where any does, else all. A statement that something is not affected
 * may list the affected versions beside the others.
 */
function versionsOf(items: readonly unknown[], status: VexStatus): readonly string[] {
  const versions = items.map((item) => {
    const version = asObject(item);
    return {
      value: text(version?.['version']) || text(version?.['range']),
      status: text(version?.['status']) || 'affected',
    };
  });
  const wanted = status === 'not_affected' || status === 'fixed' ? 'unaffected' : 'affected';
  const fitting = versions.filter((version) => version.status === wanted);
  return (fitting.length > 0 ? fitting : versions).map((version) => version.value).filter((value) => value !== '');
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
