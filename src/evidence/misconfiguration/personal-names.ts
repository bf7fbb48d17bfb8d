// SPDX-License-Identifier: Apache-2.0
// Names and values that say something about a person or an account: users, addresses, phone numbers, IBANs, and hashes of them.

const word = /username|email|key|phone|iban|sha1|md5/i;

export function isPersonalName(name: string): boolean {
  return word.test(name.slice(0, 200));
}

const address = /[\w.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,4}\b/;
const account = /\b[A-Z]{2}\d{2} ?\d{4} ?\d{4} ?\d{4} ?\d{4}\b/;

/** true when a text holds an address of mail or the number of an account. */
export function holdsPersonalValue(text: string): boolean {
  const looked = text.slice(0, 100_000);
  return address.test(looked) || account.test(looked);
}

/** Names of that kind that lines of a text give a value. */
export function personalAssignments(text: string): readonly string[] {
  return text.split('\n', 10_000).flatMap((line) => {
    const name = /^[\s"'-]{0,200}([A-Za-z_][\w.-]{0,199})["']?\s{0,20}(?:=|:)/.exec(line.slice(0, 4000))?.[1] ?? '';
    return name !== '' && isPersonalName(name) ? [name] : [];
  });
}
