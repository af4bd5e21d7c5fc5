import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router'
import type { Rol } from './api/gql/graphql'
import { readConfig } from './login/session'

/** The screen that opens for somebody by himself. */
export function firstScreen(rollen: readonly Rol[]): string {
  if (rollen.includes('KCC')) return 'desk'
  return rollen.includes('BEHANDELAAR') ? 'inbox' : 'wall'
}

/** Which screens somebody may see. */
export function screensOf(rollen: readonly Rol[]): { name: string; label: string }[] {
  const works = rollen.some((rol) => rol === 'KCC' || rol === 'BEHANDELAAR')
  return [
    ...(works ? [{ name: 'desk', label: 'Klantcontactcentrum' }] : []),
    { name: 'inbox', label: 'Postvak' },
    { name: 'wall', label: 'Wandscherm' },
  ]
}

const routes: RouteRecordRaw[] = [
  {
    path: '/klantcontactcentrum',
    name: 'desk',
    component: () => import('./desk/DeskPage.vue'),
    meta: { title: 'Klantcontactcentrum' },
  },
  {
    path: '/postvak/:eenheidId?',
    name: 'inbox',
    component: () => import('./inbox/InboxPage.vue'),
    meta: { title: 'Postvak' },
  },
  {
    path: '/wand/:eenheidId?',
    name: 'wall',
    component: () => import('./wall/WallPage.vue'),
    meta: { title: 'Wandscherm' },
  },
]

/** The addresses of the screens, for somebody with these roles. `unloadable` hears of a screen whose files could not be
 * had: the line is lost, or the server has newer ones. */
export function newRouter(rollen: readonly Rol[], unloadable: (path: string) => void): Router {
  const router = createRouter({
    history: createWebHistory('/'),
    routes: [...routes, { path: '/:rest(.*)*', redirect: { name: firstScreen(rollen) } }],
  })
  router.beforeEach((to) => screensOf(rollen).some(({ name }) => name === to.name) || { name: firstScreen(rollen) })
  router.onError((_, to, from) => {
    if (from.matched.length) void reload(to.fullPath, unloadable)
    else unloadable(to.fullPath)
  })
  router.afterEach((to) => void (document.title = `${to.meta['title'] as string} – Overdracht`))
  return router
}

/** A screen that does not load has another name since a newer version was installed: the page is loaded anew there. A
 * page whose server is away stays: it is all there is. */
const reload = (to: string, unloadable: (path: string) => void): Promise<void> =>
  readConfig().then(
    () => window.location.assign(to),
    () => unloadable(to),
  )
