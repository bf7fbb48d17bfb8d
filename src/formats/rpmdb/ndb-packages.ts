// SPDX-License-Identifier: Apache-2.0
// Packages.db: rpm's own format "ndb" of SUSE. Slots at the beginning say where the blobs lie. All numbers are little-endian.
// The format is described by rpm's source only (lib/backend/ndb/rpmpkg.c).

const slotMagic = 0x746f6c53; // "Slot"
const blobMagic = 0x53626c42; // "BlbS"
const slotLength = 16;
const pageLength = 4096;
const blockLength = 16;
const headLength = 32;

export function isNdb(bytes: Uint8Array): boolean {
  return bytes.length >= headLength && Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'RpmP';
}

/** Hands every header to `take`; gives the reasons why some are missing. */
export function ndbBlobs(bytes: Uint8Array, take: (blob: Uint8Array) => void): readonly string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(4, true);
  if (version !== 0) return [`version ${version} of the format is not known`];
  const slotsEnd = view.getUint32(12, true) * pageLength;
  const reasons: string[] = [];
  if (slotsEnd > bytes.length) reasons.push('the table of slots is longer than the file');
  const indexes = new Set<number>();
  const last = Math.min(slotsEnd, bytes.length) - slotLength;
  // The head takes the place of the first two slots.
  for (let at = headLength; at <= last; at += slotLength) {
    const index = view.getUint32(at + 4, true);
    if (view.getUint32(at, true) !== slotMagic) {
      reasons.push(`no slot at offset ${at}`);
      break;
    }
    if (index === 0) continue;
    if (indexes.has(index)) {
      reasons.push(`package ${index} has two slots`);
      continue;
    }
    indexes.add(index);
    const blob = blobAt(view, view.getUint32(at + 8, true) * blockLength, index);
    if (typeof blob === 'string') reasons.push(blob);
    else take(bytes.subarray(blob.start, blob.end));
  }
  return reasons;
}

function blobAt(view: DataView, at: number, index: number): { readonly start: number; readonly end: number } | string {
  if (at + 16 > view.byteLength || view.getUint32(at, true) !== blobMagic || view.getUint32(at + 4, true) !== index) {
    return `package ${index} is not where its slot says`;
  }
  const start = at + 16;
  const end = start + view.getUint32(at + 12, true);
  return end > view.byteLength ? `package ${index} reaches beyond the file` : { start, end };
}
