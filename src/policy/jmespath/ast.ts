// SPDX-License-Identifier: Apache-2.0
// The tree of a JMESPath expression. Offsets are places in the text.

export type Comparator = '==' | '!=' | '<' | '<=' | '>' | '>=';

interface At {
  readonly offset: number;
}

export type Node =
  | (At & { readonly kind: 'current' })
  | (At & { readonly kind: 'literal'; readonly value: unknown })
  | (At & { readonly kind: 'field'; readonly name: string })
  | (At & { readonly kind: 'index'; readonly index: number })
  | (At & { readonly kind: 'slice'; readonly start?: number; readonly stop?: number; readonly step: number })
  /** `left.right` and `left[0]`: right is asked of the value of left. */
  | (At & { readonly kind: 'chain'; readonly left: Node; readonly right: Node })
  | (At & { readonly kind: 'pipe'; readonly left: Node; readonly right: Node })
  | (At & { readonly kind: 'or' | 'and'; readonly left: Node; readonly right: Node })
  | (At & { readonly kind: 'not'; readonly of: Node })
  | (At & { readonly kind: 'comparison'; readonly operator: Comparator; readonly left: Node; readonly right: Node })
  /** `left[*].right` */
  | (At & { readonly kind: 'projection'; readonly left: Node; readonly right: Node })
  /** `left.*.right` */
  | (At & { readonly kind: 'values'; readonly left: Node; readonly right: Node })
  | (At & { readonly kind: 'filter'; readonly left: Node; readonly right: Node; readonly condition: Node })
  | (At & { readonly kind: 'flatten'; readonly left: Node })
  | (At & { readonly kind: 'list'; readonly items: readonly Node[] })
  | (At & { readonly kind: 'hash'; readonly entries: readonly { readonly key: string; readonly value: Node }[] })
  | (At & { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] })
  | (At & { readonly kind: 'reference'; readonly of: Node });
