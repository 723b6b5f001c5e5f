import type { ReadState } from '../../../record/entity-reads.js';

/** Who is reading now. */
export interface Reader {
  /** The handler has returned: what is read is read for the response. */
  readonly isSending: boolean;
  /** Every read is meant for itself, and never part of a whole-object copy: GraphQL asks field by field. */
  readonly isExact: boolean;
}

const ORDER: readonly ReadState[] = ['unread', 'copied', 'sent', 'read'];

/** What was read of the entities that one load reached through the same relations: one mark for each property. */
export class NodeReads {
  readonly marks = new Map<string, ReadState>();

  constructor(readonly reader: Reader) {}

  read(key: string): void {
    this.mark(key, this.reader.isSending ? 'sent' : 'read');
  }

  copied(key: string): void {
    this.mark(key, this.reader.isSending ? 'sent' : 'copied');
  }

  stateOf(key: string): ReadState {
    return this.marks.get(key) ?? 'unread';
  }

  /** Nothing can be known of these entities any more. */
  lose(keys: Iterable<string>, as: 'copied' | 'sent'): void {
    for (const key of keys) this.mark(key, this.reader.isSending ? 'sent' : as);
  }

  private mark(key: string, state: ReadState): void {
    if (ORDER.indexOf(state) > ORDER.indexOf(this.stateOf(key))) this.marks.set(key, state);
  }
}
