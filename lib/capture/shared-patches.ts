interface Patch {
  readonly users: Set<object>;
  readonly undo: () => void;
}

/** Patches of classes that several users share: made for the first user, undone with the last. */
export class SharedPatches {
  private readonly patches = new Map<object, Map<string, Patch>>();

  /** `kind` tells patches of the same class apart. */
  retain(target: object, kind: string, user: object, install: () => () => void): void {
    const ofTarget = this.patches.get(target) ?? new Map<string, Patch>();
    this.patches.set(target, ofTarget);
    const patch = ofTarget.get(kind) ?? { users: new Set(), undo: install() };
    ofTarget.set(kind, patch);
    patch.users.add(user);
  }

  /** Of one kind, or of all. */
  release(user: object, only?: string): void {
    for (const [target, ofTarget] of this.patches) {
      for (const [kind, patch] of ofTarget) {
        if (only !== undefined && kind !== only) continue;
        if (!patch.users.delete(user) || patch.users.size > 0) continue;
        patch.undo();
        ofTarget.delete(kind);
      }
      if (ofTarget.size === 0) this.patches.delete(target);
    }
  }
}
