/** What the address says: `#/slow-queries/1a2b?sort=-p95` is the view, the one thing in it, and how it is shown. */
export interface HashRoute {
  readonly view: string;
  readonly id?: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Reads the part of an address behind `#`. Never throws: addresses are typed and cut by mail programs. */
export function readHash(hash: string): HashRoute {
  const [path = '', search = ''] = hash.replace(/^#\/?/u, '').split('?', 2);
  const [view = '', ...rest] = path.split('/');
  const id = rest.join('/');
  return {
    view: view === '' ? 'overview' : view,
    ...(id === '' ? {} : { id: decoded(id) }),
    query: Object.fromEntries(new URLSearchParams(search)),
  };
}

/** The address of a view, or of one thing in it. */
export function hashOf(view: string, id?: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return `#/${view}${id === undefined ? '' : `/${encodeURIComponent(id)}`}${search === '' ? '' : `?${search}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
