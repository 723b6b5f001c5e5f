const abandoned = new FinalizationRegistry<() => void>((undo) => {
  undo();
});

/**
 * Nest tells nobody that an application did not start: another module threw, and what was wrapped until then would stay
 * wrapped for the life of the process. Nobody can reach such an application any more, so its container is collected; then
 * `undo` is called. It must not lead to the container itself. Answers what to call once the application has started:
 * from there on closing it is the end, whoever still holds it.
 */
export function onAbandonedStart(container: object, undo: () => void): () => void {
  const token = {};
  abandoned.register(container, undo, token);
  return () => {
    abandoned.unregister(token);
  };
}
