import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { CommandError } from './command.ts';

/** A file in an archive: its path with forward slashes, and what it holds. */
export interface ZipEntry {
  readonly path: string;
  readonly data: Buffer;
}

// Signatures and sizes: APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12 and 4.3.16.
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const DEFLATE = 8;
const VERSION_2_0 = 20;
const UTF8_NAMES = 0x0800;
/** 1 January 1980, the first day a zip can name: the same files make the same archive, whenever it is made. */
const NO_DATE = 0x0021;
/** A regular file that everybody may read, made on Unix. */
const MADE_ON_UNIX = (3 << 8) | VERSION_2_0;
const FILE_MODE = (0o100644 << 16) >>> 0;

/** A zip of the entries, in their order. The same entries give the same bytes. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, data } of entries) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(data, { level: 9 });
    const common = commonFields(data, packed, name);
    const local = Buffer.alloc(LOCAL_BYTES);
    local.writeUInt32LE(LOCAL, 0);
    common.copy(local, 4);
    files.push(local, name, packed);

    const central = Buffer.alloc(CENTRAL_BYTES);
    central.writeUInt32LE(CENTRAL, 0);
    central.writeUInt16LE(MADE_ON_UNIX, 4);
    common.copy(central, 6);
    central.writeUInt32LE(FILE_MODE, 38);
    central.writeUInt32LE(offset, 42);
    directory.push(central, name);
    offset += LOCAL_BYTES + name.length + packed.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, index, end]);
}

/** The fields that a file's own header and the directory share, from "version needed" to "length of extra". */
function commonFields(data: Buffer, packed: Buffer, name: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION_2_0, 0);
  fields.writeUInt16LE(UTF8_NAMES, 2);
  fields.writeUInt16LE(DEFLATE, 4);
  fields.writeUInt16LE(0, 6);
  fields.writeUInt16LE(NO_DATE, 8);
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

/** The entries of a zip that `zipOf` has made. Throws CommandError when it is no such zip, or damaged. */
export function unzip(archive: Buffer): ZipEntry[] {
  const end = archive.length - END_BYTES;
  if (end < 0 || archive.readUInt32LE(end) !== END) throw new CommandError('This is not a zip of ours.');
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new CommandError('The directory of the zip is damaged.');
    const nameBytes = archive.readUInt16LE(at + 28);
    const path = archive.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes).toString();
    const start = archive.readUInt32LE(at + 42) + LOCAL_BYTES + nameBytes;
    const data = inflateRawSync(archive.subarray(start, start + archive.readUInt32LE(at + 20)));
    if (crc32(data) !== archive.readUInt32LE(at + 16))
      throw new CommandError(`${path} is damaged in the zip.`);
    entries.push({ path, data });
    at += CENTRAL_BYTES + nameBytes;
  }
  return entries;
}
