import type { UnitView } from './unit-view.js';

/** The last finished units. */
export class RecentUnits {
  /** Oldest first: what comes is put at the end. */
  private units: UnitView[] = [];

  constructor(private readonly maxUnits: number) {}

  add(unit: UnitView): void {
    this.units.push(unit);
    if (this.units.length > this.maxUnits) this.units.shift();
  }

  /** Newest first. */
  list(): readonly UnitView[] {
    return [...this.units].reverse();
  }

  /** A unit, not the work that it did after its response: that has the same id. */
  find(id: string): UnitView | undefined {
    const found = this.list().filter((unit) => unit.id === id);
    return found.find((unit) => unit.isAfterResponse !== true) ?? found[0];
  }

  clear(): void {
    this.units = [];
  }
}
