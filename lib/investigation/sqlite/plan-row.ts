/** A row of `EXPLAIN QUERY PLAN`. SQLite 3.24 and later. */
export interface PlanRow {
  readonly id: number;
  readonly parent: number;
  /** `SEARCH p USING INDEX posts_blog (blog_id=?)` */
  readonly detail: string;
}

/** What the text of a row says. */
export interface PlanStep {
  /** `SCAN`, `SEARCH`, or the whole text of every other step. */
  readonly operation: string;
  /** What the statement calls the table. */
  readonly alias?: string;
  /** Absent for the table itself, `INTEGER PRIMARY KEY` being the table. */
  readonly index?: string;
  /** The index was made for this statement, and is thrown away after it. */
  readonly isAutomatic: boolean;
  /** The index holds all that is needed. */
  readonly isCovering: boolean;
  readonly isRowid: boolean;
  /** `blog_id=? AND id>?` */
  readonly condition?: string;
}

const STEP = /^(SCAN|SEARCH) (?:TABLE )?(?:SUBQUERY )?(\S+)(?: AS (\S+))?(.*)$/u;
const USING =
  /^ USING (AUTOMATIC )?(?:PARTIAL )?(COVERING )?(?:INTEGER (PRIMARY KEY)|PRIMARY KEY|INDEX (?!\()(\S+)|INDEX)(?: \((.*)\))?/u;

/** Reads the text of one step. What it does not know stays a step without a table. */
export function planStep(detail: string): PlanStep {
  const step = STEP.exec(detail);
  const nothing = { operation: detail, isAutomatic: false, isCovering: false, isRowid: false };
  if (step === null || detail.startsWith('SCAN CONSTANT') || step[2]?.startsWith('(') === true)
    return nothing;
  const using = USING.exec(step[4] ?? '');
  const [, automatic, covering, rowid, name, condition] = using ?? [];
  return {
    operation: step[1] ?? detail,
    alias: step[3] ?? step[2] ?? '',
    isAutomatic: automatic !== undefined,
    isCovering: covering !== undefined,
    isRowid: rowid !== undefined,
    ...(name === undefined ? {} : { index: name }),
    ...(condition === undefined ? {} : { condition }),
  };
}
