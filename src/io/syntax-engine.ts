// SPDX-License-Identifier: Apache-2.0
// Parsers of programming languages: @ast-grep/napi (JavaScript, TypeScript, HTML and CSS built in) and its grammar packages. All are optional and
// native: they are loaded when a scan needs them, and one that is absent is a language that cannot be read, never an empty answer.
import type * as Library from '@ast-grep/napi';
import type { NapiConfig, SgNode } from '@ast-grep/napi';
import type { CodeLanguage, CodeMatcher, SyntaxEngine, SyntaxMatch, SyntaxTree } from '../formats/syntax-tree.ts';

interface Grammar {
  readonly libraryPath: string;
  readonly extensions: string[];
  readonly languageSymbol?: string;
  readonly expandoChar?: string;
}

/** Names of the languages that the library reads by itself. */
const builtIn: Readonly<Partial<Record<CodeLanguage, string>>> = {
  css: 'Css',
  html: 'Html',
  javascript: 'JavaScript',
  tsx: 'Tsx',
  typescript: 'TypeScript',
};

const added: readonly CodeLanguage[] = [
  'bash',
  'c',
  'cpp',
  'csharp',
  'go',
  'java',
  'kotlin',
  'php',
  'python',
  'ruby',
  'rust',
  'scala',
  'swift',
];

/** Loads a module by name; a parameter, so that absence can be tested. Rejects when it is not installed. */
export type ModuleLoader = (name: string) => Promise<unknown>;

let registered: Promise<SyntaxEngine> | undefined;

/** The engine with every language whose grammar is installed. Loaded once: the library accepts grammars only once in a process. */
export function loadSyntaxEngine(): Promise<SyntaxEngine> {
  registered ??= openSyntaxEngine((name) => import(name));
  return registered;
}

/** As `loadSyntaxEngine`, with modules from `load`. Without the library the engine reads nothing. */
export async function openSyntaxEngine(load: ModuleLoader): Promise<SyntaxEngine> {
  const library = await optional<typeof Library>(load, '@ast-grep/napi');
  if (library === undefined) return { languages: new Set(), parse: () => undefined };
  const grammars: [CodeLanguage, Grammar][] = [];
  for (const language of added) {
    const grammar = await optional<Grammar>(load, `@ast-grep/lang-${language}`);
    if (grammar !== undefined) grammars.push([language, grammar]);
  }
  if (grammars.length > 0) library.registerDynamicLanguage(Object.fromEntries(grammars));
  const names = new Map<CodeLanguage, string>([
    ...(Object.entries(builtIn) as [CodeLanguage, string][]),
    ...grammars.map(([language]): [CodeLanguage, string] => [language, language]),
  ]);
  return {
    languages: new Set(names.keys()),
    parse: (language, text) => {
      const name = names.get(language);
      return name === undefined ? undefined : treeOf(library.parse(name, text).root());
    },
  };
}

async function optional<T>(load: ModuleLoader, name: string): Promise<T | undefined> {
  try {
    const module = (await load(name)) as { readonly default?: T };
    const loaded = module.default ?? (module as T);
    // A grammar package without a binary for this platform says so only when its path is asked for.
    if (name.startsWith('@ast-grep/lang-'))
      return { ...loaded, libraryPath: (loaded as unknown as Grammar).libraryPath };
    return loaded;
  } catch {
    return undefined;
  }
}

function treeOf(root: SgNode): SyntaxTree {
  return {
    find: (matcher) => root.findAll(configOf(matcher)).map((node) => matchOf(root, node)),
  };
}

/** The library takes `utils` beside `rule`; left out, rules that refer to them would match nothing in silence. */
function configOf({ rule, constraints, utils, transform }: CodeMatcher): NapiConfig {
  return {
    rule,
    ...(constraints === undefined ? {} : { constraints }),
    ...(utils === undefined ? {} : { utils }),
    ...(transform === undefined ? {} : { transform }),
  } as NapiConfig;
}

function matchOf(root: SgNode, node: SgNode): SyntaxMatch {
  const { start, end } = node.range();
  return {
    text: node.text(),
    start: { offset: start.index, line: start.line + 1, column: start.column + 1 },
    end: { offset: end.index, line: end.line + 1, column: end.column + 1 },
    variable: (name) => {
      const single = node.getMatch(name);
      if (single !== null) return single.text();
      const several = node.getMultipleMatches(name);
      const first = several[0];
      const last = several.at(-1);
      if (first === undefined || last === undefined) return undefined;
      return root.text().slice(first.range().start.index, last.range().end.index);
    },
  };
}
