/** What a container is given: its environment, SIGTERM (`terminate`) and SIGKILL (`kill`). */
export interface ContainerContext {
  readonly env: Readonly<Record<string, string>>;
  readonly terminate: AbortSignal;
  readonly kill: AbortSignal;
  /** What the container may use of the machine's memory; undefined when the job does not say. */
  readonly memoryMiB?: number;
}

/** The program in a container: runs until it ends by itself or is killed, and returns its exit code. */
export type ContainerProgram = (context: ContainerContext) => Promise<number>;

export type ExecutionStatus = 'Running' | 'Succeeded' | 'Failed' | 'Stopped';

/** Exit code of a process that SIGKILL ended. */
const KILLED = 137;

interface ExecutionOptions {
  readonly id: string;
  readonly name: string;
  readonly template: unknown;
  readonly now: () => number;
  /** Between SIGTERM and SIGKILL: 30 s in Azure (microsoft/azure-container-apps #1669). */
  readonly killGraceMs: number;
  readonly replicaTimeoutMs: number;
}

/** One execution of a job with one replica: starts the container, ends it at the replica's timeout or when stopped. */
export class Execution {
  readonly id: string;
  readonly name: string;
  status: ExecutionStatus = 'Running';
  private readonly options: ExecutionOptions;
  private readonly startedAt: number;
  private readonly terminate = new AbortController();
  private readonly kill = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  /** Why the container is being ended from outside. */
  private ending: { status: ExecutionStatus; reason: string; message: string } | undefined;
  private endedAt: number | undefined;
  private reason: string | undefined;
  private message: string | undefined;
  private exitCode: number | undefined;

  constructor(options: ExecutionOptions) {
    this.options = options;
    this.id = options.id;
    this.name = options.name;
    this.startedAt = options.now();
  }

  /** Runs the program; resolves when the execution has ended, however it did. */
  async run(
    program: ContainerProgram,
    env: Readonly<Record<string, string>>,
    memoryMiB?: number,
  ): Promise<void> {
    const killed = new Promise<number>((resolve) => {
      this.kill.signal.addEventListener('abort', () => resolve(KILLED), { once: true });
    });
    this.after(this.options.replicaTimeoutMs, () =>
      this.end({
        status: 'Failed',
        reason: 'DeadlineExceeded',
        message: 'Job was active longer than specified deadline',
      }),
    );
    try {
      const signals = { terminate: this.terminate.signal, kill: this.kill.signal };
      const context = { env, ...signals, ...(memoryMiB === undefined ? {} : { memoryMiB }) };
      this.finish(await Promise.race([program(context), killed]));
    } catch (error) {
      this.fail('ContainerError', error instanceof Error ? error.message : String(error));
    }
  }

  /** Ends the execution because somebody asked for it; nothing happens when it has ended. */
  stop(): void {
    this.end({ status: 'Stopped', reason: 'Stopped', message: 'The execution was stopped.' });
  }

  /** Ends the execution at once, without a word: what happens when its machine goes away. */
  destroy(): void {
    this.ending ??= { status: 'Stopped', reason: 'Stopped', message: 'The job was deleted.' };
    this.kill.abort();
    this.clearTimers();
  }

  /** The execution never got as far as its program. */
  fail(reason: string, message: string): void {
    if (this.endedAt !== undefined) return;
    this.settle('Failed', reason, message);
  }

  get ended(): boolean {
    return this.endedAt !== undefined;
  }

  /** Whether somebody asked for the end before the program started. */
  get stopping(): boolean {
    return this.ending !== undefined;
  }

  /** The execution on the wire. */
  view(): Record<string, unknown> {
    const containers =
      this.exitCode === undefined ? [] : [{ name: 'agent', code: this.exitCode, status: 'Terminated' }];
    return {
      id: this.id,
      name: this.name,
      type: 'Microsoft.App/jobs/executions',
      properties: {
        status: this.status,
        startTime: new Date(this.startedAt).toISOString(),
        ...(this.endedAt === undefined ? {} : { endTime: new Date(this.endedAt).toISOString() }),
        template: this.options.template,
        detailedStatus: { replicas: [{ name: `${this.name}-0`, containers }] },
        ...(this.reason === undefined ? {} : { reason: this.reason }),
        ...(this.message === undefined ? {} : { message: this.message }),
      },
    };
  }

  private end(why: { status: ExecutionStatus; reason: string; message: string }): void {
    if (this.ended || this.ending) return;
    this.ending = why;
    this.terminate.abort();
    this.after(this.options.killGraceMs, () => this.kill.abort());
  }

  private finish(code: number): void {
    this.exitCode = code;
    if (this.ending) this.settle(this.ending.status, this.ending.reason, this.ending.message);
    else if (code === 0) this.settle('Succeeded', 'Completed', 'The execution succeeded.');
    else
      this.settle(
        'Failed',
        'BackoffLimitExceeded',
        `Job has reached the specified backoff limit; exit code ${code}.`,
      );
  }

  private settle(status: ExecutionStatus, reason: string, message: string): void {
    this.status = status;
    this.reason = reason;
    this.message = message;
    this.endedAt = this.options.now();
    this.clearTimers();
  }

  private after(ms: number, action: () => void): void {
    this.timers.push(setTimeout(action, ms).unref());
  }

  private clearTimers(): void {
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
  }
}
