import { ref, watchEffect, type Ref } from 'vue'

const KEY = 'overdracht.weergave'

/** The theme: light, dark, or as the computer has it. */
export type Weergave = 'systeem' | 'licht' | 'donker'

/** The chosen theme, stored in this browser and applied to the page as a class of the NL Design System. */
export function useTheme(): Ref<Weergave> {
  const chosen = ref((localStorage.getItem(KEY) as Weergave | null) ?? 'systeem')
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  const isDark = ref(system.matches)
  system.addEventListener('change', ({ matches }) => (isDark.value = matches))
  watchEffect(() => {
    const dark = chosen.value === 'donker' || (chosen.value === 'systeem' && isDark.value)
    document.documentElement.classList.toggle('utrecht-theme--dark', dark)
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light'
    localStorage.setItem(KEY, chosen.value)
  })
  return chosen
}
