// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { GroovyStatement, GroovyValue } from './groovy-script.ts';
import { callsIn, parseGroovyScript } from './groovy-script.ts';

function print(statements: readonly GroovyStatement[]): string {
  return statements
    .map((statement) => {
      if (statement.kind === 'other') return `?${statement.text}`;
      if (statement.kind === 'assignment') return `${statement.name}=${printValue(statement.value)}`;
      const list = statement.arguments
        .map(({ name, value }) => `${name === undefined ? '' : `${name}:`}${printValue(value)}`)
        .join(',');
      return `${statement.name}(${list})${statement.body === undefined ? '' : `{${print(statement.body)}}`}`;
    })
    .join(';');
}

function printValue(value: GroovyValue): string {
  if (value.kind === 'string') return value.interpolated ? `"${value.text}"` : `'${value.text}'`;
  if (value.kind === 'list')
    return `[${value.items.map((item) => `${item.name === undefined ? '' : `${item.name}:`}${printValue(item.value)}`).join(',')}]`;
  return value.kind === 'call' ? print([value.call]) : value.kind === 'word' ? value.text : `?${value.text}`;
}

describe('parseGroovyScript', () => {
  it.each([
    ["sh 'make'", "sh('make')"],
    ["sh(script: 'make', returnStdout: true)", "sh(script:'make',returnStdout:true)"],
    ['stage(\'A\') {\n  steps { echo "x" }\n}', 'stage(\'A\'){steps(){echo("x")}}'],
    ["X = credentials('id')", "X=credentials('id')"],
    [
      "withCredentials([string(credentialsId: 'a', variable: 'B')]) { sh 'x' }",
      "withCredentials([string(credentialsId:'a',variable:'B')]){sh('x')}",
    ],
    ["docker.image('node').inside { sh 'x' }", "?docker.image('node').inside { sh 'x' }"],
    ['agent any // here\n/* not\nhere */ options { }', 'agent(any);options(){}'],
    ["a 1; b 'it\\'s'", "a(?1);b('it's')"],
    ['sh """\nmake ${X}\n"""', 'sh("\nmake ${X}\n")'],
    ["if (a) { sh 'x' } else { sh 'y' }", "if(a){sh('x')};else(){sh('y')}"],
    ["parameters { choice(name: 'A', choices: ['x', 'y']) }", "parameters(){choice(name:'A',choices:['x','y'])}"],
  ])('%s', (text, expected) => {
    const { statements, problems } = parseGroovyScript(text, 'Jenkinsfile');

    expect(print(statements)).toBe(expected);
    expect(problems).toEqual([]);
  });

  it('finds the calls in statements that it does not understand', () => {
    const { statements } = parseGroovyScript(
      "def out = sh(script: 'a', returnStdout: true).trim()\ndocker.image('n').inside { sh 'b' }\n",
      'J',
    );

    const texts = [...callsIn(statements)]
      .filter(({ name }) => name === 'sh')
      .map(({ arguments: [first] }) => (first === undefined ? '' : printValue(first.value)));
    expect(texts).toEqual(["'a'", "'b'"]);
  });

  it('tells what is not closed', () => {
    expect(parseGroovyScript("a {\n  sh 'x'\n", 'J').problems.map(({ message }) => message)).toEqual([
      'a closing brace is missing',
    ]);
    expect(parseGroovyScript("sh '''x\n", 'J').problems.map(({ message }) => message)).toEqual([
      'a string or comment has no end',
    ]);
    expect(
      parseGroovyScript('}\n', 'J').problems.map(({ message, location }) => `${location.line} ${message}`),
    ).toEqual(['1 "}" closes nothing']);
  });
});
