import { useEffect } from 'preact/hooks';

/** `/` finds, `j` and `k` walk through a list, Escape leaves the field. Everything else is links and buttons. */
export function useKeys(): void {
  useEffect(() => {
    addEventListener('keydown', pressed);
    return () => {
      removeEventListener('keydown', pressed);
    };
  }, []);
}

function pressed(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { target } = event;
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) {
    if (event.key === 'Escape') target.blur();
    return;
  }
  if (event.key === '/') {
    const field = document.querySelector<HTMLInputElement>('input[type=search]');
    if (field === null) return;
    event.preventDefault();
    field.focus();
  } else if (event.key === 'j' || event.key === 'k') walk(event.key === 'j' ? 1 : -1);
}

function walk(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('.row-link')];
  const at = links.findIndex((link) => link === document.activeElement);
  const next = links[at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + step))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: 'nearest' });
}
