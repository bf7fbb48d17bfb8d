// SPDX-License-Identifier: Apache-2.0
// Reader of the tag-value form of SPDX 2.2 and 2.3. Order matters: a tag belongs to the last element of its class, and a file
// that stands below a package is contained in that package.
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import { asString } from '../document.ts';
import { syntaxProblem } from '../text.ts';
import type { SpdxDocument, SpdxReading, SpdxSnippet } from './document.ts';
import { emptySpdxDocument } from './document.ts';
import type { ImpliedRelationship } from './implied.ts';
import { withImplied, withRangeReferences } from './implied.ts';
import type { MemberShape, ShapeName } from './shapes.ts';
import { shapes } from './shapes.ts';
import * as codecs from './tag-value-codecs.ts';
import type { TagLine } from './tag-value-lines.ts';
import { readTagLines } from './tag-value-lines.ts';

/** Reads the tag-value form. Never throws. */
export function parseSpdxTagValue(text: string, path: string): SpdxReading {
  return new TagValueReader(path).read(text);
}

type Draft = Record<string, unknown>;

interface TagMeaning {
  readonly shape: ShapeName;
  readonly member: MemberShape;
}

const meanings = new Map<string, TagMeaning>();
for (const [shape, members] of Object.entries(shapes) as [ShapeName, readonly MemberShape[]][]) {
  for (const member of members) {
    if (member.tag !== undefined && member.tag !== 'SPDXID') meanings.set(member.tag, { shape, member });
  }
}

/** Tags that begin an element, and the list of the document (or of the current parent) that takes it. */
const openers: ReadonlyMap<string, Opener> = new Map([
  ['PackageName', { shape: 'package', list: 'packages', parent: 'document' }],
  ['FileName', { shape: 'file', list: 'files', parent: 'document' }],
  ['SnippetSPDXID', { shape: 'snippet', list: 'snippets', parent: 'document' }],
  ['LicenseID', { shape: 'extractedLicense', list: 'hasExtractedLicensingInfos', parent: 'document' }],
  ['Reviewer', { shape: 'review', list: 'revieweds', parent: 'document' }],
  ['ArtifactOfProjectName', { shape: 'artifactOf', list: 'artifactOfs', parent: 'file' }],
]);

interface Opener {
  readonly shape: ShapeName;
  readonly list: string;
  readonly parent: ShapeName;
}

