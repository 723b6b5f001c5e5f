import { isPoolFull, type PoolGauge } from '../../record/pool-gauge.js';
import type { PoolUseRecorder } from '../../record/pool-use-recorder.js';
import { epochMs, monotonicMs } from '../clock.js';
import { Hold } from './hold.js';
import type { Place } from './place.js';
import { OpenSaturation } from './open-saturation.js';
import { poolGauges } from './pool-gauges.js';
import type { SeenUser } from './pool-users.js';
import { queryError } from '../../record/query-error.js';
import type { RunnerState } from './runner-state.js';
import type { DriverShape, QueryRunnerShape } from './typeorm-shapes.js';

/** Connections that are known to be handed out. A pool of more is watched in part. */
const MAX_HOLDS = 1_000;
/** A free connection is handed over within a turn of the event loop; a longer wait in a full pool is a wait for somebody. */
const MIN_WAIT_MS = 1;

type Server = PoolGauge['server'];

/** Who holds the connections of one data source, who waits for them, and since when. Costs nothing where there is no pool. */
export class PoolWatch {
  private readonly holds = new Map<object, Hold>();
  private readonly waits = new Set<OpenRequest>();
  private readonly saturations = new Map<Server, OpenSaturation>();
  /** When a connection was handed over or given back for the last time; monotonic clock. */
  progressMs = 0;

  constructor(private readonly driver: DriverShape) {}

  /** Somebody asks for a connection now. Undefined where the driver shows no pool. */
  request(runner: QueryRunnerShape, state: RunnerState, place: Place): OpenRequest | undefined {
    const gauges = poolGauges(this.driver);
    if (gauges.length === 0) return undefined;
    const isReplica = this.driver.isReplicated === true && runner.mode === 'slave';
    const server = isReplica ? 'replica' : 'primary';
    const ofServer = gauges.filter((gauge) => gauge.server === server);
    const full = ofServer.find(isPoolFull);
    // Of several replicas it is not known which one will be asked.
    const isNew = ofServer.length === 1 && full === undefined && ofServer[0]?.idle === 0;
    const request = new OpenRequest(this, runner, state, place, server, isNew);
    if (full !== undefined) {
      request.queue(this.saturationOf(server, full, request.startMs), this.own(place, server));
    }
    this.waits.add(request);
    return request;
  }

  /** Since when the runner held its connection, on the monotonic clock; undefined where it held none of a pool. */
  released(runner: object): number | undefined {
    const hold = this.holds.get(runner);
    if (hold === undefined) return undefined;
    this.holds.delete(runner);
    this.progressMs = monotonicMs();
    this.saturations.get(hold.server)?.heldFor(runner, this.progressMs - hold.sinceMs);
    return hold.sinceMs;
  }

  granted(request: OpenRequest, nowMs: number): void {
    const { runner, state, place, server } = request;
    this.waits.delete(request);
    this.progressMs = nowMs;
    if (this.holds.size < MAX_HOLDS) this.holds.set(runner, new Hold(place, state, server, nowMs));
  }

  refused(request: OpenRequest): void {
    this.waits.delete(request);
  }

  /** The last one that waited has its connection, or has given up. */
  over(server: Server, saturation: OpenSaturation, nowMs: number): void {
    this.saturations.delete(server);
    for (const [runner, hold] of this.held(server)) saturation.heldFor(runner, nowMs - hold.sinceMs);
  }

  /** Every connection that is handed out now. TypeORM gives a broken one back by itself, without `release()`. */
  *held(server?: Server): Generator<readonly [object, Hold]> {
    for (const [runner, hold] of this.holds) {
      if ((runner as { isReleased?: unknown }).isReleased === true) this.holds.delete(runner);
      else if (server === undefined || hold.server === server) yield [runner, hold];
    }
  }

  /** How long the requests that wait now have been waiting, in milliseconds. */
  waitingMs(nowMs: number, server?: Server): readonly number[] {
    const waiting = [...this.waits].filter((request) => server === undefined || request.server === server);
    return waiting.map(({ startMs }) => nowMs - startMs);
  }

  /** The data source was closed: nobody will give anything back. */
  clear(): void {
    this.holds.clear();
    this.waits.clear();
    this.saturations.clear();
  }

