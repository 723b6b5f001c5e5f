import type { UnitKind } from '../record/unit-of-work.js';

/** What a call of a handler method is: a unit of work of this kind and name. */
export interface HandlerEntry {
  readonly kind: UnitKind;
  readonly name: string;
  /** Called in the course of something else: what emitted the event keeps the work, even when it has ended. */
  readonly isFollower?: true;
  /** Server-sent events: the HTTP request goes on until the connection is closed. */
  readonly isStream?: true;
}

/** A call of a method. */
export interface HandlerCall {
  /** The class of the instance, which may have inherited the method. */
  readonly owner: object;
  readonly method: string;
  readonly handler: object;
  readonly args: readonly unknown[];
}

type Describe = (call: HandlerCall, metadata: unknown) => HandlerEntry | undefined;

// The keys are those of Nest's packages, which are no dependencies of this one.
/** On the method. */
const OF_METHODS: Readonly<Record<string, Describe>> = {
  'microservices:handler_type': ({ handler }, type) => {
    const pattern = patternText(metadataOf('microservices:pattern', handler));
    return type === EVENT_PATTERN ? named('event', pattern) : named('message', pattern);
  },
  'websockets:message_mapping': ({ owner, handler }) => {
    const namespace = (metadataOf('websockets:gateway_options', owner) as Named | undefined)?.namespace;
    const event = patternText(metadataOf('message', handler));
    return named('websocket', typeof namespace === 'string' ? `${namespace} ${event}` : event);
  },
  SCHEDULE_CRON_OPTIONS: (call) => named('cron', place(call)),
  SCHEDULE_INTERVAL_OPTIONS: (call) => named('interval', place(call)),
  SCHEDULE_TIMEOUT_OPTIONS: (call) => named('timeout', place(call)),
  EVENT_LISTENER_METADATA: (call) => follower('event-listener', place(call)),
  'bullmq:worker_events_metadata': (call) => follower('event-listener', place(call)),
  'bullmq:queue_events_metadata': (call) => follower('event-listener', place(call)),
  __sse__: (call) => ({ ...named('http', place(call)), isStream: true }),
};

/** On the class, for the methods that its library calls. */
const OF_CLASSES: Readonly<Record<string, readonly [methods: readonly string[], describe: Describe]>> = {
  'bullmq:processor_metadata': [
    ['process'],
    ({ args }, metadata) => {
      const queue = typeof metadata === 'string' ? metadata : (metadata as Named).name;
      return named('job', `${text(queue)}:${withoutIds(text((args[0] as Named | undefined)?.name))}`);
    },
  ],
  'websockets:is_gateway': [
    ['handleConnection', 'handleDisconnect'],
    (call) => named('websocket', place(call)),
  ],
  __commandHandler__: [['execute'], (_call, command) => follower('command-handler', className(command))],
  __queryHandler__: [['execute'], (_call, query) => follower('query-handler', className(query))],
  // One event may have several handlers.
  __eventsHandler__: [['handle'], ({ owner }) => follower('event-handler', className(owner))],
};

/** `PatternHandler.EVENT` of @nestjs/microservices. */
const EVENT_PATTERN = 2;
const MAX_NAME_LENGTH = 100;
/** Parts of a job's name that differ from job to job. */
const IDS = /[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{24,}|\d{2,}/gi;

interface Named {
  readonly name?: unknown;
  readonly namespace?: unknown;
}

/** Whether calls of a method may be units of work, as far as one can say before there is an instance. */
export function isHandler(owner: object, method: string, handler: object): boolean {
  return (
    methodKey(handler) !== undefined ||
    Object.entries(OF_CLASSES).some(
      ([key, [methods]]) => methods.includes(method) && metadataOf(key, owner) !== undefined,
    )
  );
}

/** Whether a method is a route of a controller: `@Get()` and its kin leave a path and a method. */
export function isHttpHandler(handler: object): boolean {
  return metadataOf('path', handler) !== undefined && metadataOf('method', handler) !== undefined;
}

/** What this call is; undefined for an ordinary method that shares its code with a handler of another class. */
export function handlerEntry(call: HandlerCall): HandlerEntry | undefined {
  const ofMethod = methodKey(call.handler);
  if (ofMethod !== undefined) return OF_METHODS[ofMethod]?.(call, metadataOf(ofMethod, call.handler));
  for (const [key, [methods, describe]] of Object.entries(OF_CLASSES)) {
    const metadata = methods.includes(call.method) ? metadataOf(key, call.owner) : undefined;
    if (metadata !== undefined) return describe(call, metadata);
  }
  return undefined;
}

/** The one that it has; most methods have no metadata at all. */
function methodKey(handler: object): string | undefined {
  const keys: unknown[] = Reflect.getMetadataKeys(handler);
  return keys.find((key): key is string => typeof key === 'string' && Object.hasOwn(OF_METHODS, key));
}

function named(kind: UnitKind, what: string): HandlerEntry {
  return { kind, name: `${kind} ${what.slice(0, MAX_NAME_LENGTH)}` };
}

function follower(kind: UnitKind, what: string): HandlerEntry {
  return { ...named(kind, what), isFollower: true };
}

function metadataOf(key: string, target: object): unknown {
  return Reflect.getMetadata(key, target);
}

function place({ owner, method }: HandlerCall): string {
  return `${className(owner)}.${method}`;
}

function className(type: unknown): string {
  return text((type as Named | undefined)?.name);
}

/** `orders.created`, `{"cmd":"sum"}`, `OrdersService/Create` (gRPC); several with a `|`. */
function patternText(pattern: unknown): string {
  if (Array.isArray(pattern)) return pattern.map(patternText).join('|');
  if (typeof pattern !== 'object' || pattern === null || pattern instanceof RegExp) return text(pattern);
  const { service, rpc } = pattern as { service?: unknown; rpc?: unknown };
  return typeof rpc === 'string' ? `${text(service)}/${rpc}` : JSON.stringify(pattern);
}

function withoutIds(name: string): string {
  return name.replace(IDS, '*');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : String(value);
}
