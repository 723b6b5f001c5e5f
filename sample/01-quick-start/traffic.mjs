const hubs = ['DFW', 'ORD', 'ATL', 'LAX', 'PHX', 'STL'];

/** One round: every endpoint once, what everybody looks at five times. Rounds differ in airport, page, flight and date, as people do. */
export function requestsOfRound(round) {
  const hub = hubs[round % hubs.length];
  const flight = 1 + round * 137;
  return [
    get(`/airports?page=${1 + (round % 100)}`),
    get(`/airports/${hub}`),
    get(`/airports/${hub}/departures`),
    get('/states'),
    get(`/airlines/${1 + (round % 3)}/maintenance`),
    get(`/airlines/${1 + (round % 3)}/fleet`),
    { method: 'POST', path: '/airlines/1/inspections', body: { inspectedOn: dayOf(round) }, status: 201 },
    get(`/crew/roster?base=${hub}`),
    get(`/flights?from=${hub}&minDelay=30`),
    get('/flights/delayed'),
    get(`/flights/status?ids=${[0, 1, 2, 3, 4].map((step) => flight + step).join(',')}`),
    get('/flights/export'),
    get(`/flights/${flight}`),
    get('/reports/operations'),
    get('/reports/last-strikes'),
    { ...get('/reports/cancellations'), status: 500 },
    get(`/network/fares?from=${hub}&visitor=${1_000 + round}`),
    ...Array.from({ length: 5 }, () => [get('/network/busiest-routes'), get('/network/punctuality')]).flat(),
  ];
}

/** Sends one request and reads the whole answer. Throws when the status is not the expected one. */
export async function send(baseUrl, { method, path, body, status }) {
  const response = await fetch(new URL(path, baseUrl), {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status !== status) {
    throw new Error(
      `${method} ${path} answered ${response.status} instead of ${status}: ${text.slice(0, 200)}`,
    );
  }
}

/** Has QueryLens read the plans of slow statements now; an application that runs longer does so on its own. */
export async function investigate(baseUrl) {
  const response = await fetch(new URL('/query-lens/actions/investigate', baseUrl), {
    method: 'POST',
    headers: { 'x-query-lens': 'traffic' },
  });
  if (!response.ok) throw new Error(`POST ${response.url} answered ${response.status}.`);
}

function get(path) {
  return { method: 'GET', path, status: 200 };
}

function dayOf(round) {
  return new Date(Date.UTC(2001, 3, 1 + round)).toISOString().slice(0, 10);
}
