import scripts from '#build/enhance'

/** Loads one of the small scripts in components/enhance on this page. The page works without it. */
export function useEnhancement(name: keyof typeof scripts) {
  useHead({ script: [{ ...scripts[name], type: 'module' }] })
}
