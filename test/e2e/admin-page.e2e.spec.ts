import { afterEach, describe, expect, it } from '@jest/globals';
import { type INestApplication, VersioningType } from '@nestjs/common';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { QueryLensModule } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { ADMIN_ROUTES } from '../../lib/admin/admin-routes.js';
import { type Platform, type RunningApp, startApp } from './start-app.js';
import { useHelmet } from './use-helmet.js';

describe.each<Platform>(['express', 'fastify'])('the admin page on %s', (platform) => {
  let running: RunningApp | undefined;

  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });

  async function start(configure?: (app: INestApplication) => void): Promise<RunningApp> {
    running = await startApp({
      platform,
      lens: QueryLensModule.forRoot({ admin: { public: true, allowActions: true } }),
      ...(configure === undefined ? {} : { configure }),
    });
    return running;
  }

  it('is one document that runs nothing but what carries its nonce', async () => {
    const { get } = await start();
    const response = await get('/query-lens');
    const html = await response.text();
    const policy = response.headers.get('content-security-policy') ?? '';
    const [, nonce = ''] = /script-src 'nonce-([\w-]{24})'/.exec(policy) ?? [];
    expect(policy).toBe(
      `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src data:; ` +
        `connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(html).toContain(`<script nonce="${nonce}">`);
    expect(html.length).toBeGreaterThan(20_000);
    // Nothing is loaded: no address of another host in an attribute.
    expect(html).not.toMatch(/<[a-z][^>]*(?:src|href)="(?!data:)/);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(await (await get('/query-lens')).text()).not.toContain(nonce);
  });

  it('stands below a global prefix, in no version, and its policy wins over that of Helmet', async () => {
    const { get } = await start((app) => {
      app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
      useHelmet(app, platform);
    });
    const response = await get('/api/query-lens');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'nonce-/,
    );
    // Helmet was there.
    expect(response.headers.get('x-dns-prefetch-control')).toBe('off');
    expect((await running!.lens.report()).routes).toEqual([]);
  });

  it('is described, endpoint by endpoint, as OpenAPI', async () => {
    const { get } = await start();
    const document = (await (await get('/query-lens/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, { get?: { operationId: string; responses: Record<string, unknown> } }>;
    };
    expect(document.openapi).toBe('3.1.0');
    const described = Object.keys(document.paths).map((path) => path.slice(1).replace(/\{(\w+)\}/g, ':$1'));
    const own = ['', 'session', 'openapi.json'];
    expect(described.sort()).toEqual(ADMIN_ROUTES.filter((route) => !own.includes(route)).sort());
    const operations = Object.values(document.paths).flatMap((path) => path.get ?? []);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { responses } of operations) expect(responses).toHaveProperty('200');
    const { valid, errors } = await new Validator().validate(document);
    expect([valid, errors ?? []]).toEqual([true, []]);
  });

  it('answers what its OpenAPI document says', async () => {
    const { get, lens } = await start();
    await lens.observe('GET /things', () => running!.app.get(DataSource).query('SELECT 1'));
    const id = (await lens.units())[0]?.id ?? '';
    const document = (await (await get('/query-lens/openapi.json')).json()) as OpenApi;
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema({ $id: 'document', ...document });
    const wrong: unknown[] = [];
    for (const [path, { get: operation }] of Object.entries(document.paths)) {
      const content = operation?.responses['200']?.content ?? {};
      if (!('application/json' in content)) continue;
      const place = `${path.replace(/\//g, '~1')}/get/responses/200/content/application~1json/schema`;
      const pointer = encodeURI(place);
      const answer = await (await get(`/query-lens${path.replace('{id}', id)}`)).json();
      const validate = ajv.getSchema(`document#/paths/${pointer}`);
      if (validate?.(answer) !== true) wrong.push([path, validate?.errors]);
    }
    expect(wrong).toEqual([]);
  });
});

interface OpenApi {
  readonly paths: Readonly<
    Record<string, { get?: { responses: Record<string, { content?: Record<string, unknown> }> } }>
  >;
}
