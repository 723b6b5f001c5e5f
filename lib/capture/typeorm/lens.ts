import type { RecordSink } from '../../record/record-sink.js';
import { StackPolicy } from '../stack-policy.js';
import { AutoBatches } from './batching/auto-batches.js';
import type { Numbering } from './numbering.js';
import { ParentBatches } from './parent-batches.js';
import { ReadTracking } from './read-tracking/read-tracking.js';

/** What a lens knows of a data source that carries wrappers for it. */
interface Member {
  leaveUnclaimed(lens: Lens): void;
}

/** What capture keeps for one sink: two applications in one process never share any of it. */
export class Lens {
  readonly batches: ParentBatches;
  readonly autoBatches: AutoBatches;
  readonly stacks = new StackPolicy();
  readonly reads = new ReadTracking();
  /** One sentence for each thing that this TypeORM does not let us see. */
  readonly degraded: string[] = [];
  /** Data sources that carry wrappers for this lens. Weak, so that a discarded data source can go. */
  private members: WeakRef<Member>[] = [];
  isHooked = false;

  constructor(
    readonly sink: RecordSink,
    numbering: Numbering,
    /** Called when neither a data source nor a hook needs the lens any more. */
    private readonly unused: (lens: Lens) => void,
  ) {
    this.autoBatches = new AutoBatches(sink);
    this.batches = new ParentBatches(numbering, this.autoBatches);
  }

  /** Reports a failure of QueryLens itself; whatever the sink does with it, the host goes on. */
  failed(where: string, error: unknown): void {
    try {
      this.sink.failed(where, error);
    } catch {
      // Nobody is left to tell.
    }
  }

  degrade(sentence: string): void {
    if (!this.degraded.includes(sentence)) this.degraded.push(sentence);
  }

  joined(member: Member): void {
    this.members = this.members.filter((reference) => reference.deref() !== undefined);
    this.members.push(new WeakRef(member));
  }

  left(member: Member): void {
    this.members = this.members.filter((reference) => {
      const other = reference.deref();
      return other !== undefined && other !== member;
    });
    this.releaseWhenUnused();
  }

  /** Leaves every data source that nobody claimed for this lens by name. */
  unhook(): void {
    this.isHooked = false;
    for (const reference of this.members) reference.deref()?.leaveUnclaimed(this);
    this.releaseWhenUnused();
  }

  private releaseWhenUnused(): void {
    if (!this.isHooked && this.members.length === 0) this.unused(this);
  }
}
