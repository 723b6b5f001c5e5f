import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RunningApp } from '../start-app.js';

/** Asks the database something that can be told apart. */
@Injectable()
export class Asks {
  constructor(private readonly dataSource: DataSource) {}

  async ask(what: string): Promise<string> {
    await this.dataSource.query(`SELECT ask_${what} FROM (SELECT 1 AS ask_${what})`);
    return what;
  }
}

/** Units as `name xqueries`, oldest first, once there are as many as `count`; ends after thirty seconds in any case. */
export async function unitNames(running: RunningApp, count: number): Promise<string[]> {
  const untilMs = Date.now() + 30_000;
  for (;;) {
    const units = await running.units();
    if (units.length >= count || Date.now() > untilMs)
      return units.map(({ name, queries }) => `${name} x${String(queries)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The statements of each unit. */
export async function statements(running: RunningApp): Promise<string[][]> {
  return (await running.units()).map((unit) => unit.statements.map(({ statement }) => statement));
}
