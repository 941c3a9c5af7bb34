const megabyte = 1024 * 1024

/** What a file is and how large, in words: "Photo · 245 KB". Names are dropped. */
export function useFileWords() {
  const { t } = useI18n()
  return ({ type, size }: { type: string, size: number }): string => {
    const sizeText = size < megabyte ? t('reports.files.size', { kilobytes: Math.ceil(size / 1024) }) : t('reports.files.sizeLarge', { megabytes: (size / megabyte).toFixed(1) })
    return `${t(`reports.files.${type.split('/')[0]}`)} · ${sizeText}`
  }
}
