// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseConfiguration } from './configuration.ts';

function errorOf(text: string): unknown {
  try {
    parseConfiguration(text, 'landwaiter.yaml');
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('parseConfiguration', () => {
  it('takes flags by their names', () => {
    const values = parseConfiguration(
      'fail-on: critical\nexclude: [vendor/**, "test/**"]\nexclude-dev: true\n',
      'landwaiter.yaml',
    );

    expect([...values]).toEqual([
      ['fail-on', ['critical']],
      ['exclude', ['vendor/**', 'test/**']],
      ['exclude-dev', ['true']],
    ]);
  });

  it('names place and nearest key of an unknown key', () => {
    expect(errorOf('exclude: []\nfail-onn: high\n')).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'landwaiter.yaml:2:1: unknown key "fail-onn"',
      hint: 'did you mean fail-on?',
    });
  });

  it('refuses a wrong type', () => {
    expect(errorOf('exclude-dev: "yes"\n')).toMatchObject({
      message: 'landwaiter.yaml:1:1: "exclude-dev" takes true or false',
    });
  });

  it('refuses a value outside the closed set and names the nearest', () => {
    expect(errorOf('fail-on: hgih\n')).toMatchObject({ code: 'CONFIG_INVALID', hint: 'did you mean high?' });
  });

  it('refuses flags that make sense on a command line only', () => {
    expect(errorOf('help: true\n')).toMatchObject({ message: 'landwaiter.yaml:1:1: unknown key "help"' });
  });

  it('refuses a duplicate key instead of taking one of them', () => {
    expect(errorOf('quiet: true\nquiet: false\n')).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('takes an empty file for no settings', () => {
    expect(parseConfiguration('# nothing\n', 'landwaiter.yaml').size).toBe(0);
  });
});
