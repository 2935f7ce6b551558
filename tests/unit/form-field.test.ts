import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formField } from '../../app/form-field.ts';

describe('what comes to an action as a form', () => {
  it('is one without fields where it is no form at all', () => {
    for (const sent of [undefined, null, 'x', 7, [], {}, { get: () => 'x' }, new Map([['name', 'x']])])
      expect(formField(sent, 'name')).toBe('');
  });

  it('gives its fields as text, cut, without NUL', () => {
    const form = new FormData();
    form.set('name', 'a\0b'.repeat(200));
    form.set('file', new File(['x'], 'x.txt'));
    expect(formField(form, 'name', 4)).toBe('aba');
    expect(formField(form, 'file')).toBe('[object File]');
    expect(formField(form, 'none')).toBe('');
  });

  it('is read in this one way by every action', () => {
    const files = execFileSync('git', ['ls-files', 'app'], { encoding: 'utf8' })
      .split('\n')
      .filter((file) => /actions?\.ts$/.test(file));
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) expect(readFileSync(file, 'utf8'), file).not.toMatch(/\bform\.(get|getAll|has|entries)\(/);
  });
});
