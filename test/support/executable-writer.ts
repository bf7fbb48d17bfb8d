// SPDX-License-Identifier: Apache-2.0
// For tests: writes small ELF, PE and Mach-O files that hold given sections. They do not run.

export interface WrittenSection {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Virtual address; the section is then also a loaded, writable segment. */
  readonly address?: number;
}

/** ELF of either width and byte order; sections that have an address are loaded. */
export function elfFile(
  sections: readonly WrittenSection[],
  layout: { readonly wide?: boolean; readonly big?: boolean; readonly machine?: number } = {},
): Buffer {
  const { wide = true, big = false, machine = 62 } = layout;
  const write = new Writer(big);
  const names = [...sections.map((section) => section.name), '.shstrtab'];
  const nameBytes = Buffer.from(`\0${names.map((name) => `${name}\0`).join('')}`, 'latin1');
  const all: readonly WrittenSection[] = [...sections, { name: '.shstrtab', bytes: nameBytes }];
  const loaded = sections.filter((section) => section.address !== undefined);
  const headerSize = wide ? 64 : 52;
  const programSize = wide ? 56 : 32;
  const sectionSize = wide ? 64 : 40;
  let offset = headerSize + loaded.length * programSize;
  const placed = all.map((section) => {
    const at = Math.ceil(offset / 16) * 16;
    offset = at + section.bytes.length;
    return { ...section, offset: at, nameAt: nameBytes.indexOf(`${section.name}\0`) };
  });
  const table = Math.ceil(offset / 16) * 16;
  const file = Buffer.alloc(table + (all.length + 1) * sectionSize);
  file.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, big ? 2 : 1, 1]);
  write.u16(file, 16, 2);
  write.u16(file, 18, machine);
  write.word(file, wide ? 32 : 28, headerSize, wide);
  write.word(file, wide ? 40 : 32, table, wide);
  write.u16(file, wide ? 54 : 42, programSize);
  write.u16(file, wide ? 56 : 44, loaded.length);
  write.u16(file, wide ? 58 : 46, sectionSize);
  write.u16(file, wide ? 60 : 48, all.length + 1);
  write.u16(file, wide ? 62 : 50, all.length);
  for (const [index, section] of placed.filter((item) => item.address !== undefined).entries()) {
    const at = headerSize + index * programSize;
    write.u32(file, at, 1);
    write.u32(file, at + (wide ? 4 : 24), 6);
    write.word(file, at + (wide ? 8 : 4), section.offset, wide);
    write.word(file, at + (wide ? 16 : 8), section.address ?? 0, wide);
    write.word(file, at + (wide ? 32 : 16), section.bytes.length, wide);
  }
  for (const [index, section] of placed.entries()) {
    const at = table + (index + 1) * sectionSize;
    write.u32(file, at, section.nameAt);
    write.u32(file, at + 4, 1);
    write.word(file, at + 8, section.address === undefined ? 0 : 3, wide);
    write.word(file, at + (wide ? 16 : 12), section.address ?? 0, wide);
    write.word(file, at + (wide ? 24 : 16), section.offset, wide);
    write.word(file, at + (wide ? 32 : 20), section.bytes.length, wide);
    file.set(section.bytes, section.offset);
  }
  return file;
}

/** A 64-bit PE file. `address` of a section counts from the image base and must be given. */
export function peFile(
  sections: readonly (WrittenSection & { readonly address: number })[],
  directories: Readonly<Record<number, { readonly address: number; readonly size: number }>> = {},
): Buffer {
  const start = 0x80;
  const table = start + 24 + 240;
  let offset = Math.ceil((table + sections.length * 40) / 16) * 16;
  const size = offset + sections.reduce((sum, section) => sum + section.bytes.length, 0);
  const file = Buffer.alloc(size);
  file.write('MZ', 0, 'latin1');
  file.writeUInt32LE(start, 0x3c);
  file.write('PE\0\0', start, 'latin1');
  file.writeUInt16LE(0x8664, start + 4);
  file.writeUInt16LE(sections.length, start + 6);
  file.writeUInt16LE(240, start + 20);
  file.writeUInt16LE(0x20b, start + 24);
  file.writeBigUInt64LE(0x140000000n, start + 24 + 24);
  file.writeUInt32LE(16, start + 24 + 108);
  for (const [index, directory] of Object.entries(directories)) {
    file.writeUInt32LE(directory.address, start + 24 + 112 + Number(index) * 8);
    file.writeUInt32LE(directory.size, start + 24 + 116 + Number(index) * 8);
  }
  for (const [index, section] of sections.entries()) {
    const at = table + index * 40;
    file.write(section.name, at, 8, 'latin1');
    file.writeUInt32LE(section.bytes.length, at + 8);
    file.writeUInt32LE(section.address, at + 12);
    file.writeUInt32LE(section.bytes.length, at + 16);
    file.writeUInt32LE(offset, at + 20);
    file.writeUInt32LE(0xc0000040, at + 36);
    file.set(section.bytes, offset);
    offset += section.bytes.length;
  }
  return file;
}

