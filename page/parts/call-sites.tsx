import type { CallSite } from '../../lib/record/call-site.js';
import { CopyButton } from './copy-button.js';

/** `flights.service.ts:42`: what tells two lines of a list apart that say the same otherwise. */
export function Place({ sites: [site] }: { readonly sites: readonly CallSite[] }) {
  if (site === undefined) return null;
  const file = site.file.slice(site.file.lastIndexOf('/') + 1);
  return <span class="muted place">{`${file}:${String(site.line)}`}</span>;
}

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
