import { useEffect, useState } from 'preact/hooks';
import { hashOf, readHash, type HashRoute } from './hash-route.js';

/** The view that the address names, and follows it. */
export function useHashRoute(): HashRoute {
  const [route, setRoute] = useState(() => readHash(location.hash));
  useEffect(() => {
    const follow = (): void => {
      setRoute(readHash(location.hash));
    };
    // Effects run after the paint: a step in between would be missed.
    follow();
    addEventListener('hashchange', follow);
    return () => {
      removeEventListener('hashchange', follow);
    };
  }, []);
  return route;
}

/** Changes how the view is shown without a step in the browser's history. */
export function replaceQuery({ view, id, query }: HashRoute, change: Readonly<Record<string, string>>): void {
  history.replaceState(null, '', hashOf(view, id, { ...query, ...change }));
  dispatchEvent(new HashChangeEvent('hashchange'));
}