/** Spellings of older versions. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['SnippetSPDXIdentifier', 'SnippetSPDXID'],
  ['SPDXIdentifier', 'SPDXID'],
  ['ArtifactOfProjectHomepage', 'ArtifactOfProjectHomePage'],
]);

const reportedLines = 20;

class TagValueReader {
  readonly #path: string;
  readonly #problems: Problem[] = [];
  readonly #lines = new WeakMap<object, number>();
  readonly #document: Draft = { ...structuredClone(emptySpdxDocument) };
  readonly #current = new Map<ShapeName, Draft>([['document', this.#document]]);
  readonly #annotations: { readonly draft: Draft; element: string | undefined }[] = [];
  readonly #contained: { readonly owner: Draft; readonly file: Draft }[] = [];
  /** Whose id the next SPDXID tag gives. */
  #holder: Draft = this.#document;
  #known = 0;

  constructor(path: string) {
    this.#path = path;
  }

  read(text: string): SpdxReading {
    const { lines, broken } = readTagLines(text);
    for (const line of lines) this.#take({ ...line, tag: aliases.get(line.tag) ?? line.tag });
    const locate = (element: object): Location => {
      const line = this.#lines.get(element);
      return line === undefined ? { path: this.#path } : { path: this.#path, line };
    };
    for (const line of broken.slice(0, reportedLines)) {
      this.#problems.push(syntaxProblem(this.#path, `not a "Tag: value" line: ${line.text}`, line.line));
    }
    if (broken.length > reportedLines) {
      this.#problems.push(syntaxProblem(this.#path, `${broken.length - reportedLines} more lines that are no tags`));
    }
    const version = asString(this.#document['spdxVersion']);
    if (version === undefined) {
      this.#problem('not an SPDX document: the tag SPDXVersion is missing', 1, 'hides');
      if (this.#known === 0) return { document: undefined, problems: this.#problems, locate };
    } else if (!/^SPDX-2\.[0-9]+$/.test(version)) {
      const message = `${JSON.stringify(version.slice(0, 40))} is not a version of SPDX 2; it is read as 2.3`;
      this.#problems.push({
        kind: 'unsupported',
        message,
        location: { path: this.#path, line: 1 },
        hidesFindings: true,
      });
    }
    return { document: this.#finish(), problems: this.#problems, locate };
  }

  #take({ tag, value, line }: TagLine): void {
    const opener = openers.get(tag);
    if (opener !== undefined) {
      const parent = this.#current.get(opener.parent);
      if (parent === undefined) {
        this.#problem(`${tag} stands before the element it belongs to`, line, 'remark');
        return;
      }
      const draft = this.#open(opener.shape, parent, opener.list, line);
      if (opener.shape === 'package' || opener.shape === 'file') this.#holder = draft;
      if (opener.shape === 'file') this.#contain(draft);
    }
    if (this.#special(tag, value, line)) {
      this.#known += 1;
      return;
    }
    const meaning = meanings.get(tag);
    if (meaning === undefined) {
      this.#problem(`unknown tag ${tag}`, line, 'remark');
      return;
    }
    this.#known += 1;
    const draft = meaning.shape === 'creation' ? this.#creation(line) : this.#current.get(meaning.shape);
    if (draft === undefined) {
      this.#problem(
        `${tag} stands before the element it belongs to`,
        line,
        meaning.member.essential ? 'hides' : 'remark',
      );
      return;
    }
    this.#set(draft, meaning.member, { tag, value, line });
  }

  /** Tags whose value or owner the table cannot tell. */
  #special(tag: string, value: string, line: number): boolean {
    switch (tag) {
      case 'SPDXID':
        if (this.#holder['SPDXID'] === undefined) this.#holder['SPDXID'] = value;
        else this.#problem('a second SPDXID for the same element', line, 'remark');
        return true;
      case 'Relationship':
        this.#append(this.#document, 'relationships', codecs.readRelationship(value), line, 'relationship');
        return true;
      case 'ExternalRef': {
        const owner = this.#current.get('package');
        if (owner === undefined) this.#problem('ExternalRef stands before the element it belongs to', line, 'hides');
        else this.#append(owner, 'externalRefs', codecs.readExternalReference(value), line, 'externalReference');
        return true;
      }
      case 'SnippetByteRange':
      case 'SnippetLineRange': {
        const owner = this.#current.get('snippet');
        const unit = tag === 'SnippetByteRange' ? 'offset' : 'lineNumber';
        if (owner !== undefined) this.#append(owner, 'ranges', codecs.readRange(value, unit), line, 'range');
        else this.#problem(`${tag} stands before the element it belongs to`, line, 'remark');
        return true;
      }
      case 'Annotator': {
        const draft: Draft = { annotator: value };
        this.#lines.set(draft, line);
        this.#current.set('annotation', draft);
        this.#annotations.push({ draft, element: undefined });
        return true;
      }
      case 'SPDXREF': {
        const annotation = this.#annotations.at(-1);
        if (annotation === undefined)
          this.#problem('SPDXREF stands before the annotation it belongs to', line, 'remark');
        else annotation.element ??= value;
        return true;
      }
      default:
        return false;
    }
  }

  #set(draft: Draft, member: MemberShape, { tag, value, line }: TagLine): void {
    const packed = packedValue(member, value);
    if (member.kind === 'texts' || member.kind === 'objects') {
      this.#append(draft, member.name, packed, line, undefined);
      return;
    }
    if (draft[member.name] !== undefined) {
      this.#problem(
        `a second ${tag} for the same element; the first one counts`,
        line,
        member.essential ? 'hides' : 'remark',
      );
    } else if (packed === undefined) this.#problem(`${tag}: true or false expected`, line, 'remark');
    else draft[member.name] = packed;
  }

  #open(shape: ShapeName, parent: Draft, list: string, line: number): Draft {
    const draft: Draft = {};
    this.#append(parent, list, draft, line, shape);
    return draft;
  }

  #append(owner: Draft, list: string, value: unknown, line: number, shape: ShapeName | undefined): void {
    const items = owner[list];
    if (Array.isArray(items)) items.push(value);
    else owner[list] = [value];
    if (value === null || typeof value !== 'object') return;
    this.#lines.set(value, line);
    if (shape !== undefined) this.#current.set(shape, value as Draft);
  }

  #creation(line: number): Draft {
    const known = this.#current.get('creation');
    if (known !== undefined) return known;
    const draft: Draft = {};
    this.#lines.set(draft, line);
    this.#document['creationInfo'] = draft;
    this.#current.set('creation', draft);
    return draft;
  }

  #contain(file: Draft): void {
    const owner = this.#current.get('package');
    if (owner !== undefined) this.#contained.push({ owner, file });
  }

  #finish(): SpdxDocument {
    this.#attachAnnotations();
    const tree = this.#document as unknown as SpdxDocument;
    const implied: ImpliedRelationship[] = [];
    for (const { owner, file } of this.#contained) {
      const from = owner['SPDXID'];
      const to = file['SPDXID'];
      if (typeof from === 'string' && typeof to === 'string') implied.push({ from, type: 'CONTAINS', to });
    }
    const snippets: readonly SpdxSnippet[] = withRangeReferences(tree.snippets);
    return { ...tree, snippets, relationships: withImplied(tree.relationships, implied) };
  }

  #attachAnnotations(): void {
    const byId = new Map<unknown, Draft>();
    const { packages, files, snippets } = this.#document as unknown as SpdxDocument;
    for (const element of [this.#document, ...(packages as Draft[]), ...(files as Draft[]), ...(snippets as Draft[])]) {
      const id = element['SPDXID'];
      if (!byId.has(id)) byId.set(id, element);
    }
    for (const { draft, element } of this.#annotations) {
      const owner = element === undefined ? undefined : byId.get(element);
      const line = this.#lines.get(draft) ?? 1;
      if (owner === undefined)
        this.#problem(`the annotation names no element (SPDXREF ${element ?? 'is missing'})`, line, 'remark');
      this.#append(owner ?? this.#document, 'annotations', draft, line, undefined);
    }
  }

  #problem(message: string, line: number, weight: 'hides' | 'remark'): void {
    const location = { path: this.#path, line };
    this.#problems.push({ kind: 'schema', message, location, hidesFindings: weight === 'hides' });
  }
}

function packedValue(member: MemberShape, value: string): unknown {
  switch (member.of) {
    case 'checksum':
      return codecs.readChecksum(value);
    case 'documentReference':
      return codecs.readDocumentReference(value);
    case 'verificationCode':
      return codecs.readVerificationCode(value);
    default:
      break;
  }
  if (member.kind !== 'boolean') return value;
  const word = value.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}
