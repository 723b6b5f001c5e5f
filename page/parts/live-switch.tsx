import type { LiveState } from '../live.js';
import { useLive, usePage } from '../page-context.js';

const TEXTS: Readonly<Record<LiveState, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  frozen: 'Frozen',
  lost: 'No connection',
  file: 'Saved report',
  refused: '',
};

/** Whether the page follows the application, and the switch for it. */
export function LiveSwitch() {
  const { state } = useLive();
  const { live } = usePage();
  if (state === 'file') return <span class="live file">{TEXTS.file}</span>;
  const isFrozen = state === 'frozen';
  return (
    <button
      type="button"
      class={`live ${state}`}
      aria-pressed={!isFrozen}
      title={isFrozen ? 'Follow the application again' : 'Freeze what is on the screen'}
      onClick={() => {
        if (isFrozen) void live.start();
        else live.freeze();
      }}
    >
      <span class="dot" aria-hidden="true" />
      {TEXTS[state]}
    </button>
  );
}
