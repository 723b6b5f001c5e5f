import type { UnitView } from './unit-view.js';

/** The last finished units, newest first. */
export class RecentUnits {
  private units: UnitView[] = [];

  constructor(private readonly maxUnits: number) {}

  add(unit: UnitView): void {
    this.units.unshift(unit);
    if (this.units.length > this.maxUnits) this.units.pop();
  }

  list(): readonly UnitView[] {
    return [...this.units];
  }

  /** A unit, not the work that it did after its response: that has the same id. */
  find(id: string): UnitView | undefined {
    const found = this.units.filter((unit) => unit.id === id);
    return found.find((unit) => unit.isAfterResponse !== true) ?? found[0];
  }

  clear(): void {
    this.units = [];
  }
}
