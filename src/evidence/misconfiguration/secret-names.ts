// SPDX-License-Identifier: Apache-2.0
// Names that say that a value is a secret: keys of ConfigMaps, environment variables, build arguments, assignments in texts. Words are compared, not
// parts of words, so that `passenger` and `tokenizer` stay out. What secrets look like is in evidence/secrets.

const secretWords = new Set([
  'password',
  'passwords',
  'passwd',
  'passwrd',
  'pass',
  'pword',
  'pswrd',
  'pwd',
  'passphrase',
  'secret',
  'secrets',
  'token',
  'credential',
  'credentials',
]);

/** Two words that are a secret together, joined. */
const secretPairs = new Set([
  'secretkey',
  'appsecret',
  'clientsecret',
  'apikey',
  'accesskey',
  'privatekey',
  'encryptionkey',
  'signingkey',
  'authtoken',
  'accesstoken',
  'accesskeyid',
]);

/** Words after a secret word that make it something else: where it is, how it is called, how long it lasts. */
const describing = new Set([
  'name',
  'names',
  'ref',
  'file',
  'path',
  'dir',
  'key',
  'url',
  'uri',
  'host',
  'endpoint',
  'length',
  'size',
  'ttl',
  'expiry',
  'expires',
  'expiration',
  'timeout',
  'type',
  'policy',
  'enabled',
  'required',
  'version',
  'lifetime',
  'issuer',
  'audience',
  'store',
  'provider',
  'manager',
  'count',
  'limit',
  'limits',
]);

const longestName = 200;

/** true for `DB_PASSWORD`, `clientSecret`, `api-key`; false for `PASSWORD_FILE`, `tokenizer`, `secretName`. */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name.slice(0, longestName));
  // `existingSecret` and `imagePullSecret` name an object of the cluster.
  if (words.includes('existing') || words.includes('pull')) return false;
  return words.some((word, index) => {
    const next = words[index + 1] ?? '';
    const pair = secretPairs.has(word + next) || secretPairs.has(word + next + (words[index + 2] ?? ''));
    if (pair || secretPairs.has(word)) return !describing.has(words.at(-1) ?? '') || words.length <= index + 2;
    return secretWords.has(word) && !words.slice(index + 1).some((later) => describing.has(later));
  });
}

/** Lower-case words of a name in any of the usual spellings. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** true for values that stand for one that comes from elsewhere (`${X}`, `$(x)`, `{{ x }}`, `<x>`, `%x%`), or for none. */
export function isReference(value: string): boolean {
  const bare = value.trim().replace(/^["']/, '');
  return (
    bare === '' || bare === '"' || bare === "'" || /^(?:\$|\{\{|<|%)/.test(bare) || /^(?:null|none|~)$/i.test(bare)
  );
}

const mostLines = 10_000;

/** Names that a text (an env file, a properties file, YAML) gives a literal secret: one for each line. */
export function secretAssignments(text: string): readonly string[] {
  const found: string[] = [];
  for (const line of text.split('\n', mostLines)) {
    const match = /^[\s"'-]{0,200}([A-Za-z_][\w.-]{0,199})["']?\s{0,20}(?:=|:)(.*)$/.exec(line.slice(0, 4000));
    const name = match?.[1] ?? '';
    if (match === null || isReference(match[2] ?? '') || !isSecretName(name)) continue;
    found.push(name);
  }
  return found;
}

/** true for values that nobody would use: references, empty ones, and what stands in templates (`changeme`, `xxx`, `<token>`). */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (isReference(text)) return true;
  if (/^(?:x{3,}|\*{3,}|\.{3}|-+|0+|true|false)$/i.test(text)) return true;
  return /^(?:change[-_ ]?(?:me|it|this)|replace[-_ ]?(?:me|this|with.{0,60})|your[-_ ].{0,80}|insert[-_ ].{0,60}|todo|tbd|fixme|example|placeholder|dummy|redacted|secret|password|token|value|string)[!.]?$/i.test(
    text,
  );
}
