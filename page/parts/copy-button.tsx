import { useEffect, useState } from 'preact/hooks';

const SHOWN_MS = 1_600;

/** Copies a text; says so to the eye and to the ear. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return undefined;
    const timer = setTimeout(() => {
      setSaid('');
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [said]);
  return (
    <>
      <button
        type="button"
        class="copy"
        aria-label={`Copy ${what}`}
        onClick={() => {
          void copy(text).then((isCopied) => {
            setSaid(isCopied ? 'Copied' : 'Not allowed');
          });
        }}
      >
        {said === '' ? 'Copy' : said}
      </button>
      <span class="heard" role="status">
        {said}
      </span>
    </>
  );
}

/** The clipboard is for secure contexts; an application on plain HTTP in a private network gets the old way. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'heard';
  document.body.append(field);
  field.select();
  try {
    // Deprecated, and the only way without a secure context.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return document.execCommand('copy');
  } finally {
    field.remove();
  }
}
