import { continuesOperand, type Frame, frameOf, isCallee, opensCondition } from './frame.js';
import { ConditionList } from './condition-list.js';
import { beginsQuery, isAmount, isDistinctFrom, isOuterJoin } from './keyword-meaning.js';
import { isLockClause, isLockHint, isShareMode } from './locking.js';
import { nameOf } from './name-of.js';
import type { Clause, Condition, Outline, Query } from './outline.js';
import { isName, isSymbol, isWord, type Token } from './token.js';

/** Finds queries, clauses and conditions in one walk over the tokens. */
export function readOutline(tokens: readonly Token[]): Outline {
  return new OutlineReader(tokens).run();
}

class OutlineReader {
  private readonly clauses: Clause[] = [];
  private readonly queries: Query[] = [];
  private readonly conditions: (Condition | undefined)[] = [];
  private readonly verbs: number[] = [];
  private readonly cteNames = new Set<string>();
  private readonly conditionList = new ConditionList();
  private readonly frames: Frame[] = [];
  private frame: Frame;
  private isLocking = false;
  private valuesRows = 0;
  private hasValuesList = false;

  constructor(private readonly tokens: readonly Token[]) {
    this.frame = frameOf('query', { depth: 0, verb: '', isCombined: false }, 'none', undefined);
  }

  run(): Outline {
    const root = this.frame.query;
    for (let i = 0; i < this.tokens.length; i++) this.step(i, this.tokens[i] as Token);
    this.conditionList.settle();
    const { tokens, clauses, queries, conditions, verbs, cteNames, isLocking, valuesRows } = this;
    return { tokens, clauses, queries, conditions, root, verbs, cteNames, isLocking, valuesRows };
  }

  private step(i: number, token: Token): void {
    if (token.kind === 'keyword') this.keyword(i, token.text);
    else if (token.kind === 'word' && isShareMode(this.tokens, i)) this.lock();
    else if (token.kind === 'punctuation' && token.text === ')') this.close(i);
    this.clauses.push(this.frame.clause);
    this.queries.push(this.frame.query);
    this.conditions.push(this.frame.condition);
    if (token.kind === 'punctuation') this.punctuation(i, token.text);
    else if (this.frame.clause === 'with') this.commonTableName(i, token);
  }

  private punctuation(i: number, text: string): void {
    if (text === '(') this.open(i);
    else if (text === ',') this.comma();
    else if (text === ';' && this.frames.length === 0) {
      this.frame = frameOf('query', { depth: 0, verb: '', isCombined: false }, 'none', undefined);
    }
  }

  /** `FROM a JOIN b ON a.id = b.id, c`: back among the tables. */
  private comma(): void {
    if (this.frame.clause === 'on' && this.frame.kind === 'query') this.enter('from');
  }

  private open(i: number): void {
    const outer = this.frame;
    this.frames.push(outer);
    if (beginsQuery(this.tokens, i + 1)) {
      // A query in parentheses before any verb is a branch of the statement itself.
      const isBranch = outer.clause === 'none';
      const query = isBranch ? outer.query : { depth: outer.query.depth + 1, verb: '', isCombined: false };
      this.frame = frameOf('query', query, 'none', undefined);
      return;
    }
    this.countValuesRow(i);
    const before = this.tokens[i - 1];
    if (isCallee(before)) {
      this.frame = frameOf('call', outer.query, 'arguments', undefined);
      return;
    }
    const condition =
      outer.condition && this.conditionList.add(outer.query, outer.condition, !opensCondition(before));
    this.frame = frameOf('group', outer.query, outer.clause, condition);
  }

  private countValuesRow(i: number): void {
    const { frame, tokens } = this;
    if (frame.clause !== 'values' || frame.kind !== 'query' || frame.query.depth > 0 || this.hasValuesList)
      return;
    const before = tokens[i - 1];
    if (isSymbol(before, 'VALUES') || isSymbol(before, ',') || isWord(before, 'ROW')) this.valuesRows++;
  }

  private close(i: number): void {
    if (this.frames.length === 0) return;
    // An END that never came ends with its parenthesis.
    while (this.frame.kind === 'case' && this.frames.length > 1) this.frame = this.frames.pop() as Frame;
    if (this.frame.kind === 'group' && this.frame.condition && continuesOperand(this.tokens[i + 1])) {
      this.frame.condition.isLoose = true;
    }
    this.frame = this.frames.pop() as Frame;
  }

