import type { Command } from './command.js';
import { adviseCommand } from './commands/advise.js';
import { exportStatisticsCommand } from './commands/export-statistics.js';
import { reportCommand } from './commands/report.js';

/** In the order of the help. A new command is a file in `commands` and a line here. */
export const COMMANDS: readonly Command[] = [reportCommand, exportStatisticsCommand, adviseCommand];
