// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { BuiltList } from './built-list.ts';
import { printBomJson, printBomJsonInParts, serialNumberOfTree } from './print-json.ts';
import { openSerialNumber } from './serial-number.ts';

function treeOf(count: number): Record<string, unknown> {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return {
    serialNumber: openSerialNumber,
    version: 1,
    metadata: undefined,
    components: new BuiltList(numbers, (item) => ({ name: `"${String(item)}"`, tags: [], absent: undefined })),
    notes: [],
  };
}

describe('printBomJson', () => {
  it.each([0, 1, 199, 200, 201, 500])('prints %i items of a long list with a line for each', (count) => {
    const tree = treeOf(count);

    const text = printBomJson(tree, 6);

    const whole = { bomFormat: 'CycloneDX', specVersion: '1.6', ...tree, serialNumber: serialNumberOfTree(tree, 6) };
    expect(text).toBe(
      `${JSON.stringify(JSON.parse(text), undefined, 2)}\n`.replace(/\{\n {6}[^}]*\}/g, (item) =>
        JSON.stringify(JSON.parse(item)),
      ),
    );
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(whole)));
    expect(text.match(/^ {4}\{.*\},?$/gm) ?? []).toHaveLength(count);
    expect(printBomJsonInParts(tree, 6).join('')).toBe(text);
  });

  it('makes the serial number of the content', () => {
    const serial = serialNumberOfTree(treeOf(3), 6);

    expect(serial).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(serialNumberOfTree(treeOf(3), 6)).toBe(serial);
    expect(serialNumberOfTree(treeOf(4), 6)).not.toBe(serial);
  });

  it('keeps a serial number that is given', () => {
    const tree = { serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79' };

    expect(JSON.parse(printBomJson(tree, 7))).toMatchObject(tree);
  });
});
