// SPDX-License-Identifier: Apache-2.0
// Deprecated SPDX ids in the form of today, where the list names one.
import type { LicenseExpression } from './spdx-license.ts';

/** Deprecated ids of the GNU family and of licences with a built-in exception, in today's form. Other licences stay. */
export function currentLicense(license: LicenseExpression): LicenseExpression {
  if (license.kind !== 'license') return license;
  const withException = exceptionForms[license.id];
  if (withException !== undefined) {
    const [id, exception] = withException;
    return { kind: 'with', license: { kind: 'license', id, orLater: false }, exception };
  }
  const gnu = /^((?:A|L)?GPL-[0-9.]+|GFDL-[0-9.]+)(\+)?(?:-(only|or-later))?$/.exec(license.id);
  if (gnu === null) {
    const id = replacements[license.id] ?? license.id;
    return { ...license, id };
  }
  const later = license.orLater || gnu[2] === '+' || gnu[3] === 'or-later';
  return { kind: 'license', id: `${gnu[1]}-${later ? 'or-later' : 'only'}`, orLater: false };
}

const exceptionForms: Readonly<Record<string, readonly [license: string, exception: string]>> = {
  'GPL-2.0-with-autoconf-exception': ['GPL-2.0-only', 'Autoconf-exception-2.0'],
  'GPL-2.0-with-bison-exception': ['GPL-2.0-only', 'Bison-exception-2.2'],
  'GPL-2.0-with-classpath-exception': ['GPL-2.0-only', 'Classpath-exception-2.0'],
  'GPL-2.0-with-font-exception': ['GPL-2.0-only', 'Font-exception-2.0'],
  'GPL-2.0-with-GCC-exception': ['GPL-2.0-only', 'GCC-exception-2.0'],
  'GPL-3.0-with-autoconf-exception': ['GPL-3.0-only', 'Autoconf-exception-3.0'],
  'GPL-3.0-with-GCC-exception': ['GPL-3.0-only', 'GCC-exception-3.1'],
  'eCos-2.0': ['GPL-2.0-or-later', 'eCos-exception-2.0'],
  wxWindows: ['LGPL-2.0-or-later', 'WxWindows-exception-3.1'],
};

const replacements: Readonly<Record<string, string>> = {
  'BSD-2-Clause-FreeBSD': 'BSD-2-Clause-Views',
  'BSD-2-Clause-NetBSD': 'BSD-2-Clause',
  'bzip2-1.0.5': 'bzip2-1.0.6',
  'StandardML-NJ': 'SMLNJ',
};
