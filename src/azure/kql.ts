/**
 * A Kusto string literal of any text. Quotes, backslashes and everything outside printable ASCII are escaped, so that no
 * text can end the literal (learn.microsoft.com/kusto/query/scalar-data-types/string).
 */
export function kqlString(text: string): string {
  const escaped = text.replace(/[^ -~]|['"\\]/g, (character) =>
    /['"\\]/.test(character)
      ? `\\${character}`
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `'${escaped}'`;
}
