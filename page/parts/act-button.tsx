import { useLive } from '../page-context.js';
import { actionPath, useAct } from '../use-act.js';

export interface ActButtonProps {
  readonly action: string;
  readonly target: Readonly<Record<string, string>>;
  readonly text: string;
  /** While it is being done. */
  readonly doing: string;
  /** When it was. */
  readonly done: string;
}

/** One action on one thing; nothing where the reader may not do it. */
export function ActButton({ action, target, text, doing, done }: ActButtonProps) {
  const { summary } = useLive();
  const { said, isBusy, act } = useAct();
  if (summary?.actions.includes(action) !== true) return null;
  return (
    <p class="act">
      <button type="button" disabled={isBusy} onClick={() => void act(actionPath(action, target), done)}>
        {text}
      </button>
      <span role="status" class="muted">
        {isBusy ? doing : said}
      </span>
    </p>
  );
}
