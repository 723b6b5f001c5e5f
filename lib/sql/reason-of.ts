import { maskMessage } from './mask-message.js';

/** Why something failed, as part of a sentence. Messages of databases quote values, which are left out. */
export function reasonOf(error: unknown): string {
  return maskMessage(error instanceof Error ? error.message : String(error)).replace(/[.\s]+$/u, '');
}
