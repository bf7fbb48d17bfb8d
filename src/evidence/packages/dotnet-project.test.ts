// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { dotnetProject } from './dotnet-project.ts';

function items(inner: string): string {
  return `<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>${inner}</ItemGroup></Project>`;
}

describe('dotnetProject', () => {
  it('reads versions as attributes and as elements, in any namespace', () => {
    const text = `<Project xmlns="urn:msbuild">\n<ItemGroup>
<PackageReference Include="One" Version="1.0.0" />
<PackageReference Include="Two"><Version>[2.0.0]</Version><PrivateAssets>all</PrivateAssets></PackageReference>
</ItemGroup></Project>`;

    const { get } = catalogText(dotnetProject, { 'a.csproj': text });

    expect(get('One')).toMatchObject({
      version: '1.0.0',
      relationship: 'direct',
      scope: 'runtime',
      locations: [{ line: 3 }],
    });
    expect(get('Two')).toMatchObject({ version: '2.0.0', constraint: '[2.0.0]', scope: 'development' });
  });

  it('takes versions and properties from the nearest files above', () => {
    const { names, problems } = catalogText(dotnetProject, {
      'src/app/app.csproj': items(
        '<PackageReference Include="One" /><PackageReference Include="Two" VersionOverride="9.0.0" />',
      ),
      'src/Directory.Packages.props':
        '<Project><ItemGroup><PackageVersion Include="one" Version="$(OneVersion)" /><PackageVersion Include="Two" Version="2.0.0" /><GlobalPackageReference Include="Tool" Version="3.0.0" /></ItemGroup></Project>',
      'Directory.Packages.props':
        '<Project><ItemGroup><PackageVersion Include="One" Version="0.1.0" /></ItemGroup></Project>',
      'Directory.Build.props': '<Project><PropertyGroup><OneVersion>1.0.0</OneVersion></PropertyGroup></Project>',
    });

    expect(names).toEqual(['One@1.0.0', 'Tool@3.0.0', 'Two@9.0.0']);
    expect(problems).toEqual([]);
  });

  it('tells packages without a version, and ends with properties that go round in circles', () => {
    const text = `<Project><PropertyGroup><A>$(B)</A><B>$(A)</B></PropertyGroup><ItemGroup>
      <PackageReference Include="One" /><PackageReference Include="Two" Version="$(A)" /><PackageReference Include="Three" Version="3.*" /></ItemGroup></Project>`;

    const { names, problems } = catalogText(dotnetProject, { 'a.fsproj': text });

    expect(names).toEqual(['One@', 'Three@', 'Two@']);
    expect(problems.map((problem) => problem.kind)).toEqual(['unresolved', 'unresolved', 'unresolved']);
  });

  it('says that another document is no project', () => {
    const { problems } = catalogText(dotnetProject, { 'a.vbproj': '<html/>' });

    expect(problems).toMatchObject([{ kind: 'schema', hidesFindings: true }]);
  });
});
