import type { PageFrame } from '#shared/page-frame'

/** What the frame of a residents' page shows. On the server only. */
export function usePageFrame(): PageFrame {
  const frame = useRequestEvent()?.context.frame
  if (!frame) throw new Error('the frame is known on the server only')
  return frame
}
