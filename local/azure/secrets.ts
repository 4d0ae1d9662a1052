/** A secret text that the stand-in made or holds. */
export interface IssuedSecret {
  readonly text: string;
  /** Where it comes from, such as "entra" or "identity-header". */
  readonly source: string;
  readonly name: string;
}

/** Every secret text ever issued. Exists so that tests can search for leaks of the very values. */
export class IssuedSecrets {
  private readonly all: IssuedSecret[] = [];

  record(source: string, name: string, text: string): void {
    this.all.push({ source, name, text });
  }

  list(): readonly IssuedSecret[] {
    return this.all;
  }
}
