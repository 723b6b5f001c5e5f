import { useState } from 'preact/hooks';
import { useLive, usePage } from '../page-context.js';

/** Ends the session of this browser, where the page was opened with a token. */
export function SignOut() {
  const { summary } = useLive();
  const { live } = usePage();
  const [said, setSaid] = useState('');
  if (summary?.hasSession !== true) return null;
  const leave = (): void => {
    live.signOut().catch((error: unknown) => {
      setSaid((error as Error).message);
    });
  };
  return (
    <button type="button" class="sign-out" title={said} onClick={leave}>
      Sign out
    </button>
  );
}
