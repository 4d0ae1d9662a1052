import { describe, expect, test } from 'vitest';
import { accepts } from '../../src/page/files.ts';
import { PAGE_POLICY, shellOf } from '../../src/page/shell.ts';

const manifest = { script: 'main-1.js', style: 'style-1.css', preload: ['chunk-1.js'], files: {} };

describe('the shell', () => {
  test('loads its files and holds no script or style of its own', () => {
    const { html } = shellOf(manifest, { auth: 'key' });
    for (const file of ['main-1.js', 'style-1.css', 'chunk-1.js']) {
      expect(html).toContain(`"/dashboard/assets/${file}"`);
    }
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/i);
    expect(PAGE_POLICY).not.toMatch(/unsafe|\*/);
  });

  test('says how to sign in, and takes nothing in a setting for HTML', () => {
    const audience = `api://x"><script>alert(1)</script>`;
    const { html } = shellOf(manifest, { auth: 'entra', audience });
    expect(html).toContain('content="entra" data-audience="api://x&#34;&#62;&#60;script&#62;');
    expect(html).not.toContain('<script>');
  });

  test('has another tag when anything in it changes', () => {
    const tags = [
      shellOf(manifest, { auth: 'key' }),
      shellOf({ ...manifest, script: 'main-2.js' }, { auth: 'key' }),
      shellOf(manifest, { auth: 'entra' }),
    ].map(({ etag }) => etag);
    expect(new Set(tags).size).toBe(3);
  });
});

test.each([
  ['br', true],
  ['gzip, deflate, br', true],
  ['gzip, BR;q=0.5', true],
  ['br;q=0', false],
  ['gzip', false],
  ['', false],
])('a caller that sends Accept-Encoding "%s" takes brotli: %s', (header, expected) => {
  expect(accepts(header, 'br')).toBe(expected);
});
