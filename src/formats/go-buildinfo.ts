// SPDX-License-Identifier: Apache-2.0
// The build information that the Go linker leaves in every program: Go version, modules, build settings. Both forms: pointers to Go
// strings (before Go 1.18) and texts in place. How packages are made of it stands in evidence/package-facts/go-binary.ts.
// Format: https://pkg.go.dev/debug/buildinfo and https://pkg.go.dev/runtime/debug#ParseBuildInfo
import { ByteView, bufferOf } from './byte-view.ts';
import type { ExecutableImage, ImageSection } from './executable-image.ts';
import { bytesAt } from './executable-image.ts';

export interface GoModule {
  readonly path: string;
  readonly version: string;
  /** `h1:...`; empty when the file states none. */
  readonly sum: string;
  readonly replacedBy?: Omit<GoModule, 'replacedBy'>;
}

export interface GoBuildInfo {
  /** As written: `go1.22.2`, `go1.22.2 X:boringcrypto`, `devel +abc...`. */
  readonly goVersion: string;
  /** Import path of the main package; empty when absent. */
  readonly path: string;
  readonly main: GoModule | undefined;
  readonly modules: readonly GoModule[];
  /** `GOARCH`, `-ldflags`, `vcs.revision` ... */
  readonly settings: ReadonlyMap<string, string>;
}

export const noGoBuildInfo: Omit<GoBuildInfo, 'goVersion'> = {
  path: '',
  main: undefined,
  modules: [],
  settings: new Map(),
};

/** The mark of the header, taken apart so that a copy of this program's text is not found in its own file. */
const mark = Buffer.from([0xff, ...Buffer.from(' Go '), ...Buffer.from('buildinf:')]);
const alignment = 16;
const headerLength = 32;
const maximumText = 16_777_216;

/** Undefined when the program is not built by Go, or its build information was removed. Never throws. */
export function readGoBuildInfo(image: ExecutableImage): GoBuildInfo | undefined {
  for (const place of placesOf(image)) {
    const found = searchPlace(image, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The section made for it first; else the data, where the linker puts it near the beginning. */
function placesOf(image: ExecutableImage): ImageSection[] {
  const own = image.sections.filter(({ name }) => name === '.go.buildinfo' || name === '__go_buildinfo');
  const data = image.segments.filter((segment) => segment.writable && segment.size > 0);
  const sections = image.sections.filter((section) => section.writable && section.size > 0);
  return [...own, ...(data.length > 0 ? data : sections)];
}

function searchPlace(image: ExecutableImage, place: ImageSection): GoBuildInfo | undefined {
  const bytes = bufferOf(new ByteView(image.bytes).slice(place.offset, place.size));
  const shift = (alignment - (place.address % alignment)) % alignment;
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + 1)) {
    if ((at - shift) % alignment !== 0) continue;
    const texts = readHeader(image, bytes.subarray(at));
    if (texts !== undefined) return { goVersion: texts.version, ...parseGoModules(withoutFrame(texts.modules)) };
  }
  return undefined;
}

interface HeaderTexts {
  readonly version: string;
  readonly modules: string;
}

/** `bytes` begin with the mark; byte 14 is the pointer size, byte 15 the flags: 1 = big endian, 2 = texts in place. */
function readHeader(image: ExecutableImage, bytes: Buffer): HeaderTexts | undefined {
  if (bytes.length < headerLength) return undefined;
  const flags = bytes[15] ?? 0;
  if ((flags & 2) !== 0) {
    const version = lengthPrefixed(bytes, headerLength);
    const modules = version === undefined ? undefined : lengthPrefixed(bytes, version.end);
    if (version === undefined || modules === undefined || version.text === '') return undefined;
    return { version: version.text, modules: modules.text };
  }
  const size = bytes[14];
  if (size !== 4 && size !== 8) return undefined;
  const order = (flags & 1) === 1 ? 'big' : 'little';
  const header = new ByteView(bytes, order);
  const goString = (pointer: number): string => {
    const value = new ByteView(bytesAt(image, pointer, 2 * size), order);
    const length = value.word(size, size);
    return length > maximumText ? '' : bufferOf(bytesAt(image, value.word(0, size), length)).toString('utf8');
  };
  const version = goString(header.word(16, size));
  return version === '' ? undefined : { version, modules: goString(header.word(16 + size, size)) };
}

/** A length as an unsigned LEB128 number, then that many bytes of text. */
function lengthPrefixed(bytes: Buffer, start: number): { readonly text: string; readonly end: number } | undefined {
  let length = 0;
  let factor = 1;
  for (let at = start; at < start + 5; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte >= 0x80) continue;
    const end = at + 1 + length;
    return end > bytes.length || length > maximumText ? undefined : { text: bytes.toString('utf8', at + 1, end), end };
  }
  return undefined;
}

/** Module texts stand between two marks of sixteen bytes that are no UTF-8; the last line break tells where the text ends. */
function withoutFrame(text: string): string {
  const start = text.search(/(?:path|mod|dep|build)\t/);
  return start === -1 ? '' : text.slice(start, text.lastIndexOf('\n') + 1);
}

/** The lines `path`, `mod`, `dep`, `=>` and `build`, fields separated by tabs. Lines of other shapes are passed over. */
export function parseGoModules(text: string): Omit<GoBuildInfo, 'goVersion'> {
  const modules: GoModule[] = [];
  const settings = new Map<string, string>();
  let path = '';
  let main: GoModule | undefined;
  let last: 'main' | 'dependency' | undefined;
  for (const line of text.split('\n')) {
    const [kind, ...fields] = line.split('\t');
    const module = { path: fields[0] ?? '', version: fields[1] ?? '', sum: fields[2] ?? '' };
    if (kind === 'path') path = fields[0] ?? '';
    else if (kind === 'mod') {
      main = module;
      last = 'main';
    } else if (kind === 'dep') {
      modules.push(module);
      last = 'dependency';
    } else if (kind === '=>') {
      const replaced = last === 'main' ? main : modules.at(-1);
      if (replaced !== undefined && last === 'main') main = { ...replaced, replacedBy: module };
      if (replaced !== undefined && last === 'dependency')
        modules[modules.length - 1] = { ...replaced, replacedBy: module };
      last = undefined;
    } else if (kind === 'build') {
      const [key, value] = settingOf(fields.join('\t'));
      if (key !== '') settings.set(key, value);
    }
  }
  return { path, main, modules, settings };
}

/** `key=value`, either side quoted as in Go source when it holds blanks or quotes. */
function settingOf(text: string): readonly [string, string] {
  const match = /^("(?:[^"\\]|\\.)*"|`[^`]*`|[^=]*)=([\s\S]*)$/.exec(text);
  return match === null ? ['', ''] : [unquoted(match[1] ?? ''), unquoted(match[2] ?? '')];
}

function unquoted(text: string): string {
  if (text.length > 1 && text.startsWith('`') && text.endsWith('`')) return text.slice(1, -1);
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  return text
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))/g, (_all, hex?: string, unit?: string, single?: string) =>
      hex !== undefined || unit !== undefined
        ? String.fromCharCode(Number.parseInt(hex ?? unit ?? '0', 16))
        : ({ n: '\n', t: '\t', r: '\r' }[single ?? ''] ?? single ?? ''),
    );
}
