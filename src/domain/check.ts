/** One check of validate_environment_activity. `advice` says what to do when it failed. */
export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
  readonly advice?: string;
  readonly durationMs: number;
}
