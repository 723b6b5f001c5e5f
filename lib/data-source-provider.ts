/** TypeORM marks its instances, so that those of another copy are known too. */
export function isDataSource(instance: object): boolean {
  return (instance as { '@instanceof'?: unknown })['@instanceof'] === Symbol.for('DataSource');
}

/** What `getDataSourceToken()` of @nestjs/typeorm makes: the class for the default one, `<name>DataSource` for others. */
export function dataSourceName(token: unknown): string {
  return typeof token === 'string' ? token.replace(/DataSource$/, '') : 'default';
}
