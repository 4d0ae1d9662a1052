import { durationSeconds } from '../domain/duration.ts';
import { type Fault, PHASE_HEADINGS, type ScenarioPhases, type ScenarioStep } from './document.ts';

export type StepsResult =
  | { readonly ok: true; readonly title: string; readonly titleLine: number; readonly phases: ScenarioPhases }
  | { readonly ok: false; readonly fault: Fault };

interface OpenStep {
  readonly title: string;
  readonly headingLine: number;
  everySeconds?: number;
  script?: string;
  scriptLine?: number;
  /** A cadence counts only directly under the heading. */
  sawText: boolean;
}

/** Thrown and caught in this file only: the reader is a page of nested places in which a document can be wrong. */
class DocumentFault extends Error {
  readonly fault: Fault;
  constructor(line: number, reason: string) {
    super(reason);
    this.fault = { line, reason };
  }
}

/** Reads the title, the story and the three phases from the lines of a document, from index `bodyStart` on. */
export function readSteps(lines: readonly string[], bodyStart: number): StepsResult {
  try {
    return new Reader(lines).read(bodyStart);
  } catch (error) {
    if (error instanceof DocumentFault) return { ok: false, fault: error.fault };
    throw error;
  }
}

class Reader {
  private readonly lines: readonly string[];
  private title = '';
  private titleLine = 0;
  private hasStory = false;
  /** Phases begun so far; the last is open. */
  private readonly begun: { line: number; steps: ScenarioStep[] }[] = [];
  private step: OpenStep | undefined;

  constructor(lines: readonly string[]) {
    this.lines = lines;
  }

  read(bodyStart: number): StepsResult {
    for (let index = bodyStart; index < this.lines.length; index += 1) {
      const line = this.lines[index] ?? '';
      if (line.startsWith('```') || line.startsWith('~~~')) index = this.codeBlock(index);
      else if (line.startsWith('### ')) this.beginStep(line.slice(4).trim(), index + 1);
      else if (line.startsWith('## ')) this.beginPhase(line.slice(3).trim(), index + 1);
      else if (line.startsWith('# ')) this.beginDocument(line.slice(2).trim(), index + 1);
      else if (line.trim() !== '') this.text(line.trim(), index + 1);
    }
    const lastLine = this.lines.length;
    this.endPhase();
    const missing = PHASE_HEADINGS[this.begun.length];
    if (!this.title) throw new DocumentFault(lastLine, 'the document has no title: add a line "# <title>"');
    if (missing) throw new DocumentFault(lastLine, `the section "## ${missing.heading}" is missing`);
    const [deploy = [], operate = [], cleanUp = []] = this.begun.map((phase) => phase.steps);
    return { ok: true, title: this.title, titleLine: this.titleLine, phases: { deploy, operate, cleanUp } };
  }

  private beginDocument(title: string, line: number): void {
    if (this.title) throw new DocumentFault(line, 'a second "# <title>": a document is one scenario');
    this.title = title;
    this.titleLine = line;
  }

  private beginPhase(heading: string, line: number): void {
    if (!this.title) throw new DocumentFault(line, 'the line "# <title>" must come before the phases');
    if (!this.hasStory)
      throw new DocumentFault(line, 'tell the story in a paragraph between title and phase 1');
    this.endPhase();
    const expected = PHASE_HEADINGS[this.begun.length]?.heading;
    if (heading !== expected) {
      const wanted = expected ? `expected "## ${expected}"` : 'nothing may follow phase 3';
      throw new DocumentFault(line, `unexpected section "## ${heading}": ${wanted}`);
    }
    this.begun.push({ line, steps: [] });
  }

  private endPhase(): void {
    this.endStep();
    const open = this.begun.at(-1);
    if (open && open.steps.length === 0) {
      throw new DocumentFault(open.line, 'the phase has no steps: add a "### <step>" with a bash block');
    }
  }

  private beginStep(title: string, line: number): void {
    const open = this.begun.at(-1);
    if (!open) throw new DocumentFault(line, `the step "${title}" stands before phase 1`);
    this.endStep();
    if (open.steps.some((step) => step.title === title)) {
      throw new DocumentFault(
        line,
        `the phase has a second step "${title}": titles are unique within a phase`,
      );
    }
    this.step = { title, headingLine: line, sawText: false };
  }

  private endStep(): void {
    const step = this.step;
    if (!step) return;
    if (step.script === undefined || step.scriptLine === undefined) {
      throw new DocumentFault(step.headingLine, `the step "${step.title}" has no \`\`\`bash block`);
    }
    this.begun.at(-1)?.steps.push({
      title: step.title,
      script: step.script,
      line: step.scriptLine,
      ...(step.everySeconds !== undefined && { everySeconds: step.everySeconds }),
    });
    this.step = undefined;
  }

  private text(text: string, line: number): void {
    const cadence = /^every:\s*(.*)$/.exec(text);
    if (cadence) this.cadence(cadence[1] ?? '', line);
    if (this.title && this.begun.length === 0) this.hasStory = true;
    if (this.step) this.step.sawText = true;
  }

  private cadence(duration: string, line: number): void {
    if (!this.step || this.begun.length !== 2) {
      throw new DocumentFault(line, '"every:" belongs under a step of phase 2: only operations are repeated');
    }
    if (this.step.sawText) {
      throw new DocumentFault(line, '"every:" must be the first line under the heading of its step');
    }
    const seconds = durationSeconds(duration);
    if (!seconds) {
      throw new DocumentFault(line, `every: expected an ISO 8601 duration such as PT30M, got "${duration}"`);
    }
    this.step.everySeconds = seconds;
  }

  /** Reads a fenced block and returns the index of its last line. */
  private codeBlock(start: number): number {
    const opening = start + 1;
    const fence = (this.lines[start] ?? '').slice(0, 3);
    const language = (this.lines[start] ?? '').replace(/^[`~]+/, '').trim();
    let end = start + 1;
    while (end < this.lines.length && !(this.lines[end] ?? '').startsWith(fence)) end += 1;
    // A fence with a language cannot close a block, so the one before it was never closed.
    if (end >= this.lines.length || (this.lines[end] ?? '').replace(/^[`~]+/, '').trim() !== '') {
      throw new DocumentFault(opening, `the code block is not closed: add a line ${fence} after it`);
    }
    if (language !== 'bash') {
      throw new DocumentFault(opening, `expected a \`\`\`bash block, got "${language || 'no language'}"`);
    }
    if (!this.step)
      throw new DocumentFault(opening, 'the code block belongs to no step: add "### <step>" before it');
    if (this.step.script !== undefined) {
      throw new DocumentFault(
        opening,
        `the step "${this.step.title}" has a second code block: one step, one block`,
      );
    }
    const script = this.lines.slice(start + 1, end);
    if (script.every((line) => line.trim() === '' || line.trim().startsWith('#'))) {
      throw new DocumentFault(opening, `the code block of the step "${this.step.title}" is empty`);
    }
    this.step.script = `${script.join('\n')}\n`;
    this.step.scriptLine = opening + 1;
    this.step.sawText = true;
    return end;
  }
}
