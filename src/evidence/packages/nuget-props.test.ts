// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { nugetProps } from './nuget-props.ts';

describe('nugetProps', () => {
  it('lists what has a name and a version', () => {
    const text = `<Project><PropertyGroup><V>1.0.0</V></PropertyGroup><ItemGroup>
      <PackageVersion Include="One" Version="$(V)" />
      <PackageReference Update="Two" Version=" 2.0.0 " />
      <GlobalPackageReference Include="Tool" Version="3.0.0" />
      <PackageVersion Include="$(Unknown)" Version="4.0.0" />
      <PackageVersion Include="Five" />
    </ItemGroup></Project>`;

    const { names, get } = catalogText(nugetProps, { 'Directory.Packages.props': text });

    expect(names).toEqual(['One@1.0.0', 'Tool@3.0.0', 'Two@2.0.0']);
    expect(get('Tool').scope).toBe('development');
  });
});
