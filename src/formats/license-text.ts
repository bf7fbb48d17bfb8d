// SPDX-License-Identifier: Apache-2.0
// Recognises the texts of common licences by their titles and telling sentences. No comparison of whole texts: a changed text under
// the same title is not noticed.

/** Only the beginning is looked at; the longest preface before a telling sentence is shorter. */
const lookedAt = 4_000;

const titles: readonly (readonly [pattern: RegExp, license: string])[] = [
  [/\bapache license,? version 2\.0\b/, 'Apache-2.0'],
  [/\bapache software license,? version 1\.1\b/, 'Apache-1.1'],
  [/\beclipse public license - v ?1\.0\b/, 'EPL-1.0'],
  [/\beclipse public license - v ?2\.0\b/, 'EPL-2.0'],
  [/\beclipse distribution license - v ?1\.0\b/, 'BSD-3-Clause'],
  [/\bmozilla public license,? version 1\.1\b/, 'MPL-1.1'],
  [/\bmozilla public license,? version 2\.0\b/, 'MPL-2.0'],
  [/\bcommon development and distribution license \(cddl\)? ?version 1\.0\b/, 'CDDL-1.0'],
  [/\bcommon development and distribution license \(cddl\)? ?version 1\.1\b/, 'CDDL-1.1'],
  [/\bgnu affero general public license version 3\b/, 'AGPL-3.0-only'],
  [/\bgnu lesser general public license version 2\.1\b/, 'LGPL-2.1-only'],
  [/\bgnu lesser general public license version 3\b/, 'LGPL-3.0-only'],
  [/\bgnu library general public license version 2\b/, 'LGPL-2.0-only'],
  [/\bgnu general public license version 2\b/, 'GPL-2.0-only'],
  [/\bgnu general public license version 3\b/, 'GPL-3.0-only'],
  [/\bboost software license - version 1\.0\b/, 'BSL-1.0'],
  [/\bcc0 1\.0 universal\b/, 'CC0-1.0'],
  [/\bthis is free and unencumbered software released into the public domain\b/, 'Unlicense'],
  [/\bpermission to use, copy, modify, and\/or distribute this software for any purpose\b/, 'ISC'],
  [/\bpermission is hereby granted, free of charge, to any person obtaining a copy\b/, 'MIT'],
];

/** SPDX id of the licence a text begins with; undefined when it is none of the common ones. */
export function licenseOfText(text: string): string | undefined {
  const start = text.slice(0, lookedAt).toLowerCase().replace(/\s+/g, ' ');
  const titled = titles
    .map(([pattern, license]) => ({ license, at: start.search(pattern) }))
    .filter(({ at }) => at !== -1)
    .toSorted((a, b) => a.at - b.at)[0];
  if (titled !== undefined) return titled.license;
  if (!start.includes('redistribution and use in source and binary forms')) return undefined;
  return start.includes('neither the name') ? 'BSD-3-Clause' : 'BSD-2-Clause';
}
