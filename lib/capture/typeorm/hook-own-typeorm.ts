import { DataSource } from 'typeorm';
import type { RecordSink } from '../../record/record-sink.js';
import { hookDataSourceInitialize } from './hook-data-source-initialize.js';

/** Hooks the TypeORM that this package resolves: in nearly every application the only one. */
export function hookOwnTypeorm(sink: RecordSink): () => void {
  return hookDataSourceInitialize(DataSource, sink);
}
