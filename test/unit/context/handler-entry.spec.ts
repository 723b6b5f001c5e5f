import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import { handlerEntry } from '../../../lib/context/handler-entry.js';

/** The name of a call of a method that carries this metadata. */
function nameOf(
  onMethod: Record<string, unknown>,
  onClass: Record<string, unknown> = {},
  args: unknown[] = [],
) {
  class OrdersHandler {
    readonly process = null;
  }
  const handler = () => undefined;
  for (const [key, value] of Object.entries(onMethod)) Reflect.defineMetadata(key, value, handler);
  for (const [key, value] of Object.entries(onClass)) Reflect.defineMetadata(key, value, OrdersHandler);
  return handlerEntry({ owner: OrdersHandler, method: 'process', handler, args })?.name;
}

const message = (pattern: unknown, type = 1) =>
  nameOf({ 'microservices:handler_type': type, 'microservices:pattern': [pattern] });
const job = (name: unknown) => nameOf({}, { 'bullmq:processor_metadata': { name: 'mail' } }, [{ name }]);

describe('the name of a handler', () => {
  it.each([
    ['orders.created', 'message orders.created'],
    [{ cmd: 'sum' }, 'message {"cmd":"sum"}'],
    [{ service: 'Orders', rpc: 'Create', streaming: 'no_stream' }, 'message Orders/Create'],
    [/^orders\./, 'message /^orders\\./'],
    [undefined, 'message undefined'],
    ['x'.repeat(500), `message ${'x'.repeat(100)}`],
  ])('is the pattern of a message: %j', (pattern, name) => {
    expect(message(pattern)).toBe(name);
  });

  it.each([
    ['send', 'job mail:send'],
    ['send-2', 'job mail:send-2'],
    ['send-4711', 'job mail:send-*'],
    ['3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'job mail:*'],
    [undefined, 'job mail:undefined'],
  ])('has no ids of jobs: %j', (name, expected) => {
    expect(job(name)).toBe(expected);
  });

  it('is nothing for an ordinary method', () => {
    expect(nameOf({ path: '/orders' }, { 'some:metadata': true })).toBeUndefined();
  });

  it('needs no job to be given', () => {
    expect(nameOf({}, { 'bullmq:processor_metadata': { name: 'mail' } })).toBe('job mail:undefined');
  });
});
