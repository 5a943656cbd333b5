import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commands } from './portal/run-portal-command.ts';

const readme = readFileSync('README.md', 'utf8');

const examples = readdirSync('docs/examples');
const isVerifier = (file: string) => /^(verify|portal)[-_]/.test(file);

it.each(examples.filter((file) => !isVerifier(file)))('the README shows docs/examples/%s as it stands', (file) => {
  const text = readFileSync(`docs/examples/${file}`, 'utf8').trimEnd();
  expect(readme).toContain(`\n${text}\n`);
  expect(text.split('\n').length).toBeLessThanOrEqual(20);
});

it.each(examples.filter(isVerifier))('the README links docs/examples/%s', (file) => {
  expect(readme).toContain(`](docs/examples/${file})`);
});

it('every file and picture the README points at is there', () => {
  for (const [, target = ''] of readme.matchAll(/\]\(((?!https?:)[^)#]+)\)/g)) {
    expect(() => readdirOrRead(target), target).not.toThrow();
  }
});

it.each(['README.md', 'docs/operations.md'])('every command %s names is one', (file) => {
  const named = [...readFileSync(file, 'utf8').matchAll(/npm run portal -- ([a-z]+(?: [a-z]+)?)/g)].map(
    ([, words = '']) => words,
  );
  expect(named.length).toBeGreaterThan(5);
  const known = [...commands.map(({ name }) => name), 'help'];
  for (const words of named) {
    expect(known.some((name) => words === name || words.split(' ')[0] === name)).toBe(true);
  }
});

it('every variable of the configuration stands in .env.example', () => {
  const example = readFileSync('.env.example', 'utf8');
  const names = [...readFileSync('lib/config.ts', 'utf8').matchAll(/^ {2}(PORTAL_\w+|DATABASE_URL):/gm)];
  expect(names.length).toBeGreaterThan(8);
  for (const [, name] of names) expect(example).toMatch(new RegExp(`^(# )?${name}=`, 'm'));
});

function readdirOrRead(target: string): void {
  try {
    readFileSync(target);
  } catch {
    readdirSync(target);
  }
}
