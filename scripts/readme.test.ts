import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

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

function readdirOrRead(target: string): void {
  try {
    readFileSync(target);
  } catch {
    readdirSync(target);
  }
}
