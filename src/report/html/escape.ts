/** Text that is HTML already. Only `html` and `trusted` make it, so whatever is not one of these is escaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = string | number | Html | false | null | undefined | readonly Content[];

/** A template whose values are escaped for element content and quoted attributes; nothing for false, null, undefined. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(parts.map((part, index) => part + render(values[index])).join(''));
}

/** Marks text of our own (a style sheet) as HTML. Never for anything that came from a run. */
export function trusted(text: string): Html {
  return new Html(text);
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text as HTML. Control characters and those that reverse the direction of writing become U+FFFD: they can make a name
 * look like another one (Unicode TR 36, bidirectional text spoofing).
 */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) =>
      /[\t\n\r]/.test(character) ? character : '\ufffd',
    );
}

function render(value: Content): string {
  if (value === false || value === null || value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return value.map(render).join('');
}
