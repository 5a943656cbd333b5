import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const readme = readFileSync('README.md', 'utf8');

it.each(readdirSync('docs/examples'))('the README shows docs/examples/%s as it stands', (file) => {
  const text = readFileSync(`docs/examples/${file}`, 'utf8').trimEnd();
  expect(readme).toContain(`\n${text}\n`);
  expect(text.split('\n').length).toBeLessThanOrEqual(20);
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
