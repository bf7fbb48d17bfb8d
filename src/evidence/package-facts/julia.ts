// SPDX-License-Identifier: Apache-2.0
// What the Julia catalogers share. https://pkgdocs.julialang.org/v1/toml-files
import { formatPurl } from '../../model/purl.ts';

/** purl-spec, type julia: the UUID tells packages of one name apart. */
export function juliaPurl(name: string, version: string, uuid: string | undefined): string | undefined {
  return formatPurl({ type: 'julia', name, version, qualifiers: { uuid } });
}
