// SPDX-License-Identifier: Apache-2.0
// The order of merged lists, as strategic merge patches keep it: what a patch names in the patch's order, what only the server has interleaved where it was.

interface Order {
  /** Identities in the order that is wanted. */
  readonly order: readonly unknown[];
  readonly identity: (item: unknown) => unknown;
}

/** Items in the order of their identities; items that the order does not know stay behind those it knows. */
export function inOrder(items: readonly unknown[], { order, identity }: Order): readonly unknown[] {
  const places = placesOf(order);
  const place = (item: unknown): number => places.get(identity(item)) ?? order.length;
  return items
    .map((item) => [place(item), item] as const)
    .sort(([left], [right]) => left - right)
    .map(([, item]) => item);
}

/** Puts each of `others` before the first of `patched` that comes after it on the server; both keep their own order (mergeSortedSlice). */
export function mergeLists(
  { others, patched }: { readonly others: readonly unknown[]; readonly patched: readonly unknown[] },
  { order, identity }: Order,
): readonly unknown[] {
  const merged: unknown[] = [];
  const places = placesOf(order);
  let [left, right] = [0, 0];
  while (left < others.length || right < patched.length) {
    if (right === patched.length) merged.push(others[left++]);
    else if (left === others.length) merged.push(patched[right++]);
    else {
      const first = places.get(identity(others[left]));
      const second = places.get(identity(patched[right]));
      const isBefore = first !== undefined && second !== undefined && first < second;
      merged.push(isBefore ? others[left++] : patched[right++]);
    }
  }
  return merged;
}

/** The first place of each identity. */
function placesOf(order: readonly unknown[]): ReadonlyMap<unknown, number> {
  const places = new Map<unknown, number>();
  for (const [index, value] of order.entries()) if (!places.has(value)) places.set(value, index);
  return places;
}
