// SPDX-License-Identifier: Apache-2.0
// Which class a licence belongs to. The assignments of the classes `forbidden` to `unencumbered` are those of Google's licence classifier
// (github.com/google/licenseclassifier, license_type.go); licences it does not know, marked below, are classed by what they ask.
// Ids are written without `-only`, `-or-later` and `+`, which do not change the class.
import type { LicenseCategory } from '../../model/license.ts';

export type LicenseTable = Readonly<Partial<Record<LicenseCategory, readonly string[]>>>;

/** Ids parted by blanks. */
function ids(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

export const licenseTable: LicenseTable = {
  forbidden: [
    ...ids(`
    AGPL-1.0 AGPL-3.0 Commons-Clause Facebook-2-Clause Facebook-3-Clause Facebook-Examples CC-BY-NC-1.0
    CC-BY-NC-2.0 CC-BY-NC-2.5 CC-BY-NC-3.0 CC-BY-NC-4.0 CC-BY-NC-ND-1.0 CC-BY-NC-ND-2.0 CC-BY-NC-ND-2.5
    CC-BY-NC-ND-3.0 CC-BY-NC-ND-4.0 CC-BY-NC-SA-1.0 CC-BY-NC-SA-2.0 CC-BY-NC-SA-2.5 CC-BY-NC-SA-3.0
    CC-BY-NC-SA-4.0 WTFPL
    `),
    // Not known there: the source is shown, use is limited.
    ...ids(`
    SSPL-1.0 BUSL-1.1 Elastic-2.0 PolyForm-Noncommercial-1.0.0 PolyForm-Small-Business-1.0.0 RPL-1.5
    `),
  ],
  restricted: [
    ...ids(`
    BCL CC-BY-ND-1.0 CC-BY-ND-2.0 CC-BY-ND-2.5 CC-BY-ND-3.0 CC-BY-ND-4.0 CC-BY-SA-1.0 CC-BY-SA-2.0
    CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-4.0 GPL-1.0 GPL-2.0 GPL-2.0-with-autoconf-exception
    GPL-2.0-with-bison-exception GPL-2.0-with-classpath-exception GPL-2.0-with-font-exception
    GPL-2.0-with-GCC-exception GPL-3.0 GPL-3.0-with-autoconf-exception GPL-3.0-with-GCC-exception LGPL-2.0
    LGPL-2.1 LGPL-3.0 NPL-1.0 NPL-1.1 QPL-1.0 Sleepycat OSL-1.0 OSL-1.1 OSL-2.0 OSL-2.1 OSL-3.0
    `),
    // Not known there.
    ...ids(`
    EUPL-1.0 EUPL-1.1 EUPL-1.2 LGPLLR CECILL-1.0 CECILL-2.0 CECILL-2.1 GFDL-1.1 GFDL-1.2 GFDL-1.3
    `),
  ],
  reciprocal: [
    ...ids(`
    APSL-1.0 APSL-1.1 APSL-1.2 APSL-2.0 CDDL-1.0 CDDL-1.1 CPL-1.0 EPL-1.0 EPL-2.0 FreeImage IPL-1.0 MPL-1.0
    MPL-1.1 MPL-2.0 Ruby
    `),
    // Not known there.
    ...ids(`
    MPL-2.0-no-copyleft-exception ErlPL-1.1 MS-RL SPL-1.0 CECILL-C
    `),
  ],
  notice: [
    ...ids(`
    AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 Apache-1.0 Apache-1.1 Apache-2.0 Artistic-1.0 Artistic-1.0-cl8
    Artistic-1.0-Perl Artistic-2.0 BSL-1.0 BSD-2-Clause BSD-2-Clause-FreeBSD BSD-2-Clause-NetBSD
    BSD-3-Clause BSD-3-Clause-Attribution BSD-3-Clause-Clear BSD-3-Clause-LBNL BSD-4-Clause BSD-4-Clause-UC
    BSD-Protection CC-BY-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-3.0 CC-BY-4.0 FTL ISC ImageMagick Libpng Lil-1.0
    Linux-OpenIB LPL-1.0 LPL-1.02 MS-PL MIT NCSA OpenSSL PHP-3.0 PHP-3.01 PIL PostgreSQL Python-2.0
    Python-2.0-complete SGI-B-1.0 SGI-B-1.1 SGI-B-2.0 Unicode-DFS-2015 Unicode-DFS-2016 Unicode-TOU UPL-1.0
    W3C W3C-19980720 W3C-20150513 X11 Xnet Zend-2.0 zlib-acknowledgement Zlib ZPL-1.1 ZPL-2.0 ZPL-2.1
    `),
    // Not known there.
    ...ids(`
    BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause-Patent BSD-2-Clause-Views BSD-3-Clause-No-Nuclear-License
    BSD-Source-Code curl ECL-1.0 ECL-2.0 HPND ICU IJG JSON libtiff MIT-Modern-Variant MulanPSL-2.0 OFL-1.1
    PSF-2.0 TCL Unicode-3.0 Vim Info-ZIP bzip2-1.0.6 Beerware
    `),
  ],
};
