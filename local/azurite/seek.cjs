/**
 * Azurite evaluates a query's filter on every row of a table and sorts what matches before it takes a page: an answer takes
 * the longer the more there is in the table. Azure Tables keeps rows in the order of their keys and begins at the first
 * (learn.microsoft.com/azure/storage/tables/table-storage-design-for-query). Preloaded into Azurite, this gives queries
 * within one partition Azure's behaviour, and the same answers: from the index that Azurite has on the row keys it reads
 * from the first key that can match to the end of the page. For benches that ask how answers grow with what is recorded.
 */
const Store = require('azurite/dist/src/table/persistence/LokiTableMetadataStore.js').default;
const generator = require('azurite/dist/src/table/persistence/LokiTableStoreQueryGenerator.js').default;

const PARTITION = /^PartitionKey eq '((?:[^']|'')*)'/;
const BOUND = /^ and RowKey (gt|ge|lt|le) '((?:[^']|'')*)'/;

const whole = Store.prototype.queryTableEntities;

Store.prototype.queryTableEntities = async function (context, account, table, options, ...continuation) {
  const range = rangeOf(options.filter);
  const [, nextRowKey] = continuation.map((header) => this.decodeContinuationHeader(header));
  const rows =
    range &&
    seek(this.getEntityCollection(account, table, context), range, nextRowKey, {
      matches: generator.generateQueryForPersistenceLayer(options, context),
      most: this.getMaxResultsOption(options) + 1,
    });
  if (!rows) return whole.call(this, context, account, table, options, ...continuation);
  const next = this.adjustQueryResultforTop(rows, this.getMaxResultsOption(options));
  return [rows, next.nextPartitionKeyResponse, next.nextRowKeyResponse];
};

/** The partition and the bounds that a filter begins with; undefined when it does not begin with a partition. */
function rangeOf(filter = '') {
  const partition = PARTITION.exec(filter);
  if (!partition) return undefined;
  const range = { from: '', to: undefined };
  let rest = filter.slice(partition[0].length);
  for (let bound = BOUND.exec(rest); bound; bound = BOUND.exec(rest)) {
    const key = bound[2].replaceAll("''", "'");
    if (bound[1].startsWith('g')) range.from = key > range.from ? key : range.from;
    else range.to = range.to === undefined || key < range.to ? key : range.to;
    rest = rest.slice(bound[0].length);
  }
  return range;
}

/** The rows of a page in the order of their keys; undefined when the index is not in that order. */
function seek(collection, { from, to }, nextRowKey, { matches, most }) {
  collection.ensureIndex('RowKey');
  const { values } = collection.binaryIndices.RowKey;
  const keyAt = (index) => collection.data[values[index]].RowKey;
  // The index has keys that could be numbers first, in the order of numbers.
  if (values.length > 0 && !Number.isNaN(Number(keyAt(0)))) return undefined;
  const first = nextRowKey !== undefined && nextRowKey > from ? nextRowKey : from;
  let low = 0;
  for (let high = values.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (keyAt(middle) < first) low = middle + 1;
    else high = middle;
  }
  const rows = [];
  for (let index = low; index < values.length && rows.length < most; index += 1) {
    const row = collection.data[values[index]];
    if (to !== undefined && row.RowKey > to) break;
    if (matches(row)) rows.push(row);
  }
  return rows;
}
