import { DefaultNamingStrategy } from 'typeorm';

/** `customer_id` for `customerId`, in the plural for tables, as many applications have it. */
export class SnakeNaming extends DefaultNamingStrategy {
  override tableName(className: string, customName: string | undefined): string {
    return customName ?? `${snake(className)}s`;
  }
  override columnName(property: string, customName: string | undefined, prefixes: string[]): string {
    return snake([...prefixes, customName ?? property].join('_'));
  }
  override relationName(property: string): string {
    return snake(property);
  }
  override joinColumnName(relation: string, referenced: string): string {
    return snake(`${relation}_${referenced}`);
  }
  override joinTableName(first: string, second: string): string {
    return snake(`${first}_${second}`);
  }
  override joinTableColumnName(table: string, property: string): string {
    return snake(`${table}_${property}`);
  }
}

function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}
