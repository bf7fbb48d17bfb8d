// SPDX-License-Identifier: Apache-2.0
// The members of every class of SPDX 2.x in print order: JSON kind, tag of the tag-value form, obligation. One table serves the
// JSON, YAML, tag-value and RDF readers, the printers and the validator, so that they cannot disagree.

export type ShapeName =
  | 'document'
  | 'creation'
  | 'documentReference'
  | 'checksum'
  | 'package'
  | 'verificationCode'
  | 'externalReference'
  | 'file'
  | 'artifactOf'
  | 'snippet'
  | 'range'
  | 'pointer'
  | 'extractedLicense'
  | 'relationship'
  | 'annotation'
  | 'review'
  | 'any';

export interface MemberShape {
  readonly name: string;
  readonly kind: 'text' | 'texts' | 'boolean' | 'integer' | 'object' | 'objects';
  /** Class of the value for `object` and `objects`. */
  readonly of?: ShapeName;
  /** Tag of the tag-value form, where the member is one line. */
  readonly tag?: string;
  /** Must be present (clauses "Cardinality: mandatory"). */
  readonly required?: true;
  /** A wrong value here could hide a package from a scan. */
  readonly essential?: true;
}

const text = (name: string, tag?: string, flags: 'required' | 'essential' | 'optional' = 'optional'): MemberShape => ({
  name,
  kind: 'text',
  ...(tag === undefined ? {} : { tag }),
  ...(flags === 'optional' ? {} : { required: true }),
  ...(flags === 'essential' ? { essential: true } : {}),
});
const texts = (name: string, tag: string): MemberShape => ({ name, kind: 'texts', tag });
const objects = (name: string, of: ShapeName, tag?: string): MemberShape => ({
  name,
  kind: 'objects',
  of,
  ...(tag === undefined ? {} : { tag }),
});
const essential = (shape: MemberShape): MemberShape => ({ ...shape, essential: true });

const annotations = objects('annotations', 'annotation');

