import { VERSION } from '../version.js';
import { CommandError, EXIT, UsageError, type Command, type CommandHost } from './command.js';
import { COMMANDS } from './commands.js';

const NAME_WIDTH = 20;

/**
 * `query-lens <command> [options]`. Never throws and never ends the process.
 *
 * @returns the exit code
 */
export async function main(
  args: readonly string[],
  host: CommandHost,
  commands: readonly Command[] = COMMANDS,
): Promise<number> {
  const [name = '--help', ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') {
    host.write(helpOf(commands, rest[0]));
    return args.length === 0 ? EXIT.usage : EXIT.done;
  }
  if (name === '--version' || name === '-v') {
    host.write(`${VERSION}\n`);
    return EXIT.done;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return run(command, rest, host);
  host.writeError(`query-lens: no command "${name}"\n\n${helpOf(commands)}`);
  return EXIT.usage;
}

async function run(command: Command, args: readonly string[], host: CommandHost): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    host.write(command.help);
    return EXIT.done;
  }
  try {
    return await command.run(args, host);
  } catch (error) {
    const { message } = error as Error;
    if (isUsage(error)) {
      host.writeError(`query-lens ${command.name}: ${message}\n\n${command.help}`);
      return EXIT.usage;
    }
    // A defect of QueryLens: its stack helps whoever reports it.
    const text = error instanceof CommandError ? message : String((error as Error).stack ?? error);
    host.writeError(`query-lens ${command.name}: ${text}\n`);
    return EXIT.failed;
  }
}

/** What `parseArgs` of node:util throws for options that it does not know is about usage too. */
function isUsage(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return error instanceof UsageError || (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'));
}

function helpOf(commands: readonly Command[], name?: string): string {
  const one = commands.find((command) => command.name === name);
  if (one !== undefined) return one.help;
  const lines = commands.map(({ name: word, summary }) => `  ${word.padEnd(NAME_WIDTH)}${summary}`);
  return [
    'query-lens: what an application asks of its database, and what to write instead',
    '',
    'Usage: query-lens <command> [options]',
    '',
    'Commands:',
    ...lines,
    '',
    '`query-lens <command> --help` explains one. Exit codes: 0 done, 1 failed, 2 wrong usage.',
    '',
  ].join('\n');
}
