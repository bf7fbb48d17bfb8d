// SPDX-License-Identifier: Apache-2.0
// PEM (RFC 7468, the strict form with the line lengths left free): labelled base64 blocks. What stands between blocks is ignored, as tools write
// explanations there; what stands inside must be base64 only.
import { decodeBase64 } from './base64.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';

export interface PemBlock {
  readonly label: string;
  readonly bytes: Buffer;
}

const mostBlocks = 1_000;

/** All blocks of a text, in order; no block at all is malformed. */
export function parsePem(text: string): Parsed<readonly PemBlock[]> {
  return parsing(() => readPem(text));
}

function readPem(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let label: string | undefined;
  let body = '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (label === undefined) {
      const begin = /^-----BEGIN ([A-Z0-9 ]{1,64})-----$/.exec(line)?.[1];
      if (begin === undefined) continue;
      if (blocks.length >= mostBlocks) malformed(`more than ${mostBlocks} PEM blocks`);
      label = begin;
      body = '';
    } else if (line === `-----END ${label}-----`) {
      const bytes = decodeBase64(body);
      blocks.push(bytes === undefined ? malformed(`PEM block ${label} is not base64`) : { label, bytes });
      label = undefined;
    } else if (line.startsWith('-----')) {
      malformed(`PEM block ${label} does not end`);
    } else body += line;
  }
  if (label !== undefined) malformed(`PEM block ${label} does not end`);
  return blocks.length === 0 ? malformed('no PEM block') : blocks;
}

/** The text form of one block, in lines of 64 characters. */
export function formatPem(block: PemBlock): string {
  const lines = block.bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${block.label}-----\n${lines.join('\n')}\n-----END ${block.label}-----\n`;
}
