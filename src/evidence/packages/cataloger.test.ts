// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { CatalogRun } from './catalog.ts';
import type { CatalogerFacts } from './cataloger.ts';
import { deferredCataloger } from './cataloger.ts';
import { catalogers } from './index.ts';

describe('deferredCataloger', () => {
  const loaded: string[] = [];
  const deferred = catalogers.map((cataloger) => {
    // As in the bundle: what JSON keeps of a cataloger are the facts.
    const text = JSON.stringify(cataloger, (key, value: unknown) => (key === 'gather' ? undefined : value));
    const facts = JSON.parse(text) as CatalogerFacts;
    const { condense, gather } = cataloger;
    const parts = { ...(condense === undefined ? {} : { condense }), hasGather: gather !== undefined };
    return deferredCataloger(facts, parts, () => {
      loaded.push(cataloger.id);
      return cataloger;
    });
  });
  const file = {
    path: 'a/Cargo.lock',
    bytes: Buffer.from('version = 3\n\n[[package]]\nname = "a"\nversion = "1.0.0"\n'),
  };

  it('loads the code of those whose files are met, and of no others', () => {
    const run = new CatalogRun(deferred);

    run.take({ path: 'README.md', bytes: Buffer.from('') });
    expect(run.finish().lists).toEqual([]);
    expect(loaded).toEqual([]);

    run.take(file);
    run.finish();
    expect([...new Set(loaded)]).toEqual(['cargo-lock']);
  });

  it('loads no code for companions that no file of its own is beside', () => {
    loaded.length = 0;
    const run = new CatalogRun(deferred);

    run.take({ path: 'a/package-lock.json', bytes: Buffer.from('{"lockfileVersion": 3, "packages": {}}') });
    run.finish();

    expect([...new Set(loaded)]).toEqual(['npm-lock']);
  });

  it('finds the same as the cataloger itself', () => {
    const direct = new CatalogRun(catalogers);
    const later = new CatalogRun(deferred);

    for (const run of [direct, later]) run.take(file);

    expect(later.finish()).toEqual(direct.finish());
  });
});
