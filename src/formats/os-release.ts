// SPDX-License-Identifier: Apache-2.0
// os-release(5): which distribution and release a file system holds. https://www.freedesktop.org/software/systemd/man/os-release.html
import type { Distribution } from '../model/package.ts';

/** Undefined when the file names no distribution (ID). Rolling distributions have their build as version. */
export function parseOsRelease(text: string): Distribution | undefined {
  const fields = shellAssignments(text);
  // Systems without ID bear their name; the standard's default "linux" would say nothing.
  const id = (fields.get('ID') || fields.get('NAME'))?.toLowerCase();
  if (id === undefined || id === '') return undefined;
  const codename = fields.get('VERSION_CODENAME');
  return {
    id,
    idLike: (fields.get('ID_LIKE') ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== ''),
    ...releaseOf(fields),
    ...(codename === undefined || codename === '' ? {} : { codename }),
    name: fields.get('PRETTY_NAME') ?? fields.get('NAME') ?? id,
  };
}

/** The release, and behind a plus sign the stream of extended support it follows: `9.4+eus`. */
function releaseOf(fields: ReadonlyMap<string, string>): Pick<Distribution, 'versionId' | 'channels'> {
  const version = /^\d[\w.+~-]{0,60}/.exec(fields.get('VERSION') ?? '')?.[0];
  return releaseAndChannels(fields.get('VERSION_ID') ?? fields.get('BUILD_ID') ?? version ?? '');
}

/** `9.4+eus` is release 9.4 with the stream `eus`. */
export function releaseAndChannels(text: string): Pick<Distribution, 'versionId' | 'channels'> {
  const [versionId = '', ...channels] = text.split('+');
  const named = channels.filter((word) => /^[a-z]{2,12}$/i.test(word)).map((word) => word.toLowerCase());
  return named.length === 0 || named.length < channels.length ? { versionId: text } : { versionId, channels: named };
}

/** `NAME=value` lines, the value bare or in quotes; comments and anything else are passed over. */
export function shellAssignments(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const equals = line.indexOf('=');
    const name = line.slice(0, Math.max(0, equals));
    if (!/^[A-Za-z_]\w{0,100}$/.test(name)) continue;
    const value = line.slice(equals + 1);
    const quote = value.charAt(0);
    const isQuoted = (quote === '"' || quote === "'") && value.length > 1 && value.endsWith(quote);
    fields.set(name, isQuoted ? value.slice(1, -1).replace(/\\(["'$`\\])/g, '$1') : value);
  }
  return fields;
}
