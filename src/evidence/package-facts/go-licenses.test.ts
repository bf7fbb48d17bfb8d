// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { goMod } from '../packages/go-mod.ts';
import { goVendorModules } from '../packages/go-vendor-modules.ts';

const apache = 'Apache License\nVersion 2.0, January 2004\n';

describe('licences of Go modules', () => {
  it('come from the module cache, where capital letters are escaped', () => {
    const { get } = catalogText(goMod, {
      'app/go.mod': 'module example.com/app\n\ngo 1.22\n\nrequire github.com/Azure/x v1.0.0\n',
      'root/go/pkg/mod/github.com/!azure/x@v1.0.0/LICENSE': apache,
    });

    expect(get('github.com/Azure/x').licenses).toEqual(['Apache-2.0']);
  });

  it('come from the folder vendor', () => {
    const { get } = catalogText(goVendorModules, {
      'vendor/modules.txt': '# github.com/a/b v1.0.0\n## explicit\ngithub.com/a/b\n',
      'vendor/github.com/a/b/LICENSE.txt': apache,
    });

    expect(get('github.com/a/b').licenses).toEqual(['Apache-2.0']);
  });
});
