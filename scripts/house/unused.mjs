/**
 * What knip reports, as violations of the house.
 */

/** What to do about each kind of knip's issues; kinds that are not here say themselves. @type {Record<string, string>} */
const advice = {
  files: 'nothing imports this file: remove it, use it, or name it as an entry in knip.jsonc',
  exports: 'nothing imports this: remove it, or remove its export',
  types: 'nothing imports this type: remove it, or remove its export',
  enumMembers: 'nothing uses this member: remove it',
  duplicates: 'exported twice: keep one',
  dependencies: 'nothing imports this package: remove it from package.json',
  devDependencies: 'nothing imports this package: remove it from package.json',
  unlisted: 'not in package.json: add it there with an exact version, or do without',
  unresolved: 'leads nowhere: correct the import',
  binaries: 'no package brings this program: add one, or name it in knip.jsonc',
};

/**
 * @param {{ issues: ({ file: string } & Record<string, { name: string, line?: number }[]>)[] }} report knip's JSON
 * @returns {import('./rules.mjs').Violation[]}
 */
export function listUnused(report) {
  return report.issues.flatMap(({ file, ...kinds }) =>
    Object.entries(kinds).flatMap(([kind, found]) =>
      found.flat().map(({ name, line }) => ({
        file,
        line: line ?? 1,
        rule: `unused-${kind}`,
        advice: kind === 'files' ? (advice.files ?? '') : `${name}: ${advice[kind] ?? 'see knip'}`,
      })),
    ),
  );
}
