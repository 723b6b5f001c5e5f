import { dirname, relative, sep } from 'node:path';
import type { CallSite } from '../record/call-site.js';
import type { CapturedStack } from '../record/unit-recorder.js';
import { SourceMaps } from './source-maps.js';
import { pathOf } from './stack-frame.js';
import { framesOf, type FramePair, type StackFrames } from './stack-frames.js';

/** The place in the user's code that a stack came from; undefined where there is none. */
export type CallSiteResolver = (stack: CapturedStack) => CallSite | undefined;

/** Files that are known to be the user's or not. */
const MAX_FILES = 5_000;

/**
 * Formats stacks and reads source maps: keep one, and use it off the request path. Files for which `isIgnored` says true
 * are passed over like those of installed packages.
 */
export function createCallSiteResolver(isIgnored: (file: string) => boolean = () => false): CallSiteResolver {
  const own = ownDirectory();
  const maps = new SourceMaps();
  const isUserFile = remembered((name) => {
    const file = pathOf(name);
    const isOwn = own !== undefined && file.startsWith(own);
    return !file.startsWith('node:') && !isInstalled(file) && !isOwn && !isIgnored(file);
  });

  const resolve = (stack: CapturedStack): CallSite | undefined => {
    const frames = framesSafely(stack);
    for (let index = 0; index < (frames?.length ?? 0); index++) {
      const file = frames?.file(index);
      if (file === undefined || !isUserFile(file)) continue;
      const frame = frames?.at(index);
      if (frames === undefined || frame === undefined) continue;
      const place = isMapped(frame) ? frame.shown : (maps.original(frame.raw) ?? frame.raw);
      // A bundle holds installed packages as well; its map says which lines.
      if (!isUserFile(place.file)) continue;
      return {
        file: relative(process.cwd(), place.file).split(sep).join('/'),
        line: place.line,
        column: place.column,
        function: enclosingName(frames, index),
      };
    }
    return undefined;
  };
  // V8 formats a stack once. A connection's stack is asked for by its own unit, and by those that waited for it.
  const answers = new WeakMap<CapturedStack, { readonly site: CallSite | undefined }>();
  return (stack) => {
    const known = answers.get(stack) ?? { site: resolve(stack) };
    answers.set(stack, known);
    return known.site;
  };
}

/** The same few files stand in every stack. */
function remembered(judge: (file: string) => boolean): (file: string) => boolean {
  const known = new Map<string, boolean>();
  return (file) => {
    let verdict = known.get(file);
    if (verdict !== undefined) return verdict;
    verdict = judge(file);
    if (known.size >= MAX_FILES) known.clear();
    known.set(file, verdict);
    return verdict;
  };
}

function framesSafely(stack: CapturedStack): StackFrames | undefined {
  try {
    return framesOf(stack);
  } catch {
    // Where Error is frozen, stacks cannot be read either.
    return undefined;
  }
}

function isInstalled(file: string): boolean {
  return /[\\/]node_modules[\\/]/.test(file) || !/[\\/]/.test(file);
}

function isMapped({ raw, shown }: FramePair): boolean {
  return raw.file !== shown.file || raw.line !== shown.line || raw.column !== shown.column;
}

/** What compilers put around the body of an async function, in the same file, where the engine is taken to have none. */
const ASYNC_HELPERS = new Set([
  '__awaiter',
  'adopt',
  'fulfilled',
  'rejected',
  'step',
  '_asyncToGenerator',
  '_async_to_generator',
  'asyncGeneratorStep',
  '_next',
  '_throw',
]);

/** A callback has no name of its own: the function around it in the same file says where one is. */
function enclosingName(frames: StackFrames, index: number): string {
  const file = frames.file(index);
  for (let around = index; around < frames.length; around++) {
    const name = frames.file(around) === file ? frames.at(around)?.raw.function : undefined;
    const isHelper = around > index && name !== undefined && ASYNC_HELPERS.has(name);
    if (name !== undefined && !isHelper) return name;
  }
  return frames.at(index)?.raw.owner ?? '<anonymous>';
}

/**
 * The directory this package's code runs from, read off a stack, because it is built both as ES modules and as CommonJS.
 * Undefined inside of a bundle, where it shares its file with the application.
 */
function ownDirectory(): string | undefined {
  const file = framesSafely(new Error())?.at(0)?.raw.file;
  if (file === undefined || !/[\\/]capture[\\/]call-site\.[cm]?[jt]s$/.test(file)) return undefined;
  return dirname(dirname(file)) + sep;
}