/** A .NET assembly, or another Windows program, with these version texts. */
export function peWithTexts(texts: Readonly<Record<string, string>>, kind: 'assembly' | 'program'): Buffer {
  const info = versionInfo(texts);
  // Three levels of one entry each: type 16, name 1, language 1033; then the data entry.
  const tree = Buffer.alloc(88);
  for (const [level, id] of [16, 1, 1033].entries()) {
    tree.writeUInt16LE(1, level * 24 + 14);
    tree.writeUInt32LE(id, level * 24 + 16);
    tree.writeUInt32LE(level === 2 ? 72 : (0x80000000 | ((level + 1) * 24)) >>> 0, level * 24 + 20);
  }
  tree.writeUInt32LE(0x1000 + tree.length, 72);
  tree.writeUInt32LE(info.length, 76);
  const bytes = Buffer.concat([tree, info]);
  return peFile([{ name: '.rsrc', bytes, address: 0x1000 }], {
    2: { address: 0x1000, size: bytes.length },
    ...(kind === 'assembly' ? { 14: { address: 0x1000, size: 72 } } : {}),
  });
}

function versionInfo(texts: Readonly<Record<string, string>>): Buffer {
  const strings = Object.entries(texts).map(([name, value]) =>
    block(name, Buffer.from(`${value}\0`, 'utf16le'), 1, []),
  );
  const table = block('040904b0', Buffer.alloc(0), 1, strings);
  const stringInfo = block('StringFileInfo', Buffer.alloc(0), 1, [table]);
  return block('VS_VERSION_INFO', Buffer.alloc(52), 0, [stringInfo]);
}

function block(name: string, value: Buffer, kind: 0 | 1, members: readonly Buffer[]): Buffer {
  const head = padded(Buffer.concat([Buffer.alloc(6), Buffer.from(`${name}\0`, 'utf16le')]));
  const whole = Buffer.concat([head, padded(value), ...members.map(padded)]);
  whole.writeUInt16LE(head.length + (members.length === 0 ? value.length : whole.length - head.length), 0);
  whole.writeUInt16LE(kind === 1 ? value.length / 2 : value.length, 2);
  whole.writeUInt16LE(kind, 4);
  return whole;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** A 64-bit little-endian Mach-O with one writable segment that holds the sections. */
export function machOFile(sections: readonly (WrittenSection & { readonly address: number })[]): Buffer {
  const commandSize = 72 + sections.length * 80;
  let offset = 32 + commandSize;
  const file = Buffer.alloc(offset + sections.reduce((sum, section) => sum + section.bytes.length, 0));
  file.writeUInt32LE(0xfeedfacf, 0);
  file.writeUInt32LE(0x0100000c, 4);
  file.writeUInt32LE(2, 12);
  file.writeUInt32LE(1, 16);
  file.writeUInt32LE(commandSize, 20);
  file.writeUInt32LE(0x19, 32);
  file.writeUInt32LE(commandSize, 36);
  file.write('__DATA', 40, 'latin1');
  file.writeBigUInt64LE(BigInt(sections[0]?.address ?? 0), 56);
  file.writeBigUInt64LE(BigInt(offset), 72);
  file.writeBigUInt64LE(BigInt(file.length - offset), 80);
  file.writeUInt32LE(3, 92);
  file.writeUInt32LE(sections.length, 96);
  for (const [index, section] of sections.entries()) {
    const at = 104 + index * 80;
    file.write(section.name, at, 16, 'latin1');
    file.write('__DATA', at + 16, 'latin1');
    file.writeBigUInt64LE(BigInt(section.address), at + 32);
    file.writeBigUInt64LE(BigInt(section.bytes.length), at + 40);
    file.writeUInt32LE(offset, at + 48);
    file.set(section.bytes, offset);
    offset += section.bytes.length;
  }
  return file;
}

/** The header and texts that the Go linker writes since 1.18; the module texts stand between marks of sixteen bytes. */
export function goBuildInfoBytes(version: string, modules: string): Buffer {
  const header = Buffer.alloc(32);
  header.write('\xff Go buildinf:', 0, 'latin1');
  header[14] = 8;
  header[15] = 2;
  const frame = Buffer.alloc(16, 0xf9);
  const framed = modules === '' ? Buffer.alloc(0) : Buffer.concat([frame, Buffer.from(modules, 'utf8'), frame]);
  return Buffer.concat([header, counted(Buffer.from(version, 'utf8')), counted(framed)]);
}

function counted(bytes: Buffer): Buffer {
  const length: number[] = [];
  let rest = bytes.length;
  while (rest >= 128) {
    length.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

/** An ELF note: owner, type, content. */
export function elfNote(owner: string, type: number, content: string): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt32LE(owner.length + 1, 0);
  head.writeUInt32LE(content.length + 1, 4);
  head.writeUInt32LE(type, 8);
  return Buffer.concat([head, padded(Buffer.from(`${owner}\0`)), padded(Buffer.from(`${content}\0`))]);
}

class Writer {
  readonly #big: boolean;

  constructor(big: boolean) {
    this.#big = big;
  }

  u16(file: Buffer, at: number, value: number): void {
    if (this.#big) file.writeUInt16BE(value, at);
    else file.writeUInt16LE(value, at);
  }

  u32(file: Buffer, at: number, value: number): void {
    if (this.#big) file.writeUInt32BE(value, at);
    else file.writeUInt32LE(value, at);
  }

  word(file: Buffer, at: number, value: number, wide: boolean): void {
    if (!wide) this.u32(file, at, value);
    else if (this.#big) file.writeBigUInt64BE(BigInt(value), at);
    else file.writeBigUInt64LE(BigInt(value), at);
  }
}
