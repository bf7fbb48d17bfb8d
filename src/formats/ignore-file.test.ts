// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIgnoreFile } from './ignore-file.ts';

describe('readIgnoreFile', () => {
  it('reads .trivyignore with reasons from comments and expiry dates', () => {
    const { rules, problems } = readIgnoreFile(
      '# not reachable\nCVE-2021-1\n\nCVE-2021-2 exp:2026-12-31\n',
      '.trivyignore',
    );

    expect(problems).toEqual([]);
    expect(rules).toMatchObject([
      { ids: ['CVE-2021-1'], reason: 'not reachable', location: { line: 2 } },
      { ids: ['CVE-2021-2'], reason: '', expires: '2026-12-31', location: { line: 4 } },
    ]);
  });

  it('does not use a .trivyignore entry whose date is none', () => {
    const { rules, problems } = readIgnoreFile('CVE-2021-2 exp:soon\n', '.trivyignore');

    expect(rules).toEqual([]);
    expect(problems).toMatchObject([{ location: { line: 1 } }]);
  });

  it('reads the sections of .trivyignore.yaml', () => {
    const text =
      'vulnerabilities:\n  - id: CVE-2022-1\n    paths: ["usr/**"]\n    purls: ["pkg:deb/debian/bash"]\n    statement: accepted\n    expired_at: 2027-01-01\n';

    const { rules } = readIgnoreFile(text, '.trivyignore.yaml');

    expect(rules).toMatchObject([
      {
        ids: ['CVE-2022-1'],
        scanner: 'vulnerability',
        paths: ['usr/**'],
        purls: ['pkg:deb/debian/bash'],
        reason: 'accepted',
        expires: '2027-01-01',
      },
    ]);
  });

  it('reads Grype rules and takes a name with special characters for a pattern', () => {
    const text =
      'ignore:\n  - vulnerability: CVE-1\n    include-aliases: true\n    fix-state: wont-fix\n    package:\n      name: kernel-headers.*\n      type: rpm\n';

    const { rules } = readIgnoreFile(text, '.grype.yaml');

    expect(rules).toMatchObject([
      {
        ids: ['CVE-1'],
        aliases: 'match',
        fixState: 'will-not-fix',
        packageName: 're:kernel-headers.*',
        packageType: 'rpm',
      },
    ]);
  });

  it('reads how and where a Grype rule wants the advisory found', () => {
    const text = `ignore:
  - namespace: github:language:python
    match-type: exact-indirect-match
    package: { language: ruby, upstream-name: linux.*, location: /usr/** }
  - reason: everything
  - package: { language: klingon }
`;

    const { rules, problems } = readIgnoreFile(text, '.grype.yaml');

    expect(rules).toMatchObject([
      {
        namespace: 'github:language:python',
        matchedBy: 'source',
        packageTypes: ['gem'],
        upstreamName: 're:linux.*',
        paths: ['usr/**'],
      },
    ]);
    expect(problems.map((problem) => problem.message)).toEqual([
      'a rule without any condition would ignore everything; it is not used',
      'unknown language "klingon"; the rule is not used',
    ]);
  });

  it('does not half apply a Grype rule with a criterion it cannot judge', () => {
    const { rules, problems } = readIgnoreFile(
      'ignore:\n  - vulnerability: CVE-1\n    vex-status: fixed\n',
      '.grype.yaml',
    );

    expect(rules).toEqual([]);
    expect(problems).toMatchObject([{ message: 'an ignore rule on "vex-status" is not supported; it is not used' }]);
  });

  it('demands a reason in its own form and names misspelt keys', () => {
    const { rules, problems } = readIgnoreFile(
      'ignore:\n  - id: CVE-1\n  - id: CVE-2\n    raeson: x\n',
      '.landwaiterignore.yaml',
    );

    expect(rules).toEqual([]);
    expect(problems.map((problem) => problem.message)).toEqual([
      'an entry needs a reason; it is not used without one',
      'unknown key "raeson"; did you mean reason?',
    ]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('.trivyignore', '.trivyignore.yaml', '.grype.yaml', '.landwaiterignore.yaml'),
        (text, name) => {
          readIgnoreFile(text, name);
        },
      ),
    );
  });
});
