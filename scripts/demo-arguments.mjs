// What `npm run demo -- ...` accepts.
import { parseArgs } from 'node:util';

export const usage = `npm run demo [-- options]

Starts an airline-operations API with QueryLens on an embedded PostgreSQL, sends it traffic and shows what QueryLens found.

  --rounds N   rounds of traffic over all endpoints, 1 to 1000 (default 5)
  --port N     port to serve at (default 3000, or the next free one)
  --json FILE  write the report as JSON (report@1)
  --otlp URL   send its traces to an OpenTelemetry backend, such as Jaeger at http://localhost:4318
  --exit       stop after the report instead of serving on
  --help       show this text`;

/** Throws an error with a readable message for anything that it does not know. */
export function parseDemoArguments(args) {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      port: { type: 'string' },
      json: { type: 'string' },
      otlp: { type: 'string' },
      exit: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    ...values,
    rounds: wholeNumber('--rounds', values.rounds, 1, 1000),
    otlp: values.otlp === undefined ? undefined : httpUrl('--otlp', values.otlp),
    port: values.port === undefined ? undefined : wholeNumber('--port', values.port, 1, 65_535),
  };
}

function httpUrl(flag, text) {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '');
  throw new Error(`${flag} needs a URL such as http://localhost:4318, not "${text}".`);
}

function wholeNumber(flag, text, least, greatest) {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= greatest) return number;
  throw new Error(`${flag} needs a whole number from ${least} to ${greatest}, not "${text}".`);
}
