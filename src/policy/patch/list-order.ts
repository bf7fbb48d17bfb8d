// SPDX-License-Identifier: Apache-2.0
// The order of merged lists, as strategic merge patches keep it: what a patch names in the patch's order, what only the server has interleaved where it was.

interface Order {
  /** Identities in the order that is wanted. */
  readonly order: readonly unknown[];
  readonly identity: (item: unknown) => unknown;
}

/** Items in the order of their identities; items that the order does not know stay behind those it knows. */
export function inOrder(items: readonly unknown[], { order, identity }: Order): readonly unknown[] {
  const place = (item: unknown): number => {
    const index = order.indexOf(identity(item));
    return index === -1 ? order.length : index;
  };
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
  let [left, right] = [0, 0];
  while (left < others.length || right < patched.length) {
    if (right === patched.length) merged.push(others[left++]);
    else if (left === others.length) merged.push(patched[right++]);
    else {
      const first = order.indexOf(identity(others[left]));
      const second = order.indexOf(identity(patched[right]));
      const isBefore = first !== -1 && second !== -1 && first < second;
      merged.push(isBefore ? others[left++] : patched[right++]);
    }
  }
  return merged;
}
