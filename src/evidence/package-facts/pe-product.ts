// SPDX-License-Identifier: Apache-2.0
// Name and version of a Windows program or .NET assembly from its version texts, which everybody fills in differently.

export interface PeProduct {
  readonly name: string;
  readonly version: string;
}

/**
 * Microsoft writes the product (`Microsoft .NET Framework`) into every file, so that the description names the file better; others use
 * the description for a sentence (matches Syft).
 */
export function peProduct(texts: ReadonlyMap<string, string>): PeProduct {
  const isMicrosoft = [texts.get('CompanyName'), texts.get('ProductName')].some((text) =>
    /microsoft/i.test(text ?? ''),
  );
  const fields = isMicrosoft
    ? ['FileDescription', 'InternalName', 'OriginalFilename', 'ProductName']
    : ['ProductName', 'FileDescription', 'InternalName', 'OriginalFilename'];
  const name = fields.map((field) => visibleText(texts.get(field) ?? '')).find((text) => text !== '') ?? '';
  const product = leadingVersion(texts.get('ProductVersion') ?? '');
  const file = leadingVersion(texts.get('FileVersion') ?? '');
  return { name, version: chooseVersion(product, file, isMicrosoft) };
}

/** Without control characters and characters that could not be decoded; any white space is one blank. */
export function visibleText(text: string): string {
  const normal = text.replace(/\s+/g, ' ');
  return normal.replace(/[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\ufffd]/gu, '').trim();
}

/** `4.6.25512.01 built by: x` -> `4.6.25512.01`; a text that does not begin with a number stays whole. */
export function leadingVersion(text: string): string {
  const visible = visibleText(text);
  const first = visible.split(/[ ,]/)[0] ?? '';
  return /^[0-9]/.test(first) && first.includes('.') ? first : visible;
}

function chooseVersion(product: string, file: string, isMicrosoft: boolean): string {
  const ofProduct = numbersOf(product);
  const ofFile = numbersOf(file);
  if (ofProduct === undefined || ofFile === undefined)
    return ofProduct === undefined && ofFile !== undefined ? file : product || file;
  // Builds of .NET number their files `10.0.726.21808`; the release stands in the product version, with the commit behind it.
  const release = /^([0-9]+\.[0-9]+\.[0-9]+)(?:\+[0-9a-f]{7,64})?$/.exec(product)?.[1];
  const isStamped = ofFile.length === 4 && ofFile[0] === ofProduct[0] && ofFile[1] === ofProduct[1];
  if (isMicrosoft && release !== undefined && isStamped && String(ofFile[2]).startsWith(String(ofProduct[2])))
    return release;
  for (let index = 0; index < 3; index += 1) {
    const difference = (ofProduct[index] ?? 0) - (ofFile[index] ?? 0);
    if (difference !== 0) return difference > 0 ? product : file;
  }
  return ofProduct.length >= ofFile.length ? product : file;
}

/** The numbers before any suffix; undefined for what does not look like a version. */
function numbersOf(version: string): number[] | undefined {
  const match = /^[0-9]{1,9}(?:\.[0-9]{1,9}){1,5}(?=$|[-+ ])/.exec(version);
  return match?.[0].split('.').map(Number);
}
