// SPDX-License-Identifier: Apache-2.0

/** Digests in a text cut to what people compare: `sha256:4f1c9a1b2c3d…`. Reports for programs have them whole. */
export function withShortDigests(text: string): string {
  return text.replace(/\b(sha(?:256|384|512):[0-9a-f]{12})[0-9a-f]{52,116}\b/g, '$1…');
}
