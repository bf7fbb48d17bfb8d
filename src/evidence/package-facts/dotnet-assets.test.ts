// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { assetsOf, deployedPath, programOf } from './dotnet-assets.ts';

describe('files of NuGet packages', () => {
  it('lie beside the program without their framework', () => {
    expect(deployedPath('runtimes/win/lib/net8.0/fr/A.resources.dll')).toBe('fr/A.resources.dll');
    expect(deployedPath('lib/A.dll')).toBe('lib/A.dll');
  });

  it('are collected over all targets', () => {
    const targets = {
      a: { 'X/1': { compile: { 'lib/net8.0/X.dll': {} } } },
      b: { 'X/1': { runtime: { 'lib/net8.0/X.dll': {}, 'lib/net8.0/_._': {} } } },
    };

    expect([...assetsOf(targets, 'X/1').runtime]).toEqual([['X.dll', 'lib/net8.0/X.dll']]);
  });

  it('belong to a program with the name of the file', () => {
    expect(programOf('C:\\app\\My.App.deps.json')).toBe('My.App');
  });
});
