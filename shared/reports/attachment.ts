/** Limits of evidence (RULES G3). The database holds count and total as well. */
export const attachmentLimits = { count: 10, bytes: 30 * 1024 * 1024, totalBytes: 100 * 1024 * 1024, pixels: 50_000_000 } as const

/** Types that are kept, by what the bytes say. Images get a viewing copy; the others are for download only. */
export const imageTypes = ['image/jpeg', 'image/png', 'image/webp'] as const
export const otherTypes = [
  'audio/mpeg', 'audio/mp4', 'audio/x-m4a', 'audio/aac', 'audio/ogg', 'audio/wav', 'audio/amr', 'audio/webm',
  'video/mp4', 'video/quicktime', 'video/webm', 'video/3gpp', 'application/pdf',
] as const

/** The `accept` of the file field. */
export const acceptedTypes = [...imageTypes, 'audio/*', 'video/*', 'application/pdf'].join(',')

/** True for the pictures we make a viewing copy of. */
export const isImageType = (type: string): boolean => imageTypes.some(known => known === type)
/** True for every type that is kept at all. */
export const isKeptType = (type: string): boolean => isImageType(type) || otherTypes.some(known => known === type)

const extensions: Record<typeof imageTypes[number] | typeof otherTypes[number], string> = {
  'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp',
  'audio/mpeg': 'mp3', 'audio/mp4': 'm4a', 'audio/x-m4a': 'm4a', 'audio/aac': 'aac', 'audio/ogg': 'ogg', 'audio/wav': 'wav', 'audio/amr': 'amr', 'audio/webm': 'weba',
  'video/mp4': 'mp4', 'video/quicktime': 'mov', 'video/webm': 'webm', 'video/3gpp': '3gp', 'application/pdf': 'pdf',
}

/** The ending of a downloaded file: by its type, since names are dropped. */
export const fileExtension = (type: string): string => new Map(Object.entries(extensions)).get(type) ?? 'bin'

export interface AttachmentFacts {
  id: string
  mediaType: string
  sizeBytes: number
  sha256: string
}
