import { isAmbient } from '../../record/ambient.js';
import { BufferSink } from './buffer-sink.js';
import { DatabaseTargets } from './database-target.js';
import { Lens } from './lens.js';
import type { Numbering } from './numbering.js';
import type { Outlet } from './outlet.js';
import { PoolWatch } from './pool-watch.js';
import { RunnerState } from './runner-state.js';
import { StatementComments } from './statement-comments.js';
import type { DriverShape } from './typeorm-shapes.js';

/**
 * Everything capture knows of one data source, and the rule that says who gets its records:
 * 1. the lens that claimed it; of several, the one that has a unit of work running here, else the first;
 * 2. while nobody has claimed it: the only living lens; of several, the one that has a unit of work running here, else
 *    a bounded buffer, which the first lens to claim the data source receives.
 */
export class Channel {
  readonly targets: DatabaseTargets;
  private outlets: readonly Outlet[] = [];
  private readonly users = new Set<Lens>();
  private readonly refusing = new WeakSet<Lens>();
  private readonly runners = new WeakMap<object, RunnerState>();
  readonly pool: PoolWatch;
  readonly comments: StatementComments;
  private unclaimed: { readonly living: readonly Lens[]; readonly outlets: readonly Outlet[] } | undefined;
  private buffer: { readonly sink: BufferSink; readonly outlet: Outlet } | undefined;

  constructor(
    readonly driver: DriverShape,
    private readonly numbering: Numbering,
    /** Lenses that want every data source; the same list as long as it has not changed. */
    private readonly livingLenses: () => readonly Lens[],
    private readonly defaultName: string,
    /** Takes the wrappers off the data source. */
    private readonly uninstall: () => void,
  ) {
    this.targets = new DatabaseTargets(driver);
    this.pool = new PoolWatch(driver);
    this.comments = new StatementComments(driver.options.type);
  }

  /** Where a record that starts now belongs; undefined when nobody wants it. */
  pick(): Outlet | undefined {
    const outlets = this.outlets.length > 0 ? this.outlets : this.livingOutlets();
    if (outlets.length <= 1) return outlets[0];
    return outlets.find(isWithinUnit) ?? (this.outlets.length > 0 ? outlets[0] : this.bufferOutlet());
  }

  join(lens: Lens): void {
    if (this.users.has(lens)) return;
    this.users.add(lens);
    lens.joined(this);
  }

  /** Adds or renames the claim of a lens; the first one receives what was buffered. */
  claim(lens: Lens, name: string | undefined): void {
    this.join(lens);
    const outlet = this.outlets.find((claimed) => claimed.lens === lens);
    if (outlet !== undefined) {
      outlet.dataSource = name ?? outlet.dataSource;
      return;
    }
    this.outlets = [...this.outlets, { lens, dataSource: name ?? this.defaultName }];
    this.buffer?.sink.handOver(lens.sink, name ?? this.defaultName);
    this.buffer = undefined;
  }

  /** The lens wants nothing of this data source, though it wants every other. */
  refuse(lens: Lens): void {
    this.refusing.add(lens);
    this.unclaimed = undefined;
    this.leave(lens);
  }

  leave(lens: Lens): void {
    this.outlets = this.outlets.filter((outlet) => outlet.lens !== lens);
    if (!this.users.delete(lens)) return;
    if (this.users.size === 0) this.uninstall();
    lens.left(this);
  }

  leaveUnclaimed(lens: Lens): void {
    if (!this.outlets.some((outlet) => outlet.lens === lens)) this.leave(lens);
  }

  get lenses(): Iterable<Lens> {
    return this.users;
  }

  runner(runner: object): RunnerState {
    let state = this.runners.get(runner);
    if (state === undefined) {
      state = new RunnerState(++this.numbering.runners);
      this.runners.set(runner, state);
    }
    return state;
  }

  /** A relation may be loaded on any runner, or on one yet to be made. */
  runnerIfKnown(runner: unknown): RunnerState | undefined {
    return typeof runner === 'object' && runner !== null ? this.runners.get(runner) : undefined;
  }

  private livingOutlets(): readonly Outlet[] {
    const living = this.livingLenses();
    if (this.unclaimed?.living !== living) {
      const wanting = living.filter((lens) => !this.refusing.has(lens));
      const outlets = wanting.map((lens) => ({ lens, dataSource: this.defaultName }));
      this.unclaimed = { living, outlets };
    }
    return this.unclaimed.outlets;
  }

  private bufferOutlet(): Outlet {
    if (this.buffer === undefined) {
      const sink = new BufferSink();
      this.buffer = {
        sink,
        outlet: { lens: new Lens(sink, this.numbering, () => undefined), dataSource: this.defaultName },
      };
    }
    return this.buffer.outlet;
  }
}

function isWithinUnit(outlet: Outlet): boolean {
  const scope = outlet.lens.sink.scope();
  return scope !== undefined && !isAmbient(scope.recorder.kind);
}
