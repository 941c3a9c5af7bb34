/**
 * Is the script there? What is typed into a field that `v-model` drives is lost when the page comes alive, and a click on a button
 * does nothing before: such controls are `disabled` until then.
 */
export function useHydrated() {
  const isHydrated = ref(import.meta.client && !useNuxtApp().isHydrating)
  onMounted(() => {
    isHydrated.value = true
  })
  return isHydrated
}