  private saturationOf(server: Server, { size }: PoolGauge, nowMs: number): OpenSaturation {
    const saturation = this.saturations.get(server) ?? new OpenSaturation(nowMs, epochMs(), size);
    this.saturations.set(server, saturation);
    saturation.enter(nowMs, () => this.seenHolds(server, nowMs));
    return saturation;
  }

  /** Connections that are handed out, and those that are just being handed over or opened for somebody. */
  private *seenHolds(server: Server, nowMs: number): Generator<readonly [object, SeenUser]> {
    for (const [runner, hold] of this.held(server)) yield [runner, hold.seen(nowMs)];
    for (const request of this.served(server)) yield [request.runner, request.seen(0)];
  }

  private *served(server: Server): Generator<OpenRequest> {
    for (const request of this.waits)
      if (request.server === server && request.saturation === undefined) yield request;
  }

  /** What the unit that asks holds already. */
  private own({ scope }: Place, server: Server): { readonly all: number; readonly inTransaction: number } {
    const { id } = scope.recorder.start;
    const held = [...this.held(server)]
      .filter(([, hold]) => hold.unitId === id)
      .map(([, { state }]) => state);
    const served = [...this.served(server)].filter(({ unitId }) => unitId === id).map(({ state }) => state);
    const states = [...held, ...served];
    const inTransaction = states.filter(({ transaction }) => transaction !== undefined).length;
    return { all: states.length, inTransaction };
  }
}

/** A request for a connection, until it is granted or refused. */
export class OpenRequest {
  readonly startMs = monotonicMs();
  /** Set when the pool was full. */
  saturation: OpenSaturation | undefined;
  private own = { all: 0, inTransaction: 0 };

  constructor(
    private readonly watch: PoolWatch,
    readonly runner: object,
    readonly state: RunnerState,
    readonly place: Place,
    readonly server: Server,
    /** No connection is free, and the pool opens one. */
    readonly isNew: boolean,
  ) {}

  get unitId(): string {
    return this.place.scope.recorder.start.id;
  }

  /** The pool is full: `own` are connections that the same unit of work holds. */
  queue(saturation: OpenSaturation, own: { readonly all: number; readonly inTransaction: number }): void {
    this.saturation = saturation;
    this.own = own;
  }

  granted(nowMs: number): void {
    this.guarded(() => {
      const waitMs = nowMs - this.startMs;
      this.use().given(waitMs);
      this.watch.granted(this, nowMs);
      if (this.saturation !== undefined) this.settle(nowMs, waitMs, undefined);
    });
  }

  refused(nowMs: number, error: unknown): void {
    this.guarded(() => {
      this.watch.refused(this);
      this.settle(nowMs, nowMs - this.startMs, error);
    });
  }

  seen(waitMs: number): SeenUser {
    const { stack, scope } = this.place;
    return {
      unit: scope.recorder.unitName,
      stack,
      heldMs: waitMs,
      isIdle: false,
      isInTransaction: this.state.transaction !== undefined,
    };
  }

  private settle(nowMs: number, waitMs: number, error: unknown): void {
    const { saturation } = this;
    if (waitMs >= MIN_WAIT_MS || error !== undefined) this.record(waitMs, error);
    saturation?.leave(this.seen(waitMs), error !== undefined);
    if (saturation?.isOver !== true) return;
    this.watch.over(this.server, saturation, nowMs);
    const record = saturation.end(nowMs);
    if (record !== undefined) this.use().saturated(record);
  }

  private record(waitMs: number, error: unknown): void {
    const { saturation, startMs, own, place } = this;
    this.use().waited((locate) => {
      const callSite = place.stack === undefined ? undefined : locate(place.stack);
      return {
        startMs: place.scope.recorder.since(startMs),
        waitMs,
        ...(error === undefined ? {} : { error: queryError(error) }),
        size: saturation?.size ?? 0,
        own: own.all,
        ownInTransaction: own.inTransaction,
        holders: saturation === undefined ? [] : saturation.heldBy(locate),
        ...(callSite === undefined ? {} : { callSite }),
      };
    });
  }

  /** Of the unit that asked; where that has been analysed already, of what goes on in its place. */
  private use(): PoolUseRecorder {
    const { outlet, scope } = this.place;
    const recorder = scope.recorder.isFinished ? outlet.lens.sink.scope()?.recorder : undefined;
    return (recorder ?? scope.recorder).connections.poolUse(outlet.dataSource, this.server);
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.place.outlet.lens.failed('pool', error);
    }
  }
}
