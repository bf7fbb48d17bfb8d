// SPDX-License-Identifier: Apache-2.0

/** Shannon entropy of the characters of a text of bytes, divided by bytes and not by characters: matches gitleaks because thresholds are made for it. */
export function shannonEntropy(bytes: string): number {
  if (bytes === '') return 0;
  const counts = new Map<string, number>();
  // Characters beyond ASCII are several bytes each.
  const text = /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) {
    const share = count / bytes.length;
    entropy -= share * Math.log2(share);
  }
  return entropy;
}
