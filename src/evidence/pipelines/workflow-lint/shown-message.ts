// SPDX-License-Identifier: Apache-2.0
// The sentence of a fault as people read it: without addresses and advice that stand elsewhere, and with the name that was probably meant
// instead of a list of all. The whole sentence is what ignore patterns are matched against.
import { nearest } from '../../../model/nearest.ts';

/** More names than these are not read. */
const mostNames = 8;
const tails = [
  '. see ',
  '. note: ',
  '. note that regular',
  '. avoid using',
  '. if it is a custom label',
  '. called function type',
];
const name = /"(?:[^"\\]|\\.){0,200}"/g;

export function shownMessage(message: string): string {
  const cut = tails.map((tail) => message.indexOf(tail)).filter((at) => at > 0);
  const sentence = cut.length === 0 ? message : message.slice(0, Math.min(...cut));
  return withoutLongType(withoutLongList(sentence));
}

/** `. available labels are "a", "b", …`: the second sentence gives all names there are. */
function withoutLongList(sentence: string): string {
  const list = /\. (?:all |)(?:available|expected|defined|possible|all required) [^"]{0,60}"/.exec(sentence);
  if (list === null) return sentence;
  const names = sentence.slice(list.index).match(name) ?? [];
  if (names.length <= mostNames) return sentence;
  const subject = (sentence.slice(0, list.index).match(name) ?? [])[0] ?? '';
  return (
    sentence.slice(0, list.index) +
    meant(
      subject.slice(1, -1),
      names.map((quoted) => quoted.slice(1, -1)),
    )
  );
}

/** `property "x" is not defined in object type {a: string; b: string; …}` */
function withoutLongType(sentence: string): string {
  const type = / in object type \{.*\}/s.exec(sentence);
  if (type === null || type[0].length < 160) return sentence;
  const subject = (sentence.slice(0, type.index).match(name) ?? [])[0] ?? '';
  const members = [...type[0].matchAll(/[{;] ?([\w-]+):/g)].map((match) => match[1] ?? '');
  return sentence.slice(0, type.index) + meant(subject.slice(1, -1), members);
}

function meant(subject: string, names: readonly string[]): string {
  const near = nearest(subject.toLowerCase(), names);
  return near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
}
