import type { CallSite } from '../../lib/record/call-site.js';
import { CopyButton } from './copy-button.js';

/** Where in the user's code, ready for the editor's "go to file". */
export function CallSites({ sites }: { readonly sites: readonly CallSite[] }) {
  if (sites.length === 0) return <span class="muted">not known: call sites are sampled</span>;
  return (
    <ul class="plain">
      {sites.map((site) => {
        const place = `${site.file}:${String(site.line)}:${String(site.column)}`;
        return (
          <li key={place} class="call-site">
            <code>{place}</code> <span class="muted">in {site.function}</span>
            <CopyButton text={place} what={`the place ${place}`} />
          </li>
        );
      })}
    </ul>
  );
}
