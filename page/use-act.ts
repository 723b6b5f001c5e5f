import { useState } from 'preact/hooks';
import { usePage } from './page-context.js';

export interface Acting {
  /** How it went; empty before. */
  readonly said: string;
  readonly isBusy: boolean;
  /** Sends an action, asks for everything anew, and says how it went. */
  readonly act: (path: string, done: string) => Promise<void>;
}

/** For what a reader with `allowActions` may do. */
export function useAct(): Acting {
  const { source, live } = usePage();
  const [said, setSaid] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const act = async (path: string, done: string): Promise<void> => {
    setIsBusy(true);
    setSaid('');
    try {
      await source.act(path);
      await live.refresh();
      setSaid(done);
    } catch (error) {
      setSaid((error as Error).message);
    } finally {
      setIsBusy(false);
    }
  };
  return { said, isBusy, act };
}

/** The address of an action on one thing. */
export function actionPath(action: string, target: Readonly<Record<string, string>>): string {
  return `actions/${action}?${new URLSearchParams(target).toString()}`;
}
