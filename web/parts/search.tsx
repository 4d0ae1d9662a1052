/** A field that narrows what is shown down, letter by letter. */
export function Search(props: {
  readonly label: string;
  readonly text: string;
  /** What may be typed, as an example. */
  readonly hint: string;
  readonly onText: (text: string) => void;
}) {
  return (
    <label class="wide">
      {props.label}
      <input
        type="search"
        value={props.text}
        placeholder={props.hint}
        onInput={(event) => props.onText(event.currentTarget.value)}
      />
    </label>
  );
}
