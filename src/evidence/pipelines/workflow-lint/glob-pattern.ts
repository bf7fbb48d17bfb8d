// SPDX-License-Identifier: Apache-2.0
// The filter patterns of GitHub Actions ("Workflow syntax", filter pattern cheat sheet): whether one is well-formed. It matches nothing itself.

export interface GlobFault {
  readonly message: string;
  /** Index in the pattern. */
  readonly index: number;
}

const note =
  'note: filter pattern syntax is explained at https://docs.github.com/en/actions/using-workflows/workflow-syntax-for-github-actions#filter-pattern-cheat-sheet';

/** Of names of branches and tags (`ref`) or of paths of files. */
export function checkGlob(pattern: string, what: 'ref' | 'path'): readonly GlobFault[] {
  if (what === 'path') {
    const body = pattern.startsWith('!') ? pattern.slice(1) : pattern;
    if (pattern !== pattern.trim())
      return [{ message: `leading and trailing spaces are not allowed in glob path. ${note}`, index: 0 }];
    if (body === '.' || body === '..' || body.startsWith('./') || body.startsWith('../'))
      return [{ message: `'.' and '..' are not allowed in glob path. ${note}`, index: 0 }];
  }
  return new GlobReader(pattern, what).faults();
}

class GlobReader {
  readonly #pattern: string;
  readonly #isRef: boolean;
  readonly #faults: GlobFault[] = [];
  #at = 0;
  /** Whether what precedes may be repeated by `?` and `+`. */
  #isRepeatable = false;

  constructor(pattern: string, what: 'ref' | 'path') {
    this.#pattern = pattern;
    this.#isRef = what === 'ref';
  }

  faults(): readonly GlobFault[] {
    if (this.#pattern.startsWith('!')) {
      if (this.#pattern === '!')
        this.#invalid(
          '!',
          'while checking ! at first character (negate pattern). at least one character must follow !',
        );
      this.#at = 1;
    }
    if (this.#isRef && this.#pattern.charAt(this.#at) === '/') this.#notInRef('/', 'ref name must not start with /');
    while (this.#at < this.#pattern.length) this.#next();
    if (this.#isRef && /[/.]$/.test(this.#pattern) && this.#pattern.length > 1) {
      this.#at = this.#pattern.length - 1;
      this.#notInRef(this.#pattern.slice(-1), 'ref name must not end with / and .');
    }
    return this.#faults;
  }

  #next(): void {
    const character = this.#pattern.charAt(this.#at);
    if (character === '\\') this.#escape();
    else if (character === '[') this.#characters();
    else if (character === '?' || character === '+') {
      const meaning = character === '?' ? '? (zero or one)' : '+ (one or more)';
      if (!this.#isRepeatable)
        this.#invalid(
          character,
          `while checking special character ${meaning}. the preceding character must not be special character`,
        );
      this.#isRepeatable = false;
    } else if (character === '*') this.#isRepeatable = false;
    else {
      if (character === '\r' || character === '\n')
        this.#invalid(character, 'while checking the pattern. line breaks are not allowed');
      else if (this.#isRef && /[\s~^:\p{Cc}]/u.test(character))
        this.#notInRef(character, 'ref name cannot contain spaces, ~, ^, :, [, ?, *');
      this.#isRepeatable = true;
    }
    this.#at += 1;
  }

  #escape(): void {
    const next = this.#pattern.charAt(this.#at + 1);
    if (next !== '' && '[?*'.includes(next)) {
      this.#at += 1;
      // Escaped they are themselves, and no name has them.
      if (this.#isRef) this.#notInRef(next, 'ref name cannot contain spaces, ~, ^, :, [, ?, *');
    } else if (next !== '' && '+\\!'.includes(next)) this.#at += 1;
    else if (this.#isRef) {
      this.#notInRef('\\', 'only special characters [, ?, +, *, \\, ! can be escaped with \\');
      this.#at += 1;
    }
    this.#isRepeatable = true;
  }

  /** `[a-z0-9]`: at least two characters, or one range that goes up. */
  #characters(): void {
    const start = this.#at;
    let count = 0;
    for (this.#at += 1; this.#pattern.charAt(this.#at) !== ']'; this.#at += 1) {
      if (this.#at >= this.#pattern.length) {
        this.#invalid('EOF', 'while checking end of character match []. missing ]');
        return;
      }
      const from = this.#pattern.charAt(this.#at);
      const to = this.#pattern.charAt(this.#at + 2);
      if (this.#pattern.charAt(this.#at + 1) === '-' && to !== ']' && to !== '') {
        this.#at += 2;
        count += 2;
        if (from > to)
          this.#invalid(
            to,
            `while checking character range in []. start of range '${from}' is larger than end of range '${to}'`,
          );
      } else count += 1;
    }
    if (count === 0)
      this.#invalid(']', 'while checking content of character match []. character match must not be empty');
    else if (count === 1)
      this.#invalid(
        ']',
        'while checking character match []. character match with single character is useless. simply use x instead of [x]',
      );
    this.#isRepeatable = this.#at > start;
  }

  #invalid(character: string, what: string): void {
    const found = character === 'EOF' ? 'EOF' : `character '${character}'`;
    this.#faults.push({ message: `invalid glob pattern. unexpected ${found} ${what}. ${note}`, index: this.#at });
  }

  #notInRef(character: string, why: string): void {
    this.#faults.push({
      message: `character '${character}' is invalid for branch and tag names. ${why}. see \`man git-check-ref-format\` for more details. note that regular expression is unavailable. ${note}`,
      index: this.#at,
    });
  }
}
