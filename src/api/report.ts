import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { ApiCall } from './endpoint.ts';
import { notFound } from './errors.ts';
import { parseQuery, pathId } from './parameters.ts';
import { ReportQuery } from './schemas/runs.ts';

const TYPES = { json: 'application/json; charset=utf-8', html: 'text/html; charset=utf-8' };

/** The report is a page of its own without scripts; nothing else may be loaded into it or frame it. */
const PAGE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
};

/** GET api/v1/runs/{id}/report: as the run has written it. */
export async function report(request: HttpRequest, { services }: ApiCall): Promise<HttpResponseInit> {
  const id = pathId(request, 'RUN_NOT_FOUND', 'run');
  const { format } = parseQuery(ReportQuery, request);
  const records = await services.records();
  const run = await records.runs.get(id);
  if (!run) throw notFound('RUN_NOT_FOUND', 'run', id);
  const text = await records.documents.reportText(id, format);
  if (text === undefined) throw notFound('REPORT_NOT_FOUND', 'report yet of run', id);
  return { headers: { ...PAGE_HEADERS, 'Content-Type': TYPES[format] }, body: text };
}
