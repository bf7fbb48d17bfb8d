// SPDX-License-Identifier: Apache-2.0
// Puts chunks that are needed together into one file: opening a file costs Node more than running most chunks. A file holds its chunks as
// functions by name; a main file has a loader that knows in which file a chunk is, and runs each chunk once, when it is asked for.

export interface Chunk {
  /** `chunk-ABC.cjs`; other chunks ask for it with `require("./chunk-ABC.cjs")`. */
  readonly name: string;
  /** CommonJS. */
  readonly code: string;
  /** Names of the chunks that it needs at once. */
  readonly needs: readonly string[];
}

/**
 * Texts by file name. Each start in turn names the chunks of one file: those starts and all that they need, as far as no file before has it.
 * Chunks that no start reaches have a file each. `mains` are run by Node: each has the loader in its file, and runs first.
 */
export function packChunks(
  chunks: readonly Chunk[],
  mains: readonly string[],
  starts: readonly (readonly string[])[],
): ReadonlyMap<string, string> {
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
  for (const main of mains)
    texts.set(main, `${loaderText(main, places)}${texts.get(main) ?? ''}loadChunk("./${main}");\n`);
  return texts;
}

/** In parentheses, which makes V8 compile it at once instead of looking through it twice. */
function functionOf({ code }: Chunk, known: ReadonlyMap<string, unknown>): string {
  const linked = code.replace(/\brequire\("\.\/([\w.-]+)"\)/g, (text, name: string) =>
    known.has(name) ? `loadChunk("./${name}")` : text,
  );
  return `(function(module,exports,loadChunk){${linked}\n})`;
}

function loaderText(main: string, places: ReadonlyMap<string, string>): string {
  const elsewhere = [...places]
    .filter(([name, file]) => name !== file)
    .map(([name, file]) => [`./${name}`, `./${file}`]);
  return `"use strict";
const places=${JSON.stringify(Object.fromEntries(elsewhere))},loaded=new Map();
function loadChunk(name){
let module=loaded.get(name);
if(module===undefined){
loaded.set(name,module={exports:{}});
(name==="./${main}"?exports:require(places[name]??name))[name](module,module.exports,loadChunk);
}
return module.exports;
}
`;
}
