// SPDX-License-Identifier: Apache-2.0
// Makes the image that `npm start` scans, signs and verifies: a small Debian root with one old package and a Node application, as an OCI layout.
// It is made like the images of the tests, from a tar writer of our own; no daemon and no registry take part.
import { readFileSync, rmSync } from 'node:fs';
import { buildImage, buildLayer, writeOciLayout } from '../test/support/image-builder.ts';

/** Writes the layout of the example image into `folder`, in the place of one that is there. */
export function writeExampleImage(folder: string, service: string): void {
  const base = buildLayer([
    { path: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n' },
    { path: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\n' },
    {
      path: 'var/lib/dpkg/status',
      content: [paragraph('openssl', '3.0.9-1'), paragraph('base-files', '12.4')].join('\n'),
    },
    { path: 'var/lib/dpkg/info/openssl.list', content: '/usr/bin/openssl\n' },
    { path: 'usr/bin/openssl', content: '#!/bin/sh\n', mode: 0o755 },
    { path: 'usr/bin/su', content: '#!/bin/sh\n', mode: 0o4755 },
  ]);
  const application = buildLayer(
    ['package.json', 'package-lock.json', 'server.js'].map((name) => ({
      path: `app/${name}`,
      content: readFileSync(`${service}/${name}`),
    })),
  );
  const image = buildImage([base, application], {
    Env: ['PATH=/usr/bin', 'NODE_ENV=production', ['PAYMENT_TOKEN=sk', 'live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_')],
    Entrypoint: ['node', '/app/server.js'],
  });
  rmSync(folder, { recursive: true, force: true });
  writeOciLayout(folder, image, '1.4');
}

function paragraph(name: string, version: string): string {
  return `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nMaintainer: nobody\nVersion: ${version}\nDescription: example\n`;
}
