import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { usePage } from '../page-context.js';

export interface ViewHeadProps {
  readonly title: ComponentChildren;
  /** One line below it. */
  readonly about?: ComponentChildren;
  /** The endpoint that says the same as JSON. */
  readonly json: string;
  /** The list that this one thing is from. */
  readonly back?: { readonly href: string; readonly text: string };
  readonly children?: ComponentChildren;
}

/** What every view begins with: its name, a line about it, the same as JSON. */
export function ViewHead({ title, about, json, back, children }: ViewHeadProps) {
  const { source } = usePage();
  const url = source.jsonUrl(json);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${wordsOf(head.current)} · QueryLens`;
  });
  return (
    <div class="view-head">
      {back !== undefined && (
        <a class="back" href={back.href}>
          ← {back.text}
        </a>
      )}
      <div class="title">
        <h1 ref={head}>{title}</h1>
        <span class="links">
          {children}
          {url !== undefined && (
            <a class="json" href={url}>
              JSON
            </a>
          )}
        </span>
      </div>
      {about !== undefined && <p class="about">{about}</p>}
    </div>
  );
}

/** The text of a head without its mark. */
function wordsOf(head: HTMLElement | null): string {
  const marks = [...(head?.querySelectorAll('.mark') ?? [])].map((mark) => mark.textContent);
  return marks.reduce((text, mark) => text.replace(mark, ''), head?.textContent ?? '').trim();
}

/** Until the first answer, or instead of it. */
export function NotYet({ error }: { readonly error?: string }) {
  return error === undefined ? (
    <p class="muted loading">Loading …</p>
  ) : (
    <p class="failure" role="alert">
      {error}
    </p>
  );
}
