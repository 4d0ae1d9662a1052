import type { ComponentChildren } from 'preact';

/** A titled part of the page; `note` stands below the title, in one sentence. */
export function Section({
  id,
  title,
  note,
  children,
}: {
  id: string;
  title: string;
  note?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {note && <p class="note">{note}</p>}
      {children}
    </section>
  );
}

export interface Column {
  readonly title: string;
  /** `num`: aligned figures. `main`: what the row is about, the heading of its card on a phone. */
  readonly kind?: 'num' | 'main';
}

/** A table that becomes a list of cards on a phone. The caption is for those who cannot see the page. */
export function Table({
  caption,
  columns,
  rows,
}: {
  caption: string;
  columns: readonly Column[];
  rows: readonly (readonly ComponentChildren[])[];
}) {
  return (
    <table class="cards">
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ title, kind }) => (
            <th scope="col" class={kind} key={title}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, row) => (
          <tr key={row}>
            {columns.map(({ title, kind }, index) =>
              kind === 'main' ? (
                <th scope="row" class="main" key={title}>
                  {cells[index]}
                </th>
              ) : (
                <td data-label={title} class={kind} key={title}>
                  {cells[index]}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export type Tone = 'good' | 'warn' | 'bad' | 'quiet' | 'live';

/** A word with a mark before it; the mark's shape says the same as its colour. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/** Figures of a run: a name and a value each. */
export function Figures({ of }: { of: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="figures">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
