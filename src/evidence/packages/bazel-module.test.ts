// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { bazelModule } from './bazel-module.ts';

describe('bazelModule', () => {
  it('reads what the module extension is asked for, under any name', () => {
    const text = `bazel_dep(name = "rules_jvm_external", version = "6.3")
jvm = use_extension("@rules_jvm_external//:extensions.bzl", "maven")
VERSION = "1.2"
jvm.install(artifacts = ["org.a:one:" + VERSION, "org.a:two"])
jvm.artifact(group = "org.a", artifact = "three", version = "3", testonly = True)
other = use_extension("@rules_other//:extensions.bzl", "maven")
other.install(artifacts = ["org.a:four:4"])
`;

    const { get, names } = catalogText(bazelModule, { 'MODULE.bazel': text });

    expect(names).toEqual(['org.a:one@1.2', 'org.a:three@3', 'org.a:two@']);
    expect(get('org.a:one').locations).toEqual([{ path: 'MODULE.bazel', line: 4 }]);
    expect(get('org.a:three').scope).toBe('test');
  });

  it('reads maven_install of a WORKSPACE, with artifacts as calls', () => {
    const text = `maven_install(artifacts = ["org.a:one:1", maven.artifact(group = "org.a", artifact = "two", version = "2")])\n`;

    const { names } = catalogText(bazelModule, { WORKSPACE: text });

    expect(names).toEqual(['org.a:one@1', 'org.a:two@2']);
  });
});