export const shapes: Readonly<Record<ShapeName, readonly MemberShape[]>> = {
  document: [
    text('spdxVersion', 'SPDXVersion', 'required'),
    text('dataLicense', 'DataLicense', 'required'),
    text('SPDXID', 'SPDXID', 'required'),
    text('name', 'DocumentName', 'required'),
    text('documentNamespace', 'DocumentNamespace', 'required'),
    text('comment', 'DocumentComment'),
    { name: 'creationInfo', kind: 'object', of: 'creation', required: true },
    objects('externalDocumentRefs', 'documentReference', 'ExternalDocumentRef'),
    essential(objects('packages', 'package')),
    objects('files', 'file'),
    objects('snippets', 'snippet'),
    objects('hasExtractedLicensingInfos', 'extractedLicense'),
    essential(objects('relationships', 'relationship')),
    annotations,
    objects('revieweds', 'review'),
  ],
  creation: [
    text('created', 'Created', 'required'),
    { name: 'creators', kind: 'texts', tag: 'Creator', required: true },
    text('licenseListVersion', 'LicenseListVersion'),
    text('comment', 'CreatorComment'),
  ],
  documentReference: [
    text('externalDocumentId', undefined, 'required'),
    text('spdxDocument', undefined, 'required'),
    { name: 'checksum', kind: 'object', of: 'checksum', required: true },
  ],
  checksum: [text('algorithm', undefined, 'required'), text('checksumValue', undefined, 'required')],
  package: [
    text('name', 'PackageName', 'essential'),
    text('SPDXID', 'SPDXID', 'required'),
    essential(text('versionInfo', 'PackageVersion')),
    text('packageFileName', 'PackageFileName'),
    text('supplier', 'PackageSupplier'),
    text('originator', 'PackageOriginator'),
    text('downloadLocation', 'PackageDownloadLocation', 'required'),
    text('primaryPackagePurpose', 'PrimaryPackagePurpose'),
    { name: 'filesAnalyzed', kind: 'boolean', tag: 'FilesAnalyzed' },
    { name: 'packageVerificationCode', kind: 'object', of: 'verificationCode', tag: 'PackageVerificationCode' },
    objects('checksums', 'checksum', 'PackageChecksum'),
    text('homepage', 'PackageHomePage'),
    text('sourceInfo', 'PackageSourceInfo'),
    text('licenseConcluded', 'PackageLicenseConcluded'),
    texts('licenseInfoFromFiles', 'PackageLicenseInfoFromFiles'),
    text('licenseDeclared', 'PackageLicenseDeclared'),
    text('licenseComments', 'PackageLicenseComments'),
    text('copyrightText', 'PackageCopyrightText'),
    text('summary', 'PackageSummary'),
    text('description', 'PackageDescription'),
    text('comment', 'PackageComment'),
    essential(objects('externalRefs', 'externalReference')),
    texts('attributionTexts', 'PackageAttributionText'),
    text('releaseDate', 'ReleaseDate'),
    text('builtDate', 'BuiltDate'),
    text('validUntilDate', 'ValidUntilDate'),
    annotations,
  ],
  verificationCode: [
    text('packageVerificationCodeValue', undefined, 'required'),
    { name: 'packageVerificationCodeExcludedFiles', kind: 'texts' },
  ],
  externalReference: [
    text('referenceCategory', undefined, 'required'),
    text('referenceType', undefined, 'required'),
    text('referenceLocator', undefined, 'essential'),
    text('comment', 'ExternalRefComment'),
  ],
  file: [
    text('fileName', 'FileName', 'required'),
    text('SPDXID', 'SPDXID', 'required'),
    texts('fileTypes', 'FileType'),
    { name: 'checksums', kind: 'objects', of: 'checksum', tag: 'FileChecksum', required: true },
    text('licenseConcluded', 'LicenseConcluded'),
    texts('licenseInfoInFiles', 'LicenseInfoInFile'),
    text('licenseComments', 'LicenseComments'),
    text('copyrightText', 'FileCopyrightText'),
    text('comment', 'FileComment'),
    text('noticeText', 'FileNotice'),
    texts('fileContributors', 'FileContributor'),
    texts('attributionTexts', 'FileAttributionText'),
    texts('fileDependencies', 'FileDependency'),
    objects('artifactOfs', 'artifactOf'),
    annotations,
  ],
  artifactOf: [
    text('name', 'ArtifactOfProjectName'),
    text('homePage', 'ArtifactOfProjectHomePage'),
    text('projectUri', 'ArtifactOfProjectURI'),
  ],
  snippet: [
    text('SPDXID', 'SnippetSPDXID', 'required'),
    text('snippetFromFile', 'SnippetFromFileSPDXID', 'required'),
    objects('ranges', 'range'),
    text('licenseConcluded', 'SnippetLicenseConcluded'),
    texts('licenseInfoInSnippets', 'LicenseInfoInSnippet'),
    text('licenseComments', 'SnippetLicenseComments'),
    text('copyrightText', 'SnippetCopyrightText'),
    text('comment', 'SnippetComment'),
    text('name', 'SnippetName'),
    texts('attributionTexts', 'SnippetAttributionText'),
    annotations,
  ],
  range: [
    { name: 'startPointer', kind: 'object', of: 'pointer' },
    { name: 'endPointer', kind: 'object', of: 'pointer' },
  ],
  pointer: [{ name: 'offset', kind: 'integer' }, { name: 'lineNumber', kind: 'integer' }, text('reference')],
  extractedLicense: [
    text('licenseId', 'LicenseID', 'required'),
    text('extractedText', 'ExtractedText', 'required'),
    text('name', 'LicenseName'),
    texts('seeAlsos', 'LicenseCrossReference'),
    text('comment', 'LicenseComment'),
    objects('crossRefs', 'any'),
  ],
  relationship: [
    text('spdxElementId', undefined, 'required'),
    text('relationshipType', undefined, 'required'),
    text('relatedSpdxElement', undefined, 'required'),
    text('comment', 'RelationshipComment'),
  ],
  annotation: [
    text('annotator', 'Annotator', 'required'),
    text('annotationDate', 'AnnotationDate', 'required'),
    text('annotationType', 'AnnotationType', 'required'),
    text('comment', 'AnnotationComment', 'required'),
  ],
  review: [
    text('reviewer', 'Reviewer'),
    text('reviewDate', 'ReviewDate', 'required'),
    text('comment', 'ReviewComment'),
  ],
  any: [],
};
