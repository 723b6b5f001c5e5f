import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../../servers/free-port.mjs';

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

/** The real server, in a folder of its own, which scrapes one application. */
export class PrometheusServer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'query-lens-prometheus-'));
  private process: ChildProcess | undefined;
  private url = '';

  constructor(private readonly program: string) {}

  async start(target: string): Promise<void> {
    const config = {
      global: { scrape_interval: '200ms', evaluation_interval: '200ms' },
      rule_files: [resolve('docs/grafana/alerts.json')],
      scrape_configs: [{ job_name: 'application', static_configs: [{ targets: [target] }] }],
    };
    const file = join(this.folder, 'prometheus.yml');
    writeFileSync(file, JSON.stringify(config));
    const address = `127.0.0.1:${await freePort()}`;
    this.url = `http://${address}`;
    this.process = spawn(
      this.program,
      [`--config.file=${file}`, `--storage.tsdb.path=${this.folder}/data`, `--web.listen-address=${address}`],
      { stdio: 'ignore' },
    );
    await this.until(async () => (await fetch(`${this.url}/-/ready`)).ok);
  }

  async query(expression: string): Promise<Answer> {
    const response = await fetch(
      `${this.url}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`,
    );
    return (await response.json()) as Answer;
  }

  /** The values of a query, by label, once it has any. */
  async answered(expression: string): Promise<readonly { metric: Record<string, string>; value: number }[]> {
    let answer: Answer | undefined;
    await this.until(async () => {
      answer = await this.query(expression);
      return answer.status !== 'success' || answer.data.result.some(({ value }) => value[1] !== 'NaN');
    });
    if (answer?.status !== 'success') throw new Error(`${expression}: ${String(answer?.error)}`);
    return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  async rules(): Promise<readonly { readonly name: string; readonly health: string }[]> {
    const response = await fetch(`${this.url}/api/v1/rules`);
    const { data } = (await response.json()) as {
      data: { groups: { rules: { name: string; health: string }[] }[] };
    };
    return data.groups.flatMap(({ rules }) => rules);
  }

  async stop(): Promise<void> {
    const { process } = this;
    if (process !== undefined && process.exitCode === null) {
      const ended = new Promise((done) => process.once('exit', done));
      process.kill('SIGKILL');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  async until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!(await condition().catch(() => false))) {
      if (Date.now() > deadline) throw new Error('Prometheus did not get so far in a minute.');
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }
}
