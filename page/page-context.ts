import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Live, LiveSnapshot } from './live.js';
import { RefusedError, type Source } from './source.js';

export interface PageContext {
  readonly source: Source;
  readonly live: Live;
}

export const Page = createContext<PageContext | undefined>(undefined);

export function usePage(): PageContext {
  const page = useContext(Page);
  if (page === undefined) throw new Error('outside of the page');
  return page;
}

export function useLive(): LiveSnapshot {
  const { live } = usePage();
  const [snapshot, setSnapshot] = useState(live.current);
  useEffect(() => {
    const follow = (): void => {
      setSnapshot(live.current);
    };
    // Effects run after the paint: what came in between would be missed.
    follow();
    return live.subscribe(follow);
  }, [live]);
  return snapshot;
}

export interface Loaded<T> {
  readonly data?: T;
  readonly error?: string;
}

/** The answer of one endpoint, asked for again whenever there is news. What is on the screen stays until the next answer. */
export function useLoaded<T>(path: string): Loaded<T> {
  const { source, live } = usePage();
  const { version, state } = useLive();
  const [loaded, setLoaded] = useState<Loaded<T> & { readonly path: string }>({ path });
  useEffect(() => {
    let isCurrent = true;
    // An answer that does not come takes nothing off the screen.
    const done = (next: Loaded<T>): void => {
      if (isCurrent) setLoaded((before) => ({ ...(before.path === path ? before : {}), ...next, path }));
    };
    source.load(path).then(
      (data) => {
        done({ data: data as T, error: undefined });
      },
      (error: unknown) => {
        if (error instanceof RefusedError) void live.start();
        else done({ error: (error as Error).message });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [source, live, path, state === 'frozen' ? 0 : version]);
  return loaded.path === path ? loaded : {};
}
