// SPDX-License-Identifier: Apache-2.0
// The tree of an SPDX 2.2 or 2.3 document, the same for every syntax. Member names are those of the official JSON schema.
// Two conveniences of the JSON form are turned into relationships when read: `documentDescribes` and `hasFiles`.
// https://spdx.github.io/spdx-spec/v2.3/

import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { JsonObject } from '../document.ts';

export interface SpdxDocument {
  /** `SPDX-2.3`. */
  readonly spdxVersion?: string;
  readonly dataLicense?: string;
  readonly SPDXID?: string;
  readonly name?: string;
  readonly documentNamespace?: string;
  readonly comment?: string;
  readonly creationInfo?: SpdxCreation;
  readonly externalDocumentRefs: readonly SpdxDocumentReference[];
  readonly packages: readonly SpdxPackage[];
  readonly files: readonly SpdxFile[];
  readonly snippets: readonly SpdxSnippet[];
  readonly hasExtractedLicensingInfos: readonly SpdxExtractedLicense[];
  readonly relationships: readonly SpdxRelationship[];
  /** About the document itself; those about an element stand in the element. */
  readonly annotations?: readonly SpdxAnnotation[];
  readonly revieweds?: readonly SpdxReview[];
  readonly unknown?: JsonObject;
}

export interface SpdxCreation {
  /** RFC 3339, UTC. */
  readonly created?: string;
  /** `Tool: name-version`, `Organization: name (mail)`, `Person: name (mail)`. */
  readonly creators?: readonly string[];
  readonly licenseListVersion?: string;
  readonly comment?: string;
  readonly unknown?: JsonObject;
}

export interface SpdxDocumentReference {
  /** `DocumentRef-...`. */
  readonly externalDocumentId?: string;
  readonly spdxDocument?: string;
  readonly checksum?: SpdxChecksum;
  readonly unknown?: JsonObject;
}

export interface SpdxChecksum {
  /** `SHA256`, `SHA1`, `MD5`, `BLAKE2b-256` ... */
  readonly algorithm?: string;
  readonly checksumValue?: string;
  readonly unknown?: JsonObject;
}

export interface SpdxPackage {
  readonly name?: string;
  readonly SPDXID?: string;
  readonly versionInfo?: string;
  readonly packageFileName?: string;
  readonly supplier?: string;
  readonly originator?: string;
  readonly downloadLocation?: string;
  readonly primaryPackagePurpose?: string;
  /** true when absent (clause 7.8.4). */
  readonly filesAnalyzed?: boolean;
  readonly packageVerificationCode?: SpdxVerificationCode;
  readonly checksums?: readonly SpdxChecksum[];
  readonly homepage?: string;
  readonly sourceInfo?: string;
  /** A licence expression, `NONE` or `NOASSERTION`. */
  readonly licenseConcluded?: string;
  readonly licenseInfoFromFiles?: readonly string[];
  readonly licenseDeclared?: string;
  readonly licenseComments?: string;
  readonly copyrightText?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly comment?: string;
  readonly externalRefs?: readonly SpdxExternalReference[];
  readonly attributionTexts?: readonly string[];
  readonly releaseDate?: string;
  readonly builtDate?: string;
  readonly validUntilDate?: string;
  readonly annotations?: readonly SpdxAnnotation[];
  readonly unknown?: JsonObject;
}

export interface SpdxVerificationCode {
  readonly packageVerificationCodeValue?: string;
  readonly packageVerificationCodeExcludedFiles?: readonly string[];
  readonly unknown?: JsonObject;
}

export interface SpdxExternalReference {
  /** `PACKAGE-MANAGER`, `SECURITY`, `PERSISTENT-ID` or `OTHER`; the underscores of 2.2 are read as hyphens. */
  readonly referenceCategory?: string;
  /** `purl`, `cpe23Type`, `cpe22Type`, `advisory` ... or a URI. */
  readonly referenceType?: string;
  readonly referenceLocator?: string;
  readonly comment?: string;
  readonly unknown?: JsonObject;
}

export interface SpdxFile {
  readonly fileName?: string;
  readonly SPDXID?: string;
  readonly fileTypes?: readonly string[];
  readonly checksums?: readonly SpdxChecksum[];
  readonly licenseConcluded?: string;
  readonly licenseInfoInFiles?: readonly string[];
  readonly licenseComments?: string;
  readonly copyrightText?: string;
  readonly comment?: string;
  readonly noticeText?: string;
  readonly fileContributors?: readonly string[];
  readonly attributionTexts?: readonly string[];
  readonly fileDependencies?: readonly string[];
  readonly artifactOfs?: readonly SpdxArtifactOf[];
  readonly annotations?: readonly SpdxAnnotation[];
  readonly unknown?: JsonObject;
}

/** Deprecated since 2.1 (clause 8.9). */
export interface SpdxArtifactOf {
  readonly name?: string;
  readonly homePage?: string;
  readonly projectUri?: string;
  readonly unknown?: JsonObject;
}

export interface SpdxSnippet {
  readonly SPDXID?: string;
  readonly snippetFromFile?: string;
  readonly ranges?: readonly SpdxRange[];
  readonly licenseConcluded?: string;
  readonly licenseInfoInSnippets?: readonly string[];
  readonly licenseComments?: string;
  readonly copyrightText?: string;
  readonly comment?: string;
  readonly name?: string;
  readonly attributionTexts?: readonly string[];
  readonly annotations?: readonly SpdxAnnotation[];
  readonly unknown?: JsonObject;
}

export interface SpdxRange {
  readonly startPointer?: SpdxPointer;
  readonly endPointer?: SpdxPointer;
  readonly unknown?: JsonObject;
}

/** Either an offset in bytes or a line number, both from 1. */
export interface SpdxPointer {
  readonly offset?: number;
  readonly lineNumber?: number;
  /** Id of the file. */
  readonly reference?: string;
  readonly unknown?: JsonObject;
}

export interface SpdxExtractedLicense {
  readonly licenseId?: string;
  readonly extractedText?: string;
  readonly name?: string;
  readonly seeAlsos?: readonly string[];
  readonly comment?: string;
  readonly crossRefs?: readonly JsonObject[];
  readonly unknown?: JsonObject;
}

export interface SpdxRelationship {
  readonly spdxElementId?: string;
  /** Upper case with underscores: `DEPENDS_ON`. */
  readonly relationshipType?: string;
  /** An id, `NONE` or `NOASSERTION`. */
  readonly relatedSpdxElement?: string;
  readonly comment?: string;
  readonly unknown?: JsonObject;
}

export interface SpdxAnnotation {
  readonly annotator?: string;
  readonly annotationDate?: string;
  readonly annotationType?: string;
  readonly comment?: string;
  readonly unknown?: JsonObject;
}

/** Deprecated since 2.0 (clause 13). */
export interface SpdxReview {
  readonly reviewer?: string;
  readonly reviewDate?: string;
  readonly comment?: string;
  readonly unknown?: JsonObject;
}

/** What every 2.x reader returns. */
export interface SpdxReading {
  /** Undefined when the text is not an SPDX 2.x document at all. */
  readonly document: SpdxDocument | undefined;
  readonly problems: readonly Problem[];
  /** Where an object of the tree stands; the file alone when that is not known. */
  locate(element: object): Location;
}

/** An empty document: what a reader starts with. */
export const emptySpdxDocument: SpdxDocument = {
  externalDocumentRefs: [],
  packages: [],
  files: [],
  snippets: [],
  hasExtractedLicensingInfos: [],
  relationships: [],
};
