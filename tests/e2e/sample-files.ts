import { Buffer } from 'node:buffer'
import sharp from 'sharp'

/** Files as a resident's phone would give them. */
export const aPhoto = async (name = 'IMG_0001.jpg', background = '#C2410C') => ({
  name, mimeType: 'image/jpeg',
  buffer: await sharp({ create: { width: 800, height: 600, channels: 3, background } }).withExif({ IFD0: { Make: 'Secret Phone' } }).jpeg().toBuffer(),
})
export const aPdf = (name = 'paper.pdf', bytes = 2_000) => ({
  name, mimeType: 'application/pdf', buffer: Buffer.concat([Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n'), Buffer.alloc(bytes, Math.random().toString(36)), Buffer.from('\n%%EOF\n')]),
})
export const aText = (name = 'note.jpg') => ({ name, mimeType: 'image/jpeg', buffer: Buffer.from('just words') })
