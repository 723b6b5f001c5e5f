#!/usr/bin/env node
import { main } from './main.js';

const { stdout, stderr, env, argv } = process;
void main(argv.slice(2), {
  env,
  ...(stdout.isTTY ? { columns: stdout.columns } : {}),
  write: (text) => void stdout.write(text),
  writeError: (text) => void stderr.write(text),
  fetch,
}).then((code) => {
  process.exitCode = code;
});
