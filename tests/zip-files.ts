/** Names and bytes of a zip whose entries are stored as they are, read from its directory as any unzip program does. */
export function filesIn(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  for (let entry = 0, at = zip.readUInt32LE(end + 16); entry < zip.readUInt16LE(end + 10); entry++) {
    const [nameLength, extraLength, commentLength] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)]
    const [size, start] = [zip.readUInt32LE(at + 24), zip.readUInt32LE(at + 42)]
    const from = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28)
    files.set(zip.subarray(at + 46, at + 46 + nameLength).toString('utf8'), zip.subarray(from, from + size))
    at += 46 + nameLength + extraLength + commentLength
  }
  return files
}
