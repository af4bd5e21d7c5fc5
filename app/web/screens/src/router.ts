import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router'
import type { Rol } from './api/gql/graphql'
import { readConfig } from './login/session'

/** The name of the screen that opens first for an employee with these roles. */
export function firstScreen(rollen: readonly Rol[]): string {
  if (rollen.includes('KCC')) return 'desk'
  return rollen.includes('BEHANDELAAR') ? 'inbox' : 'wall'
}

/** The screens that an employee with these roles may open. */
export function screensOf(rollen: readonly Rol[]): { name: string; label: string }[] {
  const handlesTaken = rollen.some((rol) => rol === 'KCC' || rol === 'BEHANDELAAR')
  return [
    ...(handlesTaken ? [{ name: 'desk', label: 'Klantcontactcentrum' }] : []),
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

/** Creates the router for an employee with these roles. It calls `onUnloadable` with the path of a screen whose
 * files cannot be loaded, because there is no connection or because the server has newer files. */
export function newRouter(rollen: readonly Rol[], onUnloadable: (path: string) => void): Router {
  const router = createRouter({
    history: createWebHistory('/'),
    routes: [...routes, { path: '/:rest(.*)*', redirect: { name: firstScreen(rollen) } }],
  })
  router.beforeEach((to) => screensOf(rollen).some(({ name }) => name === to.name) || { name: firstScreen(rollen) })
  router.onError((_, to, from) => {
    if (from.matched.length) void reload(to.fullPath, onUnloadable)
    else onUnloadable(to.fullPath)
  })
  router.afterEach((to) => void (document.title = `${to.meta['title'] as string} – Overdracht`))
  return router
}

/** Loads the whole page again at this path, because the files of a screen get other names in a newer version. Where
 * the server cannot be reached the current page stays, as nothing else can be shown. */
const reload = (to: string, onUnloadable: (path: string) => void): Promise<void> =>
  readConfig().then(
    () => window.location.assign(to),
    () => onUnloadable(to),
  )
