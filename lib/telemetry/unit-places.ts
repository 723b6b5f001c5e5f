import type { Context } from '@opentelemetry/api';
import type { UnitOfWork } from '../record/unit-of-work.js';
import type { UnitRecorder } from '../record/unit-recorder.js';

/** Units that are running or wait for their analysis. */
const MAX_UNITS = 2_000;

/** Where the span of a unit of work is, and when the unit began. */
export interface UnitPlace {
  readonly context: Context;
  /** Milliseconds since the epoch, exact to the microsecond. */
  readonly startedAt: number;
}

/** Remembers it until the unit has been analysed. */
export class UnitPlaces {
  private readonly places = new Map<string, UnitPlace & { readonly startedAtMs: number }>();

  add({ start }: UnitRecorder, context: Context, offsetMs: number): void {
    if (this.places.size >= MAX_UNITS) {
      for (const oldest of this.places.keys()) {
        this.places.delete(oldest);
        break;
      }
    }
    const startedAt = offsetMs + start.clockMs;
    this.places.set(start.id, { context, startedAt, startedAtMs: start.startedAt });
  }

  /** A later piece of a unit began later: then the time is that of the system's clock. */
  of({ id, startedAt }: UnitOfWork): UnitPlace | undefined {
    const place = this.places.get(id);
    if (place === undefined || place.startedAtMs === startedAt) return place;
    return { context: place.context, startedAt };
  }
}
