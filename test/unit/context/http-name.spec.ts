import { describe, expect, it } from '@jest/globals';
import { httpName, routeTemplate, type RoutedRequest } from '../../../lib/context/http-name.js';

function nameOf(request: RoutedRequest, status = 200): string {
  return httpName(request, routeTemplate(request, status));
}

describe('the name of an HTTP unit', () => {
  it.each<[string, RoutedRequest, number?]>([
    ['GET /authors/:id', { method: 'GET', baseUrl: '', route: { path: '/authors/:id' } }],
    ['GET /api/v2/authors', { method: 'GET', baseUrl: '/api/v2', route: { path: '/authors' } }],
    ['GET /admin/queues', { method: 'GET', baseUrl: '/admin/queues', route: { path: '/' } }],
    ['GET /tenants/*/books', { method: 'GET', baseUrl: '/tenants/4711', route: { path: '/books' } }],
    ['GET /tenants/*/books', { method: 'GET', baseUrl: '/tenants/a%20b', route: { path: '/books' } }],
    ['GET ^\\/a.*', { method: 'GET', route: { path: /^\/a.*/ } }],
    ['GET /a|/b', { method: 'GET', route: { path: ['/a', '/b'] } }],
    ['POST /graphql', { method: 'POST', baseUrl: '/graphql' }],
    ['GET /files/*path', { method: 'GET', route: { path: '/files/*path' } }],
    ['GET (no route)', { method: 'GET', route: { path: '*path' } }, 404],
    ['GET (no route)', { method: 'GET', baseUrl: '/api', route: { path: '*path' } }, 404],
    ['GET (no route)', { method: 'GET', route: { path: '/{*path}' } }, 404],
    ['GET (no route)', { method: 'GET', baseUrl: '' }, 404],
    ['GET /authors/:id', { method: 'GET', route: { path: '/authors/:id' } }, 404],
    ['GET /authors/:id', { method: 'GET', is404: false, routeOptions: { url: '/authors/:id' } }],
    ['GET (no route)', { method: 'GET', is404: true, routeOptions: {} }, 404],
    ['HTTP (no route)', {}],
  ])('is %s', (...[name, request, status]) => {
    expect(nameOf(request, status)).toBe(name);
  });
});
