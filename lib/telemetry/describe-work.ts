import type { Attributes } from '@opentelemetry/api';
import type { WorkStart } from '../record/live-tracer.js';
import { OWN } from './semconv.js';
import { commonAttributes } from './statement-shapes.js';

/** Name and attributes of the span of work that is no statement. */
export function describeWork(start: WorkStart): { readonly name: string; readonly attributes: Attributes } {
  switch (start.kind) {
    case 'unit':
      return { name: start.unit.name, attributes: { [OWN.unitKind]: start.unit.kind } };
    case 'transaction':
      return {
        name: 'transaction',
        attributes: { ...commonAttributes(start.target), [OWN.transaction]: start.id },
      };
    case 'relation':
      return {
        name: start.relation.name,
        attributes: {
          [OWN.relation]: start.relation.name,
          [OWN.strategy]: start.relation.strategy,
          [OWN.parentBatchSize]: start.relation.parentBatchSize,
        },
      };
    case 'stream':
      return { name: 'stream', attributes: commonAttributes(start.target) };
  }
}
