// SPDX-License-Identifier: Apache-2.0
// Puts chunks that are needed together into one file: opening a file costs Node more than running most chunks. A file holds its chunks as
// functions by name; a main file has the loader (loader.ts) and knows in which file a chunk is.
import { createHash } from 'node:crypto';

export interface Chunk {
  /** `chunk-ABC.cjs`; other chunks ask for it with `require("./chunk-ABC.cjs")`. */
  readonly name: string;
  /** CommonJS. */
  readonly code: string;
  /** Names of the chunks that it needs at once. */
  readonly needs: readonly string[];
}

export interface PackOptions {
  /** What Node runs first. */
  readonly program: string;
  /** What worker threads run first: they use the code that is kept, and keep none. */
  readonly workers: readonly string[];
  readonly starts: readonly (readonly string[])[];
  /** loader.ts as CommonJS. */
  readonly loader: string;
}

/**
 * Texts by file name. Each start in turn names the chunks of one file: those starts and all that they need, as far as no file before has it.
 * Chunks that no start reaches have a file each. `mains` are run by Node: each has the loader in its file, and runs first.
 */
export function packChunks(
  chunks: readonly Chunk[],
  { program, workers, starts, loader }: PackOptions,
): ReadonlyMap<string, string> {
  const mains = [program, ...workers];
  const byName = new Map(chunks.map((chunk) => [chunk.name, chunk]));
  const places = new Map<string, string>(mains.map((main) => [main, main]));
  for (const start of starts) {
    const file = `pack-${start[0] ?? ''}`;
    const queue = [...start];
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      if (places.has(name)) continue;
      places.set(name, file);
      queue.push(...(byName.get(name)?.needs ?? []));
    }
  }
  for (const { name } of chunks) if (!places.has(name)) places.set(name, name);
  const texts = new Map<string, string>();
  for (const chunk of chunks) {
    const file = places.get(chunk.name) ?? chunk.name;
    texts.set(file, `${texts.get(file) ?? ''}exports["./${chunk.name}"]=${functionOf(chunk, byName)};\n`);
  }
  const build = createHash('sha256')
    .update(JSON.stringify([...texts]))
    .digest('hex')
    .slice(0, 32);
  for (const main of mains) {
    const { before, after } = startOf(main, { places, loader, build, keepsCode: main === program });
    texts.set(main, `${before}${texts.get(main) ?? ''}${after}`);
  }
  return texts;
}

/** In parentheses, which makes V8 compile it at once instead of looking through it twice. */
function functionOf({ code }: Chunk, known: ReadonlyMap<string, unknown>): string {
  const linked = code.replace(/\brequire\("\.\/([\w.-]+)"\)/g, (text, name: string) =>
    known.has(name) ? `loadChunk("./${name}")` : text,
  );
  return `(function(module,exports,loadChunk){${linked}\n})`;
}

interface StartOptions {
  readonly places: ReadonlyMap<string, string>;
  readonly loader: string;
  readonly build: string;
  readonly keepsCode: boolean;
}

/** What stands before and behind the chunks of a main file. */
function startOf(main: string, { places, loader, build, keepsCode }: StartOptions): { before: string; after: string } {
  const elsewhere = [...places]
    .filter(([name, file]) => name !== file)
    .map(([name, file]) => [`./${name}`, `./${file}`]);
  const options = `{main:"./${main}",own:exports,places,folder:__dirname,require,build:"${build}",environment:process.env,flags:process.execArgv}`;
  return {
    before: `"use strict";
const places=${JSON.stringify(Object.fromEntries(elsewhere))};
const {createLoader}=(function(module,exports){${loader}
return module.exports;})({exports:{}},{});
`,
    after: `const {loadChunk,keepCode}=createLoader(${options});
${keepsCode ? 'process.once("exit",()=>keepCode(String(process.argv[2]),process.uptime()*1000));' : ''}
loadChunk("./${main}");
`,
  };
}
