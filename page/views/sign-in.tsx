import { useState } from 'preact/hooks';
import { usePage } from '../page-context.js';
import { Logo } from '../parts/logo.js';
import { signIn } from '../source.js';

/** Asks for the token once; the browser keeps a session of some hours then, and scripts cannot read it. */
export function SignIn() {
  const { live } = usePage();
  const [token, setToken] = useState('');
  const [said, setSaid] = useState('');
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    try {
      if (await signIn(token)) await live.start();
      else setSaid('This is not the token.');
    } catch (error) {
      setSaid((error as Error).message);
    }
  };
  return (
    <main class="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <h1>
          <Logo /> QueryLens
        </h1>
        <label>
          Token
          <input
            type="password"
            name="token"
            autoComplete="current-password"
            autofocus
            required
            value={token}
            onInput={({ currentTarget }) => {
              setToken(currentTarget.value);
              setSaid('');
            }}
          />
        </label>
        <button type="submit">Sign in</button>
        <p role="alert" class="failure">
          {said}
        </p>
        <p class="muted">
          It is <code>admin.token</code> of this application.
        </p>
      </form>
    </main>
  );
}
