import { createServer } from 'node:net';

/** The first port that nobody listens on, from `first` on. */
export async function firstFreePort(first, tries = 100) {
  for (let port = first; port < first + tries; port += 1) if (await isFree(port)) return port;
  throw new Error(`No free port from ${first} to ${first + tries - 1}. Choose one with --port N.`);
}

export function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
