import { hashOf } from '../hash-route.js';

/** Routes as links; with `shares`, the part of each one's time in the database, 0 to 1, in their order. */
export function RouteList({
  routes,
  shares = [],
}: {
  readonly routes: readonly string[];
  readonly shares?: readonly number[];
}) {
  return (
    <ul class="plain">
      {routes.map((route, at) => (
        <li key={route}>
          <a class="in-text" href={hashOf('routes', route)}>
            {route}
          </a>
          <span class="muted">{shareText(shares[at])}</span>
        </li>
      ))}
    </ul>
  );
}

function shareText(share = 0): string {
  return share < 0.01 ? '' : ` ${Math.round(share * 100)} % of its time in the database`;
}
