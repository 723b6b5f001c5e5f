import type { Condition, Query } from './outline.js';

/** The conditions of one statement, in the order of their beginnings: a parent stands before its children. */
export class ConditionList {
  private readonly conditions: Condition[] = [];

  add(query: Query, parent: Condition | undefined, isLoose: boolean): Condition {
    const condition = { parent, query, hasOr: false, isLoose, restricts: false };
    this.conditions.push(condition);
    return condition;
  }

  /** Decides for each what it restricts; an OR may come late, so this is the last step. */
  settle(): void {
    for (const condition of this.conditions) {
      const isStrict = !condition.hasOr && !condition.isLoose && !condition.query.isCombined;
      condition.restricts = isStrict && (condition.parent === undefined || condition.parent.restricts);
    }
  }
}