  private keyword(i: number, keyword: string): void {
    const { frame } = this;
    if (keyword === 'CASE') {
      this.frames.push(frame);
      const condition = frame.condition && this.conditionList.add(frame.query, frame.condition, true);
      this.frame = frameOf('case', frame.query, frame.clause, condition);
    } else if (keyword === 'END') {
      if (frame.kind === 'case') this.frame = this.frames.pop() as Frame;
    } else if (keyword === 'OR' || keyword === 'XOR') {
      if (frame.condition) frame.condition.hasOr = true;
    } else if (frame.kind === 'query' || frame.kind === 'group') {
      // After ON CONFLICT and in MERGE's WHEN nothing restricts what the statement reads.
      if (frame.clause !== 'conflict' || keyword === 'RETURNING') this.clauseKeyword(i, keyword);
    }
  }

  private clauseKeyword(i: number, keyword: string): void {
    const { frame } = this;
    const { query } = frame;
    switch (keyword) {
      case 'WITH':
        if (frame.clause === 'none') this.enter('with');
        else if (isLockHint(this.tokens, i)) this.isLocking = true;
        break;
      case 'SELECT':
        this.verb(i, keyword);
        this.enter('select');
        break;
      case 'INSERT':
      case 'REPLACE':
        if (query.verb === '' && !isSymbol(this.tokens[i + 1], '(')) this.verb(i, keyword);
        break;
      case 'DELETE':
        if (query.verb === '') this.verb(i, keyword);
        break;
      case 'UPDATE':
        if (query.verb !== '') break;
        this.verb(i, keyword);
        this.enter('update');
        break;
      case 'VALUES':
        this.values(i);
        break;
      case 'INTO':
        if (query.verb === '' && isWord(this.tokens[i - 1], 'MERGE')) this.verb(i - 1, 'MERGE');
        this.enter('into');
        break;
      case 'FROM':
        if (!isDistinctFrom(this.tokens, i)) this.enter('from');
        break;
      case 'JOIN':
        this.enter('from');
        frame.isOuterJoin = isOuterJoin(this.tokens, i);
        break;
      case 'USING':
        this.enter(query.verb === 'DELETE' || query.verb === 'MERGE' ? 'from' : 'using');
        break;
      case 'ON':
        this.on(i);
        break;
      case 'WHERE':
      case 'HAVING':
        this.enter(keyword === 'WHERE' ? 'where' : 'having');
        frame.condition = this.conditionList.add(query, undefined, false);
        break;
      case 'GROUP':
      case 'ORDER':
        if (isSymbol(this.tokens[i + 1], 'BY')) this.enter(keyword === 'GROUP' ? 'group' : 'order');
        break;
      case 'LIMIT':
      case 'FETCH':
        if (isAmount(this.tokens, i + 1)) this.enter('limit');
        break;
      case 'OFFSET':
        if (isAmount(this.tokens, i + 1)) this.enter('offset');
        break;
      case 'SET':
        if (query.verb !== '') this.enter('set');
        break;
      case 'RETURNING':
        this.enter('returning');
        break;
      case 'WHEN':
        this.enter('conflict');
        break;
      case 'UNION':
      case 'INTERSECT':
      case 'EXCEPT':
        if (frame.kind === 'query') query.isCombined = true;
        this.enter('none');
        break;
      case 'FOR':
        if (isLockClause(this.tokens, i)) this.lock();
        break;
      default:
    }
  }

  private enter(clause: Clause): void {
    if (this.frame.clause === 'values') this.hasValuesList ||= this.valuesRows > 0;
    this.frame.clause = clause;
    this.frame.condition = undefined;
  }

  private verb(i: number, verb: string): void {
    const { query } = this.frame;
    if (query.verb === '') query.verb = verb;
    this.verbs.push(i);
  }

  private values(i: number): void {
    if (isSymbol(this.tokens[i - 1], 'DEFAULT') && this.frame.query.depth === 0) this.valuesRows ||= 1;
    if (this.frame.query.verb === '') this.verb(i, 'VALUES');
    this.enter('values');
  }

  private on(i: number): void {
    const next = this.tokens[i + 1];
    const { query, clause, isOuterJoin } = this.frame;
    if (isWord(next, 'CONFLICT') || isWord(next, 'DUPLICATE')) this.enter('conflict');
    else if (clause === 'from' || clause === 'on') {
      this.enter('on');
      this.frame.condition = this.conditionList.add(query, undefined, isOuterJoin);
    }
  }

  private lock(): void {
    this.isLocking = true;
    this.enter('lock');
  }

  private commonTableName(i: number, token: Token): void {
    const before = this.tokens[i - 1];
    if (!isName(token) || isWord(token, 'RECURSIVE')) return;
    if (isSymbol(before, 'WITH') || isSymbol(before, ',') || isWord(before, 'RECURSIVE'))
      this.cteNames.add(nameOf(token));
  }
}
