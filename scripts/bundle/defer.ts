// SPDX-License-Identifier: Apache-2.0
// What the bundle loads later than the sources do: code that stands behind functions is loaded when the first of them is called. The
// sources stay plain imports; here esbuild is given functions in their place, and the code becomes chunks of its own.
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { catalogers } from '../../src/evidence/packages/index.ts';

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const catalogerList = `${source}evidence/packages/index.ts`;

/** Readers of formats that bring a library along, or are imported for a rare case only. All that they export are functions. */
const readers = ['formats/yaml.ts', 'formats/xml.ts', 'formats/zip.ts'].map((file) => source + file);

/** Importers of constants or classes of Node's, in whose place no functions can be put. */
const wantsMoreThanFunctions = /[\\/]shard-writer\.ts$/;

/** Appended to the path of a module that shall be taken as it is. */
const itself = '?itself';

/** Name of the chunk, without ending, that a deferred module becomes. */
export function deferredChunk(file: string): string {
  return `deferred-${basename(file, '.ts')}`;
}

/** Entry points by name of the chunk: esbuild makes a chunk of each and splits off what they share. */
export const deferredEntries: Readonly<Record<string, string>> = Object.fromEntries([
  ...catalogers.map(({ id }) => [deferredChunk(id), `${source}evidence/packages/${id}.ts`]),
  ...readers.map((file) => [deferredChunk(file), file + itself]),
]);

/** Puts functions in the place of the code of catalogers, of some readers, and of Node's larger modules. */
export const defer: Plugin = {
  name: 'defer',
  setup: (plugin) => {
    plugin.onResolve({ filter: /^node:(?:crypto|zlib)$/ }, ({ path, importer }) =>
      wantsMoreThanFunctions.test(importer) ? { path, external: true } : { path, namespace: 'node' },
    );
    plugin.onLoad({ filter: /./, namespace: 'node' }, async ({ path }) => ({
      contents: forwarding(await import(path), `process.getBuiltinModule('${path}')`),
    }));
    plugin.onResolve({ filter: /\?itself$/ }, ({ path }) => ({ path: path.slice(0, -itself.length), suffix: itself }));
    plugin.onLoad({ filter: /\.ts$/ }, async ({ path, suffix }) => {
      if (path === catalogerList) return { contents: catalogerModule(path), resolveDir: dirname(path) };
      if (suffix === itself || !readers.includes(path)) return undefined;
      return { contents: forwarding(await import(pathToFileURL(path).href), loading(path)) };
    });
  },
};

/** An expression that loads a chunk; scripts/bundle/pack.ts gives every chunk the function. */
function loading(file: string): string {
  return `loadChunk('./${deferredChunk(file)}.cjs')`;
}

/** Text of a module with the functions of another one, which `load` loads. */
function forwarding(module: object, load: string): string {
  const names = Object.entries(module).filter(([name, value]) => typeof value === 'function' && /^[a-z]/.test(name));
  const functions = names.map(([name]) => `export function ${name}(...values) { return loaded().${name}(...values); }`);
  return `let module;\nconst loaded = () => (module ??= ${load});\n${functions.join('\n')}\n`;
}

/** The list of catalogers, made of `deferredCataloger`: what is known of each is written out, its code is loaded when it is needed. */
function catalogerModule(path: string): string {
  const imports = readFileSync(path, 'utf8').matchAll(/^import \{ (\w+) \} from '\.\/([\w-]+)\.ts';$/gm);
  const nameById = new Map([...imports].map(([, name = '', id = '']) => [id, name]));
  const items = catalogers.map((cataloger) => {
    const name = nameById.get(cataloger.id);
    if (name === undefined) throw new Error(`${path} does not import ${cataloger.id} from a file of that name`);
    // JSON leaves out functions; `gather` holds nothing else.
    const { gather: _, ...facts } = cataloger;
    return `deferredCataloger(${JSON.stringify(facts)}, () => ${loading(cataloger.id)}.${name})`;
  });
  return `import { deferredCataloger } from './cataloger.ts';\nexport const catalogers = [\n${items.join(',\n')}\n];\n`;
}
