import type { UnitContext } from './unit-context.js';

/** What is used of GraphQL's `GraphQLResolveInfo`. */
interface ResolveInfo {
  readonly fieldName: string;
  readonly path: ResponsePath;
  readonly operation: Operation;
}

interface ResponsePath {
  readonly prev: ResponsePath | undefined;
  readonly key: string | number;
}

interface Operation {
  readonly operation: string;
  readonly name?: { readonly value: string };
  readonly selectionSet: { readonly selections: readonly { readonly name?: { readonly value: string } }[] };
}

type Resolve = (source: unknown, args: unknown, contextValue: unknown, info: ResolveInfo) => unknown;

interface Field {
  type: { readonly ofType?: Field['type'] };
  resolve?: Resolve;
}

/** What is used of GraphQL's `GraphQLSchema`. */
export interface GraphqlSchema {
  getTypeMap(): Record<string, { readonly name: string; getFields?(): Record<string, Field> }>;
}

/** What the wrappers must know of the application. */
export interface GraphqlOptions {
  /** The application resolves fields without a resolver in its own way, which must stay. */
  readonly hasFieldResolver: boolean;
}

/** Names in a list, for an operation without a name; and characters of a name. */
const MAX_ROOT_FIELDS = 4;
const MAX_NAME_LENGTH = 100;

/**
 * Wraps the schema's resolvers, so that the unit of work is named after its operation and every statement knows the
 * response field it is for. Fields of object types are wrapped even without a resolver of their own: reading them may
 * load a lazy relation. Returns what takes the wrappers off again.
 */
export function observeGraphqlFields(
  schema: GraphqlSchema,
  context: UnitContext,
  options: GraphqlOptions,
): () => void {
  const undo = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) => Object.values(type.getFields?.() ?? {}))
    .filter((field) => field.resolve !== undefined || (!options.hasFieldResolver && isObjectField(field)))
    .map((field) => observeField(field, context));
  return () => {
    for (const restore of undo) restore();
  };
}

function observeField(field: Field, context: UnitContext): () => void {
  const original = field.resolve;
  const resolve = original ?? readProperty;
  const observed: Resolve = function (this: unknown, source, args, contextValue, info) {
    const path = note(context, info);
    const work = () => resolve.call(this, source, args, contextValue, info);
    return path === undefined ? work() : context.withinField(path, work);
  };
  field.resolve = observed;
  return () => {
    if (field.resolve === observed) field.resolve = original;
  };
}

function note(context: UnitContext, info: ResolveInfo): string | undefined {
  try {
    if (info.path.prev === undefined) context.current()?.addOperation(operationName(info.operation));
    return fieldPath(info.path);
  } catch (error) {
    context.failed('graphql', error);
    return undefined;
  }
}

/** `query Authors`; without a name, the root fields: `query { authors }`. */
function operationName({ operation, name, selectionSet }: Operation): string {
  if (name !== undefined) return `${operation} ${name.value.slice(0, MAX_NAME_LENGTH)}`;
  const fields = selectionSet.selections.flatMap((selection) => selection.name?.value ?? []);
  const shown = [...new Set(fields)].slice(0, MAX_ROOT_FIELDS);
  return `${operation} { ${shown.join(' ')}${fields.length > shown.length ? ' ...' : ''} }`;
}

/** `authors.books`: list indexes are folded, so that all items of a list share the path. */
function fieldPath({ prev, key }: ResponsePath): string {
  if (prev === undefined) return String(key);
  return typeof key === 'number' ? fieldPath(prev) : `${fieldPath(prev)}.${key}`;
}

/** What GraphQL does for a field without a resolver. */
const readProperty: Resolve = (source, args, contextValue, info) => {
  if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined;
  const property = (source as Record<string, unknown>)[info.fieldName];
  return typeof property === 'function'
    ? (source as Record<string, (...given: unknown[]) => unknown>)[info.fieldName]?.(args, contextValue, info)
    : property;
};

function isObjectField({ type }: Field): boolean {
  let named = type;
  while (named.ofType !== undefined) named = named.ofType;
  return isObjectType(named);
}

// By its tag, as GraphQL's own `instanceOf` does across realms: the package is no dependency of this one.
function isObjectType(type: object): boolean {
  return Object.prototype.toString.call(type) === '[object GraphQLObjectType]';
}
