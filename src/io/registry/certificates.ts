// SPDX-License-Identifier: Apache-2.0
// Certificates for single registries, in the folders that docker and podman use: certs.d/<host[:port]>/*.crt are authorities, and
// NAME.cert with NAME.key is what this program shows of itself.
import { LandwaiterError } from '../../model/error.ts';
import type { StoredFolder } from '../stored-files.ts';
import type { HostCertificates } from './transport.ts';

const fileBytes = 1024 * 1024;
const mostHosts = 1_000;

export interface CertificateOptions {
  /** `certs.d` folders, the most important one first. */
  readonly folders: readonly StoredFolder[];
  /** PEM texts of authorities trusted for every registry. */
  readonly authorities?: readonly string[];
}

/** Reads the files of a host when it is first asked for. Throws CONFIG_INVALID for a certificate without its key. */
export function certificateLookup({
  folders,
  authorities = [],
}: CertificateOptions): (host: string) => HostCertificates {
  const known = new Map<string, HostCertificates>();
  return (host) => {
    const certificates = known.get(host) ?? readHost(host, { folders, authorities });
    if (known.size >= mostHosts) known.clear();
    known.set(host, certificates);
    return certificates;
  };
}

function readHost(host: string, { folders, authorities = [] }: CertificateOptions): HostCertificates {
  const found = [...authorities];
  let client: HostCertificates['client'];
  for (const folder of folders) {
    const names = folder.list(host);
    const text = (name: string): string =>
      Buffer.from(folder.read(`${host}/${name}`, fileBytes) ?? []).toString('utf8');
    found.push(...names.filter((name) => name.endsWith('.crt')).map(text));
    const certificate = names.find((name) => name.endsWith('.cert'));
    if (certificate === undefined || client !== undefined) continue;
    const key = certificate.replace(/\.cert$/, '.key');
    if (!names.includes(key)) {
      const message = `${folder.name}/${host}: ${certificate} has no ${key} beside it`;
      throw new LandwaiterError({ code: 'CONFIG_INVALID', message });
    }
    client = { certificate: text(certificate), key: text(key) };
  }
  return { authorities: found, ...(client === undefined ? {} : { client }) };
}
