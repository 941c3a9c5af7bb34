/** Nuxt UI at the desk: buttons as high as the native controls beside them. */
export default defineAppConfig({
  ui: { button: { defaultVariants: { size: 'lg' } } },
})
