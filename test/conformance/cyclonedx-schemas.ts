// SPDX-License-Identifier: Apache-2.0
// The official JSON schemas of a pack as a second opinion on what this program prints. They are read from the pack, never shipped.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

/** Says what is wrong with a document by the schema of a version (`1.6`); empty when nothing is. */
export type SchemaCheck = (version: string, document: unknown) => readonly string[];

/** Undefined when the folder has no schemas. Versions 1.2 and 1.3 are checked against their strict variants. */
export function officialSchemas(root: string): SchemaCheck | undefined {
  const folder = join(root, 'schema');
  if (!existsSync(join(folder, 'bom-1.6.schema.json'))) return undefined;
  const read = (name: string): Record<string, unknown> =>
    JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, allErrors: false });
  addFormats.default(ajv);
  // The formats that ajv does not know; the first is a mistake of the schema of 1.2.
  for (const format of ['string', 'iri-reference', 'idn-email']) ajv.addFormat(format, true);
  for (const name of ['spdx.schema.json', 'jsf-0.82.schema.json', 'cryptography-defs.schema.json']) {
    if (existsSync(join(folder, name))) ajv.addSchema(read(name));
  }
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>();
  return (version, document) => {
    let validate = compiled.get(version);
    if (validate === undefined) {
      const strict = `bom-${version}-strict.schema.json`;
      validate = ajv.compile(read(existsSync(join(folder, strict)) ? strict : `bom-${version}.schema.json`));
      compiled.set(version, validate);
    }
    return validate(document)
      ? []
      : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
  };
}
