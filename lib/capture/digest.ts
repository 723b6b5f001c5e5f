import { isDate } from 'node:util/types';

/** Longer strings and buffers are digested by their beginning, their end, and every n-th unit between. */
const MAX_READ = 4_096;
/** Members of arrays and objects that are read, all levels together. */
const MAX_MEMBERS = 10_000;
const MAX_DEPTH = 6;

const SEED = 0x811c9dc5;
// Looked up once: under Jest every look-up of a global is slow.
const { imul, floor, abs, ceil } = Math;
const { isInteger, MAX_SAFE_INTEGER } = Number;
const { isArray } = Array;

/** FNV-1a, folded over one 32-bit word. */
function mix(hash: number, word: number): number {
  return imul(hash ^ word, 0x01000193) >>> 0;
}

/**
 * A running digest of values: equal sequences have equal digests. Linear in what is given, bounded for what is large,
 * runs none of the host's code but getters on plain objects, which the driver would run as well.
 */
export class Digest {
  private hash = SEED;
  private members = 0;

  get value(): number {
    return this.hash;
  }

  add(value: unknown, depth = 0): void {
    if (typeof value === 'string') this.addString(value);
    else if (typeof value === 'number') this.addNumber(value);
    else if (value === null || value === undefined) this.hash = mix(this.hash, 3);
    else if (typeof value === 'boolean') this.hash = mix(this.hash, value ? 5 : 4);
    else if (typeof value === 'object') this.addObject(value, depth);
    else this.add(typeof value === 'bigint' ? value.toString() : typeof value, depth);
  }

  private addNumber(value: number): void {
    if (isInteger(value) && abs(value) <= MAX_SAFE_INTEGER) {
      this.hash = mix(mix(mix(this.hash, 2), value | 0), floor(value / 4_294_967_296));
    } else {
      this.add(String(value));
    }
  }

  private addObject(value: object, depth: number): void {
    if (isDate(value)) this.addNumber(value.getTime());
    else if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      this.addUnits(6, bytes.length, (index) => bytes[index] ?? 0);
    } else if (depth < MAX_DEPTH) {
      this.hash = mix(this.hash, isArray(value) ? 7 : 8);
      if (isArray(value)) this.addMembers(value, depth);
      else for (const key of Object.keys(value)) this.addEntry(key, value, depth);
    }
  }

  private addEntry(key: string, owner: object, depth: number): void {
    if (this.members >= MAX_MEMBERS) return;
    this.add(key);
    this.addMember((owner as Record<string, unknown>)[key], depth);
  }

  private addMembers(array: readonly unknown[], depth: number): void {
    const { length } = array;
    this.addNumber(length);
    for (let index = 0; index < length && this.members < MAX_MEMBERS; index++)
      this.addMember(array[index], depth);
  }

  private addMember(member: unknown, depth: number): void {
    if (this.members++ < MAX_MEMBERS) this.add(member, depth + 1);
  }

  private addString(value: string): void {
    const { length } = value;
    if (length > MAX_READ) {
      this.addUnits(1, length, (index) => value.charCodeAt(index));
      return;
    }
    let hash = mix(mix(this.hash, 1), length);
    for (let index = 0; index < length; index++) hash = mix(hash, value.charCodeAt(index));
    this.hash = hash;
  }

  private addUnits(kind: number, length: number, unitAt: (index: number) => number): void {
    let hash = mix(mix(this.hash, kind), length);
    const edge = MAX_READ / 4;
    const step = length <= MAX_READ ? 1 : ceil((length - 2 * edge) / (2 * edge));
    for (let index = 0; index < length; index += index < edge || index >= length - edge ? 1 : step)
      hash = mix(hash, unitAt(index));
    this.hash = hash;
  }
}

/** The digest of one value. */
export function digestOf(value: unknown): number {
  const digest = new Digest();
  digest.add(value);
  return digest.value;
}
