// SPDX-License-Identifier: Apache-2.0
// What a Maven dependency's <version> asks for: https://maven.apache.org/pom.html#Dependency_Version_Requirement_Specification
import { defaultLimits } from '../../model/limits.ts';

export interface MavenRequirement {
  /** The version the text names; empty when it names none (a range, `LATEST`, an unresolved property). */
  readonly version: string;
  /** Lower bound of a range, where it is part of the range. */
  readonly lowest?: string;
  /** `soft`: a wish that nearer ones override; `hard`: exactly this; `range`: anything between; `none`: no version in it. */
  readonly kind: 'soft' | 'hard' | 'range' | 'none';
}

/** `1.0` is soft, `[1.0]` is hard. Which version Maven takes for a range depends on what a repository offers that day. */
export function parseMavenRequirement(text: string): MavenRequirement {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > defaultLimits.versionLength || trimmed.includes('${')) return none;
  if (trimmed === 'LATEST' || trimmed === 'RELEASE') return none;
  const opening = trimmed.charAt(0);
  if (opening !== '[' && opening !== '(') return { version: trimmed, kind: 'soft' };
  const end = firstOf(trimmed, ['[', ']', '(', ')']);
  const inner = trimmed.slice(1, end);
  const comma = inner.indexOf(',');
  if (comma === -1) return opening === '[' && inner.trim() !== '' ? { version: inner.trim(), kind: 'hard' } : none;
  const lower = inner.slice(0, comma).trim();
  return { version: '', kind: 'range', ...(opening === '[' && lower !== '' ? { lowest: lower } : {}) };
}

const none: MavenRequirement = { version: '', kind: 'none' };

function firstOf(text: string, characters: readonly string[]): number {
  for (let at = 1; at < text.length; at += 1) if (characters.includes(text.charAt(at))) return at;
  return text.length;
}
