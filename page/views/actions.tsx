import { useState } from 'preact/hooks';
import { useAct } from '../use-act.js';

interface Described {
  readonly action: string;
  readonly text: string;
  readonly about: string;
  /** Asked again before it is done. */
  readonly isFinal?: true;
}

const ACTIONS: readonly Described[] = [
  {
    action: 'investigate',
    text: 'Read query plans',
    about: 'Of the slow statements, now, and looks for indexes that would help them.',
  },
  { action: 'pause', text: 'Pause recording', about: 'Nothing new is recorded until it is resumed.' },
  { action: 'resume', text: 'Resume recording', about: '' },
  {
    action: 'reset',
    text: 'Forget all figures',
    about: 'Counting begins anew; this cannot be undone.',
    isFinal: true,
  },
];

export interface ActionsProps {
  readonly actions: readonly string[];
  readonly isPaused: boolean;
}

/** What a reader with `allowActions` may do. */
export function Actions({ actions, isPaused }: ActionsProps) {
  const { said, isBusy, act } = useAct();
  const [asked, setAsked] = useState('');
  const hidden = isPaused ? 'pause' : 'resume';
  const shown = ACTIONS.filter(({ action }) => actions.includes(action) && action !== hidden);
  return (
    <section aria-labelledby="actions">
      <h2 id="actions">Actions</h2>
      <ul class="lines actions">
        {shown.map(({ action, text, about, isFinal }) => (
          <li key={action}>
            <button
              type="button"
              disabled={isBusy}
              onClick={() => {
                if (isFinal === true && asked !== action) {
                  setAsked(action);
                  return;
                }
                setAsked('');
                void act(`actions/${action}`, `Done: ${text.toLowerCase()}.`);
              }}
              onBlur={() => {
                setAsked('');
              }}
            >
              {asked === action ? 'Press again to do it' : text}
            </button>
            <span class="muted">{about}</span>
          </li>
        ))}
      </ul>
      <p role="status">{said}</p>
    </section>
  );
}
