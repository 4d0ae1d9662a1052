export const ASKS: ReadonlySet<string> = new Set(['vm delete']);
export const TAGGED: ReadonlySet<string> = new Set(['vm']);
export const CHILDREN: ReadonlySet<string> = new Set(['network vnet subnet']);
export const NOT_RESOURCES: ReadonlySet<string> = new Set(['deployment group']);
