import { hookOwnTypeorm } from './capture/typeorm/hook-own-typeorm.js';
import { UnitContext } from './context/unit-context.js';

/** A context that records every data source which is opened from now on. */
export interface HookedContext {
  readonly context: UnitContext;
  readonly unhook: () => void;
}

/** Hooks now. */
export function hookContext(): HookedContext {
  const context = new UnitContext();
  return { context, unhook: hookOwnTypeorm(context) };
}

/**
 * Hooks now, and answers what an application takes it with. `forRoot()` runs before any provider exists, so statements
 * of early data sources are seen; a second application of the same module hooks anew.
 */
export function hookEarly(): () => HookedContext {
  let early: HookedContext | undefined = hookContext();
  return () => {
    const taken = early ?? hookContext();
    early = undefined;
    return taken;
  };
}
