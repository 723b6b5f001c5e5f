import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { entityFiles } from '../../../lib/capture/typeorm/entity-files.js';

class Flight {
  id = 0;
}
class Gate {
  id = 0;
}

const at = (...parts: string[]) => join(process.cwd(), ...parts);

describe('entityFiles', () => {
  it('names the file that exports a class, the first that was loaded', () => {
    const files = entityFiles([Flight, Gate, 'a schema without a class'], {
      [at('dist', 'flight.entity.js')]: { exports: { Flight } },
      [at('dist', 'index.js')]: {
        exports: Object.defineProperty({}, 'Flight', { get: () => Flight, enumerable: true }),
      },
      [at('dist', 'gate.entity.js')]: {
        exports: Object.defineProperty({}, 'Gate', { get: () => Gate, enumerable: true }),
      },
    });
    expect(
      Object.fromEntries([...files].map(([target, file]) => [(target as typeof Flight).name, file])),
    ).toEqual({
      Flight: 'dist/flight.entity.js',
      Gate: 'dist/gate.entity.js',
    });
  });

  it('names the source of a compiled file, unless several were made one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'entity-files-'));
    try {
      const compiled = (name: string, sources: readonly string[]): string => {
        const file = join(folder, name);
        writeFileSync(file, `exports.x = 1;\n//# sourceMappingURL=${name}.map\n`);
        writeFileSync(`${file}.map`, JSON.stringify({ version: 3, sources, names: [], mappings: 'AAAA' }));
        return file;
      };
      const files = entityFiles([Flight, Gate], {
        [compiled('flight.entity.js', ['src/flight.entity.ts'])]: { exports: { Flight } },
        [compiled('bundle.js', ['src/gate.entity.ts', 'src/other.ts'])]: { exports: { Gate } },
      });
      expect(files.get(Flight)).toMatch(/src\/flight\.entity\.ts$/);
      expect(files.get(Gate)).toMatch(/\/bundle\.js$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says nothing of packages, of another class of the name, and of exports that throw', () => {
    const broken = Object.defineProperty({}, 'Gate', {
      enumerable: true,
      get() {
        throw new Error('not yet');
      },
    });
    const files = entityFiles([Flight, Gate], {
      [at('node_modules', 'flights', 'index.js')]: { exports: { Flight } },
      [at('dist', 'other.js')]: { exports: { Flight: class Flight extends Gate {} } },
      [at('dist', 'broken.js')]: { exports: broken },
      [at('dist', 'none.js')]: { exports: undefined },
    });
    expect([...files]).toEqual([]);
  });

  it('looks at what Node has loaded, and is content with nothing', () => {
    expect(entityFiles([Flight]).size).toBe(0);
  });
});
