// SPDX-License-Identifier: Apache-2.0
// What the bundle loads later than the sources do: code that stands behind functions is loaded when the first of them is called. The
// sources stay plain imports; here esbuild is given functions in their place, and the code becomes chunks of its own.
import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import type { Cataloger, CondenseCompanion } from '../../src/evidence/packages/cataloger.ts';
import { catalogers } from '../../src/evidence/packages/index.ts';

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const catalogerList = `${source}evidence/packages/index.ts`;

/** Readers of formats that bring a library along, or are imported for a rare case only. All that they export are functions. */
const readers = ['formats/yaml.ts', 'formats/xml.ts', 'formats/zip.ts', 'evidence/signatures/ed25519ph.ts'].map(
  (file) => source + file,
);

/** Whether a module imports constants or classes of a module of Node's; functions cannot be put in their place. */
async function wantsMoreThanFunctions(importer: string, path: string): Promise<boolean> {
  const module = (await import(path)) as Readonly<Record<string, unknown>>;
  const imports = readFileSync(importer, 'utf8').matchAll(/^import \{([^}]*)\} from '([^']+)';$/gm);
  const names = [...imports].flatMap(([, list = '', from]) => (from === path ? list.split(',') : []));
  return names
    .map((name) => name.trim().replace(/ as .*$/, ''))
    .some((name) => name !== '' && !name.startsWith('type ') && !isForwarded(name, module[name]));
}

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
    plugin.onResolve({ filter: /^node:(?:crypto|zlib)$/ }, async ({ path, importer }) =>
      (await wantsMoreThanFunctions(importer, path)) ? { path, external: true } : { path, namespace: 'node' },
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

/** Whether an input of the bundle, as its list of parts names it, holds only functions that load a reader or a module of Node's. */
export function isForwarder(input: string): boolean {
  return input.startsWith('node:') || readers.includes(resolve(source, '..', input));
}

/** An expression that loads a chunk; scripts/bundle/pack.ts gives every chunk the function. */
function loading(file: string): string {
  return `loadChunk('./${deferredChunk(file)}.cjs')`;
}

/** Functions, not classes. */
function isForwarded(name: string, value: unknown): boolean {
  return typeof value === 'function' && /^[a-z]/.test(name);
}

/** Text of a module with the functions of another one, which `load` loads. */
function forwarding(module: object, load: string): string {
  const names = Object.entries(module).filter(([name, value]) => isForwarded(name, value));
  const functions = names.map(([name]) => `export function ${name}(...values) { return loaded().${name}(...values); }`);
  return `let module;\nconst loaded = () => (module ??= ${load});\n${functions.join('\n')}\n`;
}

/** The list of catalogers, made of `deferredCataloger`: what is known of each is written out, its code is loaded when it is needed. */
function catalogerModule(path: string): string {
  const imports = readFileSync(path, 'utf8').matchAll(/^import \{ (\w+) \} from '\.\/([\w-]+)\.ts';$/gm);
  const nameById = new Map([...imports].map(([, name = '', id = '']) => [id, name]));
  const loaded = ({ id }: Cataloger): string => {
    const name = nameById.get(id);
    if (name === undefined) throw new Error(`${path} does not import ${id} from a file of that name`);
    return `${loading(id)}.${name}`;
  };
  // Catalogers that share a function to condense companions are told by it, and must be told without their code.
  const condensing = new Map<CondenseCompanion, Cataloger>(
    catalogers
      .toReversed()
      .flatMap((cataloger) => (cataloger.condense === undefined ? [] : [[cataloger.condense, cataloger]])),
  );
  const shared = [...condensing.values()];
  const items = catalogers.map((cataloger) => {
    // JSON leaves out functions; `gather` holds nothing else.
    const { gather, condense, ...facts } = cataloger;
    const first = condense && condensing.get(condense);
    const condenses = first === undefined ? '' : `condense: condensing[${shared.indexOf(first)}], `;
    const parts = `{ ${condenses}hasGather: ${gather !== undefined} }`;
    return `deferredCataloger(${JSON.stringify(facts)}, ${parts}, () => ${loaded(cataloger)})`;
  });
  const functions = shared.map((cataloger) => `(file) => ${loaded(cataloger)}.condense(file)`);
  return `import { deferredCataloger } from './cataloger.ts';
const condensing = [${functions.join(', ')}];
export const catalogers = [\n${items.join(',\n')}\n];\n`;
}
