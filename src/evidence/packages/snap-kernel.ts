// SPDX-License-Identifier: Apache-2.0
// doc/linux-modules-*/changelog.Debian.gz of kernel snaps: the kernel that a snap was made of.
import { gunzipSync } from 'node:zlib';
import { decodeText, syntaxProblem } from '../../formats/text.ts';
import { messageOf } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { baseKernelOf, kernelOfChangelog } from '../package-facts/ubuntu-kernel.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const snapKernel = defineCataloger({
  id: 'snap-kernel',
  title: 'doc/linux-modules-*/changelog.Debian.gz (kernel snaps)',
  ecosystems: ['deb'],
  kind: 'installed',
  files: ['**/doc/linux-modules-*/changelog.Debian.gz'],
  // On a system with dpkg its database lists the kernel.
  except: ['**/usr/share/doc/**', 'usr/share/doc/**'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: ['firmware and modules that come from other packages than the kernel'],
  },
  parse: parseChangelog,
});

function parseChangelog(file: SourceFile): CatalogResult {
  let bytes: Uint8Array;
  try {
    bytes = gunzipSync(file.bytes, { maxOutputLength: defaultLimits.manifestBytes });
  } catch (error) {
    return { packages: [], problems: [syntaxProblem(file.path, `not readable as gzip: ${messageOf(error)}`)] };
  }
  const { text } = decodeText(bytes, file.path);
  const kernel = kernelOfChangelog(text.slice(0, Math.max(0, text.indexOf('\n'))) || text);
  if (kernel === undefined) {
    const message = 'the first line names no version of a kernel';
    return {
      packages: [],
      problems: [{ kind: 'schema', message, location: { path: file.path }, hidesFindings: true }],
    };
  }
  const base = baseKernelOf(text, kernel);
  const kernels = base === undefined ? [kernel] : [kernel, base];
  return { packages: kernels.map((item) => imageOf(item.abi, item.version, file.path)), problems: [] };
}

/** As Ubuntu names the package of the kernel itself, whose source package is `linux`. */
function imageOf(abi: string, version: string, path: string): Package {
  const name = `linux-image-${abi}-generic`;
  const purl = formatPurl({ type: 'deb', namespace: 'ubuntu', name, version, qualifiers: { upstream: 'linux' } });
  const sources = [{ name: 'linux', version }];
  return packageOf({ name, version, type: 'deb', purl, sources, locations: [{ path }] });
}
