/** On a builder: its relation load serves many parents at once. */
export const BATCHED = Symbol.for('nestjs-query-lens.batched');

/** What is recorded of such a load. */
export interface Batched {
  /** Parents that were given their share so far; a load record is made of it when the unit of work ends. */
  served: number;
}

/** On a wrapper of a method that loads entities: runs other work in its place, recorded as the builder's load. */
export const IN_PLACE = Symbol.for('nestjs-query-lens.inPlace');

/** `work` gets the method without its wrapper. */
export type InPlace = (builder: object, work: (bare: unknown) => unknown) => unknown;

/** How to do something else than the method, which may have a wrapper or not. */
export function inPlaceOf(method: object): InPlace {
  return (method as { [IN_PLACE]?: InPlace })[IN_PLACE] ?? ((_builder, work) => work(method));
}

/** Undefined for builders of ordinary loads. */
export function batchedOf(builder: unknown): Batched | undefined {
  return (builder as { [BATCHED]?: Batched } | null | undefined)?.[BATCHED];
}
