import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Live } from './live.js';
import { Page, useLive, usePage } from './page-context.js';
import { FailureBoundary } from './parts/failure-boundary.js';
import { LiveSwitch } from './parts/live-switch.js';
import { Logo } from './parts/logo.js';
import { SignOut } from './parts/sign-out.js';
import { ThemeSwitch } from './parts/theme-switch.js';
import { findSource } from './source.js';
import { useHashRoute } from './use-hash-route.js';
import { useKeys } from './use-keys.js';
import { SignIn } from './views/sign-in.js';
import { VIEWS, type View } from './views.js';

export function App() {
  const page = useMemo(() => {
    const source = findSource();
    return { source, live: new Live(source) };
  }, []);
  useEffect(() => void page.live.start(), [page]);
  return (
    <Page.Provider value={page}>
      <Shell />
    </Page.Provider>
  );
}

function Shell() {
  const { state, summary, error } = useLive();
  const { live } = usePage();
  useKeys();
  if (state === 'refused') return <SignIn />;
  if (summary === undefined) return <Waiting error={error} retry={() => void live.start()} />;
  return <Views />;
}

function Waiting({ error, retry }: { readonly error?: string; readonly retry: () => void }) {
  return (
    <main class="waiting">
      <Logo />
      {error === undefined ? (
        <p>Asking the application …</p>
      ) : (
        <>
          <h1>The application does not answer</h1>
          <p>{error}</p>
          <button type="button" onClick={retry}>
            Try again
          </button>
        </>
      )}
    </main>
  );
}

function Views() {
  const { source } = usePage();
  const route = useHashRoute();
  const views = VIEWS.filter(({ isLiveOnly }) => source.isLive || isLiveOnly !== true);
  const view = views.find(({ name }) => name === route.view);
  const main = useRef<HTMLElement>(null);
  useFocusOnChange(main, `${route.view}/${route.id ?? ''}`);
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <header class="side">
        <a class="brand" href="#/overview">
          <Logo /> QueryLens
        </a>
        <nav aria-label="Views">
          <ul>
            {views.map((item) => (
              <NavItem key={item.name} view={item} isCurrent={item === view} />
            ))}
          </ul>
        </nav>
        <div class="switches">
          <LiveSwitch />
          <ThemeSwitch />
          <SignOut />
        </div>
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        {view === undefined ? (
          <NotFound />
        ) : (
          <FailureBoundary key={`${route.view}/${route.id ?? ''}`}>
            <view.component id={route.id} query={route.query} />
          </FailureBoundary>
        )}
      </main>
    </div>
  );
}

/** On a narrow screen the menu is wider than the window. */
function useInSight(isCurrent: boolean) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isCurrent) link.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [isCurrent]);
  return link;
}

function NavItem({ view, isCurrent }: { readonly view: View; readonly isCurrent: boolean }) {
  const { summary } = useLive();
  const count = summary === undefined ? undefined : view.count?.(summary);
  const link = useInSight(isCurrent);
  return (
    <li>
      <a ref={link} href={`#/${view.name}`} aria-current={isCurrent ? 'page' : undefined}>
        <span>{view.title}</span>
        {count !== undefined && count.value > 0 && (
          <span class={count.isBad ? 'count bad' : 'count'}>{count.value}</span>
        )}
      </a>
    </li>
  );
}

function NotFound() {
  useEffect(() => {
    document.title = 'No such view · QueryLens';
  }, []);
  return (
    <div class="empty">
      <h1>No such view</h1>
      <p>
        <a href="#/overview">Back to the overview</a>
      </p>
    </div>
  );
}

/** Whoever does not see the page change hears it: the new view takes the focus. */
function useFocusOnChange(main: { readonly current: HTMLElement | null }, view: string): void {
  const [first] = useState(view);
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current && view === first) {
      isFirst.current = false;
      return;
    }
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [view]);
}
